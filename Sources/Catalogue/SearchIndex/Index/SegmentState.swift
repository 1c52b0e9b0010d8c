/// A segment and which of its rows are still current.
struct SegmentState: Sendable {
    let segment: Segment
    /// `nil`: all rows.
    private(set) var live: Bitmap?
    private(set) var liveCount: Int
    /// Whether a checkpoint is copying the segment into a file: until then it must not be replaced.
    var isBeingWritten = false

    init(_ segment: Segment, live: Bitmap? = nil) {
        self.segment = segment
        self.live = live
        liveCount = live?.population ?? segment.rowCount
    }

    mutating func remove(row: Int) {
        guard live?[row] ?? true else { return }
        if live == nil { live = Bitmap(count: segment.rowCount, filled: true) }
        live?[row] = false
        liveCount -= 1
    }

    var liveRows: [Int] {
        guard let live else { return Array(0..<segment.rowCount) }
        var rows: [Int] = []
        live.forEach { rows.append($0) }
        return rows
    }
}
