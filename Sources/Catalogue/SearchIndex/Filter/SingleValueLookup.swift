import CQL2

/// Returns the same value for every name.
struct SingleValueLookup: PropertyLookup {
    let value: CQL2Value

    func value(of property: String) -> CQL2Value { value }
}
