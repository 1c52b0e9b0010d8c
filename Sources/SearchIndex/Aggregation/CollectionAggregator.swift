import STACAPI

/// Items by Collection.
struct CollectionAggregator: SegmentAggregator {
    private var terms = TermTable()

    mutating func add(_ rows: MatchingRows) { terms.add(rows.count, to: rows.collection) }

    func result(matched: Int) -> AggregationResult { AggregationResult(terms, matched: matched) }
}
