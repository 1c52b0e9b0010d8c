import STACAPI

/// Counts Items by equally wide intervals of a number.
struct HistogramAggregator: SegmentAggregator {
    private let aggregation: Aggregation
    private let property: ColumnName
    private let intervals: NumberIntervals
    /// By interval number.
    private var counts: [Double: Int] = [:]
    private var total = 0

    init(_ aggregation: Aggregation, _ property: String, _ interval: Double) {
        self.aggregation = aggregation
        self.property = ColumnName(property)
        intervals = NumberIntervals(width: interval)
    }

    /// Up to this many intervals of a segment are counted in an array.
    private static let denseCount = 65_536.0

    /// Beyond this number, a double cannot reliably tell an interval's start from its end.
    private static let numberedCount = 1e15

    mutating func add(_ rows: MatchingRows) {
        guard let part = rows.segment.column(named: property)?.number else { return }
        let first = intervals.number(of: part.minimum)
        let width = intervals.number(of: part.maximum) - first + 1
        guard width <= Self.denseCount else {
            rows.forEachNumber(of: part) { value, count in
                counts[intervals.number(of: value), default: 0] += count
                total += count
            }
            return
        }
        var dense = [Int](repeating: 0, count: Int(width))
        rows.forEachNumber(of: part) { value, count in dense[Int(intervals.number(of: value) - first)] += count }
        for (index, count) in dense.enumerated() where count > 0 {
            counts[first + Double(index), default: 0] += count
            total += count
        }
    }

    func result(matched: Int) throws(AggregationError) -> AggregationResult {
        guard let first = counts.keys.min(), let last = counts.keys.max() else {
            return .buckets([], overflow: matched)
        }
        guard last - first < Double(Aggregation.maximumBuckets), max(-first, last) < Self.numberedCount else {
            throw .tooManyBuckets(aggregation)
        }
        let buckets = (0...Int(last - first)).map { index in
            // Adding 0 turns -0 into 0.
            let number = first + Double(index) + 0
            return AggregationResult.Bucket(
                .range(from: intervals.bound(number), to: intervals.bound(number + 1)), counts[number] ?? 0)
        }
        return .buckets(buckets, overflow: matched - total)
    }
}
