/// Makes new segments from the current rows of others, one span of time after the other, so that only the rows of one
/// new segment are in memory at a time.
struct SegmentMerge {
    private let inputs: [SegmentState]
    private let segmentRows: Int

    init(_ inputs: [SegmentState], segmentRows: Int) {
        self.inputs = inputs
        self.segmentRows = segmentRows
    }

    /// The number of files, of about equal size, for some rows.
    static func fileCount(of rowCount: Int, segmentRows: Int) -> Int {
        let most = segmentRows + segmentRows / 4
        return (rowCount + most - 1) / most
    }

    func run(_ write: (Segment) throws -> Segment) throws -> [Segment] {
        var rows: [(time: Int64, input: Int32, row: Int32)] = []
        for (index, state) in inputs.enumerated() {
            for row in state.liveRows { rows.append((state.segment.times[row], Int32(index), Int32(row))) }
        }
        rows.sort { $0.time < $1.time }
        let count = Self.fileCount(of: rows.count, segmentRows: segmentRows)
        var outputs: [Segment] = []
        for piece in 0..<count {
            var batch = ColumnBatch()
            let span = rows[rows.count * piece / count..<rows.count * (piece + 1) / count]
            for (index, state) in inputs.enumerated() {
                let selected = span.lazy.filter { Int($0.input) == index }.map { Int($0.row) }
                if let first = selected.first { batch.append([first] + selected.dropFirst(), of: state.segment) }
            }
            outputs.append(try write(Segment(batch, rows: Array(0..<batch.count))))
        }
        return outputs
    }
}
