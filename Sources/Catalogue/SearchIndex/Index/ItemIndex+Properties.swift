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
    /// - Parameter collections: The store's numbers; `nil`: all.
    /// - Complexity: O(1) for a property that the first segments have; else one step for each segment.
    public func values(ofProperty name: String, in collections: [Int64]?) -> PropertyValues {
        let name = ColumnName(name)
        var values = PropertyValues.none
        let snapshot = snapshot
        for number in collections ?? Array(snapshot.collections.keys) {
            for state in snapshot.collections[number]?.segments ?? [] where state.liveCount > 0 {
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
