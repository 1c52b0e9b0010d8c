import STACAPI

/// Items by Collection.
struct CollectionAggregator: SegmentAggregator {
    private var collections = TermTable()

    mutating func add(_ rows: MatchingRows) { collections.add(rows.count, to: rows.collection) }

    func result(matched: Int) -> AggregationResult {
        let extras = collections.sorted(Array(0..<collections.count)).map {
            (term: Array(collections.bytes($0)), count: collections.frequency($0))
        }
        var merge = TermMerge([], extras: extras, limit: Aggregation.maximumBuckets)
        return AggregationResult(terms: merge.mostFrequent(), matched: matched)
    }
}
