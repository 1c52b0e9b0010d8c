import Parallelism
import Parquet
import Synchronization

/// Reads the columns of a slice side by side: each is a matter of its own.
///
/// `@unchecked Sendable`: threads take different columns, and their results lie in different positions.
final class SliceLoader: @unchecked Sendable {
    private let file: ParquetFile
    private let plan: ReadPlan
    private let rowGroup: Int
    private let ranges: [Range<Int>]
    private let byteLimit: Int
    /// By column; those that are not read are empty.
    private let leaves: UnsafeMutableBufferPointer<LeafSlice>
    private var arenas: [SliceArena] = []
    private var isTaken = false
    private let byteCount = Atomic(0)

    /// What a thread reads columns with.
    private struct Worker {
        let arena = SliceArena()
        let renderer = LeafTextRenderer()
    }

    /// Fewer columns are read at once by one thread: waking another takes as long.
    private static let columnsPerThread = 16

    init(_ file: ParquetFile, _ plan: ReadPlan, rowGroup: Int, ranges: [Range<Int>], byteLimit: Int) {
        self.file = file
        self.plan = plan
        self.rowGroup = rowGroup
        self.ranges = ranges
        self.byteLimit = byteLimit
        leaves = .allocate(capacity: plan.formats.count)
        leaves.initialize(repeating: LeafSlice.none)
    }

    deinit {
        if !isTaken { leaves.deallocate() }
    }

    /// - Throws: `ParquetError.tooLarge` with `.columnChunk` when they take more memory than the limit.
    func load() throws(ParquetError) {
        let columns = plan.formats.indices.filter { plan.formats[$0] != nil }
        let threadCount = max(1, min(Parallel.coreCount, columns.count / Self.columnsPerThread))
        let workers = try Parallel.forEach(columns.count, width: threadCount) { () throws(ParquetError) in
            Worker()
        } body: { worker, index throws(ParquetError) in
            try load(column: columns[index], worker)
        }
        arenas = workers.map(\.arena)
    }

    /// The columns, with the memory that they lie in; once.
    func take() -> (UnsafeMutableBufferPointer<LeafSlice>, [SliceArena]) {
        isTaken = true
        return (leaves, arenas)
    }

    private func load(column: Int, _ worker: Worker) throws(ParquetError) {
        guard let format = plan.formats[column] else { return }
        let leaf = file.schema.leaves[column]
        let before = worker.arena.byteCount
        let values = try file.readColumn(leaf, rowGroup: rowGroup, rows: ranges, keepsDictionary: true)
        leaves[column] = try LeafSlice(values, leaf, format, in: worker.arena, worker.renderer)
        let byteCount = byteCount.add(worker.arena.byteCount - before, ordering: .relaxed).newValue
        guard byteCount <= byteLimit else { throw .tooLarge(.columnChunk, byteCount, limit: byteLimit) }
    }
}
