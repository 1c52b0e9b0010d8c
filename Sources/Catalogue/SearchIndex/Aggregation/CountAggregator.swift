import STACAPI

/// The number of Items.
struct CountAggregator: SegmentAggregator {
    mutating func add(_ rows: MatchingRows) {}

    func result(matched: Int) -> AggregationResult { .count(matched) }
}
