import STACAPI
import Temporal

/// The minimum or maximum of the Items' sort times.
struct ExtremeTimeAggregator: SegmentAggregator {
    let isLatest: Bool
    private var extreme: Int64?

    init(isLatest: Bool) {
        self.isLatest = isLatest
    }

    mutating func add(_ rows: MatchingRows) {
        let segment = rows.segment
        // This segment cannot extend the known range.
        if let extreme, isLatest ? segment.lastTime <= extreme : segment.firstTime >= extreme { return }
        guard case .rows(let matching) = rows.matches else {
            note(isLatest ? segment.lastTime : segment.firstTime)
            return
        }
        // With many matches, the first one comes early in time order; with few, iterating over the matches is cheap.
        if rows.count * 64 > segment.rowCount {
            let last = segment.rowCount - 1
            for place in 0...last {
                let row = Int(segment.timeOrder[isLatest ? last - place : place])
                if matching[row] { return note(segment.times[row]) }
            }
        } else {
            matching.forEach { note(segment.times[$0]) }
        }
    }

    private mutating func note(_ time: Int64) {
        guard let known = extreme else {
            extreme = time
            return
        }
        extreme = isLatest ? max(known, time) : min(known, time)
    }

    func result(matched: Int) -> AggregationResult { .time(extreme.map { Timestamp(microseconds: $0) }) }
}
