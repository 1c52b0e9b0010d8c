/// Provides a filter with the properties of one item.
public protocol PropertyLookup {
    /// - Returns: `.null` for a property that the item does not have.
    func value(of property: String) -> CQL2Value
}

extension Dictionary: PropertyLookup where Key == String, Value == CQL2Value {
    public func value(of property: String) -> CQL2Value { self[property] ?? .null }
}
