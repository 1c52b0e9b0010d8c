public import STACAPI

extension ItemIndex {
    /// What values properties have; recently replaced Items may still count.
    ///
    /// - Parameter collections: Their ids; `nil`: all.
    /// - Returns: In the order of the names.
    /// - Complexity: O(1) for each property that the first segments have; else one step for each segment.
    public func values(ofProperties names: [String], in collections: [String]?) -> [PropertyValues] {
        var values = [PropertyValues](repeating: .absent, count: names.count)
        var undecided = names.enumerated().map { (position: $0, name: ColumnName($1)) }
        let ids = collections.map { Set($0.map(ColumnName.init)) }
        for collection in snapshot.collections.values where ids?.contains(ColumnName(collection.id)) ?? true {
            for state in collection.segments where state.liveCount > 0 && !undecided.isEmpty {
                undecided.removeAll { position, name in
                    guard let column = state.segment.columns[name] else { return false }
                    values[position] = column.hasScalars ? .scalar : .structured
                    return column.hasScalars
                }
            }
        }
        return values
    }
}

extension SegmentColumn {
    fileprivate var hasScalars: Bool {
        complex == nil || number != nil || string != nil || timestamp != nil || bool != nil
    }
}
