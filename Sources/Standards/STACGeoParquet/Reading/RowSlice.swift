import JSON
import Parquet

/// Some rows of a row group, ready to be put together one after the other.
final class RowSlice {
    /// From the first to the last.
    let rows: Range<Int>
    private let ranges: [Range<Int>]
    private var range = 0
    private let plan: ReadPlan
    private let schema: FileSchema
    private let rowGroup: Int
    /// By column; unread columns are empty.
    private let leaves: UnsafeMutableBufferPointer<LeafSlice>
    /// One for each thread that has read columns.
    private let arenas: [SliceArena]
    private var output: [UInt8] = []
    private(set) var nextRow: Int

    /// - Parameters:
    ///   - ranges: Of rows, ascending, not overlapping, none empty; at least one.
    ///   - byteLimit: Largest size of the rows in memory, in bytes.
    /// - Throws: `ParquetError.tooLarge` with `.columnChunk` when they take more.
    init(
        _ file: ParquetFile, _ plan: ReadPlan, rowGroup: Int, ranges: [Range<Int>], byteLimit: Int
    ) throws(ParquetError) {
        rows = ranges[0].lowerBound..<ranges[ranges.count - 1].upperBound
        self.ranges = ranges
        self.plan = plan
        self.rowGroup = rowGroup
        schema = file.schema
        nextRow = rows.lowerBound
        let loader = SliceLoader(file, plan, rowGroup: rowGroup, ranges: ranges, byteLimit: byteLimit)
        try loader.load()
        (leaves, arenas) = loader.take()
    }

    deinit {
        leaves.deallocate()
    }

    /// Hands the text of the next Item, or why it cannot be written, to `body`, with its row in the row group.
    ///
    /// - Returns: `false` after the last one.
    /// - Throws: `ParquetError.malformed` when columns do not fit together: nothing after that is of use.
    func next(
        _ body: (Int, Result<UnsafeRawBufferPointer, ItemFileError>) -> Void
    ) throws(ParquetError) -> Bool {
        guard nextRow < rows.upperBound else { return false }
        output.removeAll(keepingCapacity: true)
        var text: [UInt8] = []
        swap(&text, &output)
        var faultyLeaf: Int?
        var isBroken = false
        plan.withNodes { nodes, texts in
            var writer = ItemTextWriter(nodes: nodes, texts: texts, leaves: leaves, output: text)
            text = []
            writer.writeItem(plan.steps)
            text = writer.output
            (faultyLeaf, isBroken) = (writer.faultyLeaf, writer.isBroken)
        }
        output = text
        let row = nextRow
        nextRow += 1
        if nextRow == ranges[range].upperBound, range + 1 < ranges.count {
            range += 1
            nextRow = ranges[range].lowerBound
        }
        let overflow = plan.overflow.flatMap { takeOverflow($0) }
        for leaf in plan.repeatedLeaves where leaves[leaf].repetitionLevel != 0 { isBroken = true }
        guard !isBroken else {
            throw .malformed(.levels, "the columns of row group \(rowGroup) differ in row \(row)")
        }
        if let faultyLeaf {
            body(
                row,
                .failure(
                    ItemFileError(
                        row: row, column: schema.leaves[faultyLeaf].path,
                        LeafTextRenderer.expectation(leaves[faultyLeaf].format))))
            return true
        }
        if let overflow {
            do throws(JSONError) {
                output = try apply(overflow)
            } catch {
                body(row, .failure(ItemFileError(row: row, column: [ItemShape.overflowName], "\(error)")))
                return true
            }
        }
        output.withUnsafeBytes { body(row, .success($0)) }
        return true
    }

    /// `nil` when there is none.
    private func takeOverflow(_ leaf: Int) -> String? {
        defer { _ = leaves[leaf].advance() }
        guard leaves[leaf].hasValue else { return nil }
        return String(decoding: leaves[leaf].text, as: UTF8.self)
    }

    private func apply(_ overflow: String) throws(JSONError) -> [UInt8] {
        var item = try JSONValue(parsing: output)
        try OverflowColumn.apply(overflow, to: &item)
        return item.serialized()
    }
}
