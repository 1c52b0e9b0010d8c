extension ItemIndex {
    /// What values a property has, of all Items together.
    public enum PropertyValues: Sendable, Hashable {
        /// No Item has the property, or `null` in each.
        case none
        /// Arrays and objects only.
        case structured
        /// Numbers, strings, timestamps or booleans among them.
        case scalar
    }

    /// What values a property has; recently replaced Items may still count.
    ///
    /// - Parameter collections: Their ids; `nil`: all.
    /// - Complexity: O(1) for a property that the first segments have; else one step for each segment.
    public func values(ofProperty name: String, in collections: [String]?) -> PropertyValues {
        let name = ColumnName(name)
        var values = PropertyValues.none
        let ids = collections.map { Set($0.map(ColumnName.init)) }
        for collection in snapshot.collections.values where ids?.contains(ColumnName(collection.id)) ?? true {
            for state in collection.segments where state.liveCount > 0 {
                guard let column = state.segment.columns[name] else { continue }
                if column.complex == nil || column.number != nil || column.string != nil || column.timestamp != nil
                    || column.bool != nil
                {
                    return .scalar
                }
                values = .structured
            }
        }
        return values
    }
}
