import Dispatch
import Parquet
import Synchronization

/// Reads the columns of a slice side by side: each is a matter of its own.
///
/// `@unchecked Sendable`: threads take different columns, and their results lie in different places.
final class SliceLoader: @unchecked Sendable {
    private let file: ParquetFile
    private let plan: ReadPlan
    private let rowGroup: Int
    private let ranges: [Range<Int>]
    private let byteLimit: Int
    /// By column; those that are not read are empty.
    private let leaves: UnsafeMutableBufferPointer<LeafSlice>
    private var isTaken = false
    private let state = Mutex(State())

    private struct State {
        var nextColumn = 0
        var byteCount = 0
        var failure: ParquetError?
        var memories: [SliceCache] = []
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
        let columnCount = plan.formats.count { $0 != nil }
        let threadCount = max(1, min(ProcessorCount.active, columnCount / Self.columnsPerThread))
        if threadCount == 1 {
            work()
        } else {
            DispatchQueue.concurrentPerform(iterations: threadCount) { _ in work() }
        }
        if let failure = state.withLock({ $0.failure }) { throw failure }
    }

    /// The columns, with the memory that they lie in; once.
    func take() -> (UnsafeMutableBufferPointer<LeafSlice>, [SliceCache]) {
        isTaken = true
        return (leaves, state.withLock { $0.memories })
    }

    private func work() {
        let memory = SliceCache()
        let renderer = LeafTextRenderer()
        state.withLock { $0.memories.append(memory) }
        while let column = nextColumn() {
            guard let format = plan.formats[column] else { continue }
            let leaf = file.schema.leaves[column]
            let before = memory.byteCount
            do throws(ParquetError) {
                let values = try file.readColumn(leaf, rowGroup: rowGroup, rows: ranges, keepsDictionary: true)
                leaves[column] = try LeafSlice(values, leaf, format, in: memory, renderer)
                note(memory.byteCount - before)
            } catch {
                fail(error)
            }
        }
    }

    private func nextColumn() -> Int? {
        state.withLock { state in
            guard state.failure == nil, state.nextColumn < plan.formats.count else { return nil }
            state.nextColumn += 1
            return state.nextColumn - 1
        }
    }

    private func note(_ byteCount: Int) {
        state.withLock { state in
            state.byteCount += byteCount
            if state.byteCount > byteLimit {
                state.failure = state.failure ?? .tooLarge(.columnChunk, state.byteCount, limit: byteLimit)
            }
        }
    }

    private func fail(_ error: ParquetError) {
        state.withLock { $0.failure = $0.failure ?? error }
    }
}
