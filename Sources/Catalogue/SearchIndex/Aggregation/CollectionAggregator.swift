import STACAPI

/// Counts Items by Collection.
struct CollectionAggregator: SegmentAggregator {
    /// Keyed by the bytes of the Collection's id: canonically equivalent strings are different ids.
    private var counts: [[UInt8]: Int] = [:]

    mutating func add(_ rows: MatchingRows) { counts[Array(rows.collection.utf8), default: 0] += rows.count }

    func result(matched: Int) -> AggregationResult {
        let sorted = counts.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        let merge = TermMerge([], extras: sorted.map { ($0.key, $0.value) }, limit: Aggregation.maximumBuckets)
        return AggregationResult(terms: merge.mostFrequent(), matched: matched)
    }
}
