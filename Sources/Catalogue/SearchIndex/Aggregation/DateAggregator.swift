import STACAPI
import Temporal

/// Counts Items by calendar interval.
struct DateAggregator: SegmentAggregator {
    private let aggregation: Aggregation
    private let property: String
    private let interval: CalendarInterval
    /// By interval number.
    private var counts: [Int: Int] = [:]
    private var total = 0

    init(_ aggregation: Aggregation, _ property: String, _ interval: CalendarInterval) {
        self.aggregation = aggregation
        self.property = property
        self.interval = interval
    }

    mutating func add(_ rows: MatchingRows) {
        let segment = rows.segment
        if property == "datetime" {
            let (times, range) = (segment.times, segment.firstTime...segment.lastTime)
            if case .all = rows.matches, let starts = starts(range), starts.count * 32 < segment.rowCount {
                return addInTimeOrder(segment, starts)
            }
            add(range) { count in rows.forEach { count(times[$0]) } }
        } else if let part = segment.column(named: ColumnName(property))?.timestamp {
            add(part.minimum...part.maximum) { count in rows.forEach(with: part.presence) { count(part[$0]) } }
        }
    }

    /// Up to this many intervals of a segment are distinguished by comparison with their starts.
    private static let comparedCount = 65_536

    /// The starts of the intervals that cover a range of instants.
    ///
    /// - Returns: `nil` when there are too many.
    private func starts(_ range: ClosedRange<Int64>) -> [Int64]? {
        let (first, last) = (interval.number(of: range.lowerBound), interval.number(of: range.upperBound))
        return last - first < Self.comparedCount ? (first...last).map { interval.start(of: $0) } : nil
    }

    private mutating func add(_ range: ClosedRange<Int64>, _ forEach: ((Int64) -> Void) -> Void) {
        guard let starts = starts(range) else {
            forEach { instant in
                counts[interval.number(of: instant), default: 0] += 1
                total += 1
            }
            return
        }
        var dense = [Int](repeating: 0, count: starts.count)
        starts.withUnsafeBufferPointer { starts in
            dense.withUnsafeMutableBufferPointer { dense in
                forEach { instant in
                    // The last start that is not later than the instant; never the first one.
                    var low = 0
                    var count = starts.count
                    while count > 1 {
                        let half = count / 2
                        low = starts[low + half] <= instant ? low + half : low
                        count -= half
                    }
                    dense[low] += 1
                }
            }
        }
        note(dense, from: range.lowerBound)
    }

    /// Counts all rows from the interval boundaries in time order.
    private mutating func addInTimeOrder(_ segment: Segment, _ starts: [Int64]) {
        let ranks = [0] + starts.dropFirst().map { segment.timeRank(time: $0, id: "") } + [segment.rowCount]
        note(starts.indices.map { ranks[$0 + 1] - ranks[$0] }, from: segment.firstTime)
    }

    private mutating func note(_ dense: [Int], from instant: Int64) {
        let first = interval.number(of: instant)
        for (index, count) in dense.enumerated() where count > 0 {
            counts[first + index, default: 0] += count
            total += count
        }
    }

    func result(matched: Int) throws(AggregationError) -> AggregationResult {
        guard let first = counts.keys.min(), let last = counts.keys.max() else {
            return .buckets([], overflow: matched)
        }
        guard last - first < Aggregation.maximumBuckets else { throw .tooManyBuckets(aggregation) }
        let buckets = (first...last).map {
            AggregationResult.Bucket(.time(Timestamp(microseconds: interval.start(of: $0))), counts[$0] ?? 0)
        }
        return .buckets(buckets, overflow: matched - total)
    }
}
