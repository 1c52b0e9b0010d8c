import STACAPI

/// Counts Items by ranges of a number.
struct RangeAggregator: SegmentAggregator {
    private let property: ColumnName
    private let boundaries: [Double]
    private var counts: [Int]

    init(_ property: String, _ boundaries: [Double]) {
        self.property = ColumnName(property)
        self.boundaries = boundaries
        counts = [Int](repeating: 0, count: boundaries.count + 1)
    }

    mutating func add(_ rows: MatchingRows) {
        guard let part = rows.segment.column(named: property)?.number else { return }
        rows.forEachNumber(of: part) { value, count in
            var range = 0
            for boundary in boundaries { range += value >= boundary ? 1 : 0 }
            counts[range] += count
        }
    }

    func result(matched: Int) -> AggregationResult {
        let buckets = counts.enumerated().map { index, count in
            AggregationResult.Bucket(
                .range(
                    from: index > 0 ? boundaries[index - 1] : nil,
                    to: index < boundaries.count ? boundaries[index] : nil), count)
        }
        return .buckets(buckets, overflow: matched - counts.reduce(0, +))
    }
}
