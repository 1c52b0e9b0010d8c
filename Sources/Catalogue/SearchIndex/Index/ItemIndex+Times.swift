/// A collection's Items by their sort time: `datetime`, or `start_datetime` where that is null.
extension ItemIndex {
    /// From the first to the last time, in microseconds; recently replaced Items may still count.
    ///
    /// - Throws: `IndexDamage`.
    public func times(collection: Int64) throws -> ClosedRange<Int64>? {
        let segments = try snapshot.sound(collection) { $0.filter { $0.liveCount > 0 }.map(\.segment) }
        guard let first = segments.map(\.firstTime).min(), let last = segments.map(\.lastTime).max() else { return nil }
        return first...last
    }

    /// The number of Items from each bound (inclusive) to the next (exclusive).
    ///
    /// - Parameter bounds: Microseconds, ascending.
    /// - Returns: One number fewer than there are bounds.
    /// - Throws: `IndexDamage`.
    public func itemCounts(collection: Int64, between bounds: [Int64]) throws -> [Int] {
        try snapshot.sound(collection) { itemCounts(of: $0, between: bounds) }
    }

    private func itemCounts(of segments: [SegmentState], between bounds: [Int64]) -> [Int] {
        var counts = [Int](repeating: 0, count: max(0, bounds.count - 1))
        for state in segments {
            let segment = state.segment
            for index in counts.indices where segment.lastTime >= bounds[index] && segment.firstTime < bounds[index + 1]
            {
                let ranks =
                    segment.timeRank(time: bounds[index], id: "")..<segment.timeRank(time: bounds[index + 1], id: "")
                if let live = state.live {
                    let timeOrder = segment.timeOrder
                    counts[index] += ranks.count { live[Int(timeOrder[$0])] }
                } else {
                    counts[index] += ranks.count
                }
            }
        }
        return counts
    }

    /// The first Items by (time, id) from a position on.
    ///
    /// - Parameters:
    ///   - first: The start position, inclusive.
    ///   - end: Microseconds, exclusive.
    /// - Throws: `IndexDamage`.
    public func items(
        collection: Int64, from first: (time: Int64, id: String), before end: Int64, limit: Int
    ) throws -> [(time: Int64, id: String)] {
        try snapshot.sound(collection) { items(of: $0, from: first, before: end, limit: limit) }
    }

    private func items(
        of segments: [SegmentState], from first: (time: Int64, id: String), before end: Int64, limit: Int
    ) -> [(time: Int64, id: String)] {
        var items: [(time: Int64, id: String)] = []
        for state in segments {
            let segment = state.segment
            var rank = segment.timeRank(time: first.time, id: first.id)
            var found = 0
            while rank < segment.rowCount, found < limit {
                let row = Int(segment.timeOrder[rank])
                guard segment.times[row] < end else { break }
                rank += 1
                guard state.live?[row] ?? true else { continue }
                items.append((segment.times[row], segment.id(row)))
                found += 1
            }
        }
        items.sort {
            $0.time != $1.time ? $0.time < $1.time : $0.id.utf8.lexicographicallyPrecedes($1.id.utf8)
        }
        return Array(items.prefix(limit))
    }
}
