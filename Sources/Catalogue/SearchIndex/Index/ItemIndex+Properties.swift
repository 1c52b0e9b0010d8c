public import STACAPI

extension ItemIndex {
    /// What values properties have; recently replaced Items may still count.
    ///
    /// - Parameters:
    ///   - collections: Their ids; `nil`: all.
    ///   - visible: Others do not exist for the caller.
    /// - Returns: In the order of the names.
    /// - Complexity: O(1) for each property that the first segments have; else one step for each segment.
    public func values(
        ofProperties names: [String], in collections: [String]?, among visible: CollectionSet = .all
    ) -> [PropertyValues] {
        var values = [PropertyValues](repeating: .absent, count: names.count)
        var undecided = names.enumerated().map { (position: $0, name: ColumnName($1)) }
        for collection in snapshot.collections.selected(collections, among: visible) {
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
