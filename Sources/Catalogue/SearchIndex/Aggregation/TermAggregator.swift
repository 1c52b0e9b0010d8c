import STACAPI

/// Counts Items by a string or Boolean property.
struct TermAggregator: SegmentAggregator {
    private let property: ColumnName
    private var columns: [TermSource.Uncounted] = []
    private var falseCount = 0
    private var trueCount = 0

    init(_ property: String) {
        self.property = ColumnName(property)
    }

    mutating func add(_ rows: MatchingRows) {
        guard let column = rows.segment.column(named: property) else { return }
        if let part = column.string { columns.append(.init(part: part, rows: rows)) }
        if let part = column.bool {
            var counts = (0, 0)
            rows.forEach(with: part.presence) { if part[$0] { counts.1 += 1 } else { counts.0 += 1 } }
            falseCount += counts.0
            trueCount += counts.1
        }
    }

    func result(matched: Int) -> AggregationResult {
        let bools = [("false", falseCount), ("true", trueCount)].map { (term: Array($0.0.utf8), count: $0.1) }
        let merge = TermMerge(
            TermSource.counting(columns), extras: bools.filter { $0.count > 0 }, limit: Aggregation.maximumBuckets)
        return AggregationResult(terms: merge.mostFrequent(), matched: matched)
    }
}

extension AggregationResult {
    init(terms: [(term: String, count: Int)], matched: Int) {
        let buckets = terms.map { Bucket(.text($0.term), $0.count) }
        self = .buckets(buckets, overflow: matched - buckets.reduce(0) { $0 + $1.frequency })
    }
}
