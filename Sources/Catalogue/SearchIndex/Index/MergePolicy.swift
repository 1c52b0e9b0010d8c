/// Selects the segments to be merged: the goal is segments of full size whose spans of time do not overlap.
struct MergePolicy {
    private let configuration: ItemIndex.Configuration

    init(_ configuration: ItemIndex.Configuration) {
        self.configuration = configuration
    }

    /// The segments of a collection that should be merged next; `nil` for none.
    ///
    /// A file with more than half of its rows dead is rewritten alone. Loose segments, which are small or overlap
    /// another one in time, are merged once there are too many of them, together with the others that they overlap. Two
    /// other adjacent ones that fit into one file are merged.
    func inputs(of collection: CollectionSegments) -> [SegmentState]? {
        let files = collection.segments.filter { $0.segment.fileName != nil }
        if let decayed = files.first(where: { $0.liveCount * 2 < $0.segment.rowCount }) { return [decayed] }

        let sorted = files.sorted { $0.segment.firstTime < $1.segment.firstTime }
        var isLoose = sorted.map { $0.liveCount < configuration.segmentRows / 4 }
        var latest = 0
        for index in sorted.indices.dropFirst() {
            if sorted[index].segment.firstTime < sorted[latest].segment.lastTime {
                // Of two that overlap, the smaller one is loose.
                isLoose[sorted[index].liveCount < sorted[latest].liveCount ? index : latest] = true
            }
            if sorted[index].segment.lastTime > sorted[latest].segment.lastTime { latest = index }
        }
        let loose = sorted.indices.filter { isLoose[$0] }
        let settled = sorted.indices.filter { !isLoose[$0] }
        guard loose.count > max(configuration.looseSegments, settled.count / 2) else {
            let most = configuration.segmentRows + configuration.segmentRows / 8
            let pair = zip(settled, settled.dropFirst()).first { sorted[$0].liveCount + sorted[$1].liveCount <= most }
            return pair.map { [sorted[$0.0], sorted[$0.1]] }
        }
        let spans = loose.map { (sorted[$0].segment.firstTime, sorted[$0].segment.lastTime) }
        let chosen = sorted.indices.filter { index in
            isLoose[index]
                || spans.contains { sorted[index].segment.firstTime < $0.1 && $0.0 < sorted[index].segment.lastTime }
        }
        return chosen.map { sorted[$0] }
    }
}
