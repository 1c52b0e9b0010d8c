import ItemInput
import Logging
import Parallelism
import SearchIndex

/// One load: several tasks prepare batches from the source, which are reordered and written to the store some thousand
/// Items at a time; the index is updated in large pieces in parallel.
final class ItemLoader {
    /// The result of a task of the load.
    private enum Step: Sendable {
        case prepared(number: Int, PreparedBatch, textByteCount: Int)
        case indexed(isComplete: Bool)
    }

    /// Limits of a load's memory use and batch sizes.
    struct Limits {
        /// Items per transaction: enough to amortise the sync to disk.
        var transactionItems = 4_096
        var transactionBytes = 64 << 20
        /// Items per index update.
        var indexedItems = 65_536
        var indexedBytes = 256 << 20
        /// Bytes of text under preparation beyond which reading pauses. One Item may be 64 MiB long.
        var preparedBytes = 256 << 20
    }

    private let limits: Limits
    private let engine: CatalogueEngine
    private let owner: StoredCollection
    private let source: LoadSource
    private let policy: ConflictPolicy
    private let migrates: Bool
    private let preparations: PreparationPool
    private var report = LoadReport()

    // MARK: Preparing and writing

    /// Pieces taken from the source, and the number of them that have been written.
    private var takenCount = 0
    private var writtenCount = 0
    private var isAtEnd = false
    private var textByteCount = 0
    /// Prepared, waiting for a preceding piece.
    private var early: [Int: PreparedBatch] = [:]
    /// Prepared and in order: the next transaction.
    private var waiting: [PreparedBatch] = []
    private var waitingItems = 0
    private var waitingBytes = 0

    // MARK: Indexing

    private var isIndexing = false
    /// Written, and not yet handed to the index; `nil` when the index has to follow the store, since other writers'
    /// changes lie between ours, or it has failed to take some.
    private var unindexed: UnindexedItems?
    /// Number of written Items when the index was last told to follow.
    private var followedCount = 0

    init(
        engine: CatalogueEngine, owner: StoredCollection, source: LoadSource, policy: ConflictPolicy,
        migrates: Bool = false, limits: Limits = Limits()
    ) {
        self.migrates = migrates
        self.limits = limits
        self.engine = engine
        self.owner = owner
        self.source = source
        self.policy = policy
        preparations = PreparationPool(engine: engine, collection: owner, migrates: migrates)
    }

    func run(
        _ onReject: (LoadReject) -> Void, _ onProgress: (LoadReport) -> Void
    ) async throws -> LoadReport {
        engine.publishWritten()
        unindexed = engine.index.map { UnindexedItems(after: $0.appliedSequence) }
        do {
            try await trainDictionary()
            try await loadAll(onReject, onProgress)
        } catch {
            finishIndexing(isMerging: false)
            throw error
        }
        finishIndexing(isMerging: true)
        updateProgress()
        return report
    }

    private func loadAll(_ onReject: (LoadReject) -> Void, _ onProgress: (LoadReport) -> Void) async throws {
        let width = Parallel.coreCount + 2
        try await withThrowingTaskGroup(of: Step.self) { group in
            while !isAtEnd || writtenCount < takenCount {
                try Task.checkCancellation()
                while !isAtEnd, hasRoom(width) { try await takeNext(&group) }
                switch try await group.next() {
                case .prepared(let number, let batch, let byteCount)?:
                    early[number] = batch
                    textByteCount -= byteCount
                case .indexed(let isComplete)?:
                    isIndexing = false
                    if !isComplete { unindexed = nil }
                case nil: break
                }
                queueInOrder()
                let isLast = isAtEnd && writtenCount + waiting.count == takenCount
                if isTransactionFull || (isLast && !waiting.isEmpty) {
                    try writeWaiting(onReject, onProgress)
                }
                startIndexing(&group)
            }
            // Waits for pending index updates.
            while case .indexed(let isComplete)? = try await group.next() { if !isComplete { unindexed = nil } }
        }
    }

    // MARK: Preparing

    /// The first Items are the training samples of a dictionary when the Collection has none.
    private func trainDictionary() async throws {
        guard try engine.latestDictionary(of: owner.number) == nil else { return }
        let preparation = try ItemPreparation(collection: owner.id, dictionary: nil, migrates: migrates)
        var samples: [[UInt8]] = []
        for case .batch(let batch) in try await source.lookAhead(
            pieces: 4, bytes: CatalogueEngine.maximumSampleBytes)
        {
            for item in batch.items {
                if let sample = try? batch.withText(of: item, { try preparation.storedForm($0) }) {
                    samples.append(sample)
                }
            }
        }
        try engine.trainDictionary(for: owner.number, samples)
    }

    /// Whether to continue reading: preparing and indexing must keep up, or memory would fill.
    private func hasRoom(_ width: Int) -> Bool {
        let isIndexBehind = isIndexing && isIndexable
        let underWay = takenCount - writtenCount - waiting.count
        return !isIndexBehind && underWay < width && textByteCount < limits.preparedBytes
    }

    private func takeNext(_ group: inout ThrowingTaskGroup<Step, any Error>) async throws {
        guard let piece = try await source.next() else {
            // An asynchronous sequence mostly ends when its task is cancelled: that is not its real end.
            try Task.checkCancellation()
            isAtEnd = true
            return
        }
        let number = takenCount
        takenCount += 1
        switch piece {
        case .fault(let reject): early[number] = PreparedBatch(fault: reject)
        case .batch(let batch):
            let byteCount = piece.byteCount
            textByteCount += byteCount
            group.addTask { [preparations] in
                let prepared = try preparations.withPreparation { try PreparedBatch(batch, with: $0) }
                return .prepared(number: number, prepared, textByteCount: byteCount)
            }
        }
    }

    private func queueInOrder() {
        while let batch = early.removeValue(forKey: writtenCount + waiting.count) {
            waiting.append(batch)
            waitingItems += batch.items.count
            waitingBytes += batch.byteCount
        }
    }

    // MARK: Writing

    private var isTransactionFull: Bool {
        waitingItems >= limits.transactionItems || waitingBytes >= limits.transactionBytes
    }

    private func writeWaiting(_ onReject: (LoadReject) -> Void, _ onProgress: (LoadReport) -> Void) throws {
        var transaction = LoadTransaction(
            engine: engine, owner: owner, policy: policy, report: report, unindexed: unindexed)
        try engine.store.write { store in
            for batch in waiting where transaction.conflict == nil { try transaction.write(batch, to: store) }
        }
        report = transaction.report
        unindexed = transaction.unindexed
        for reject in waiting.prefix(transaction.batchCount).flatMap(\.rejects) { onReject(reject) }
        writtenCount += waiting.count
        waiting = []
        (waitingItems, waitingBytes) = (0, 0)
        updateProgress()
        onProgress(report)
        if let conflict = transaction.conflict { throw conflict }
    }

    private func updateProgress() {
        (report.consumedBytes, report.totalBytes) = source.progress
    }

    // MARK: Indexing

    private var isIndexable: Bool {
        guard let unindexed else { return false }
        return unindexed.count >= limits.indexedItems || unindexed.byteCount >= limits.indexedBytes
    }

    private var key: IndexChanges.Key { .init(number: owner.number, id: owner.id) }

    private func startIndexing(_ group: inout ThrowingTaskGroup<Step, any Error>) {
        guard engine.index != nil, !isIndexing else { return }
        let engine = engine
        let key = key
        if let items = unindexed {
            guard isIndexable else { return }
            unindexed = UnindexedItems(after: items.through)
            group.addTask { .indexed(isComplete: engine.show(items.changes(in: key))) }
        } else {
            guard report.created + report.replaced - followedCount >= limits.indexedItems else { return }
            followedCount = report.created + report.replaced
            group.addTask {
                engine.publishWritten()
                return .indexed(isComplete: false)
            }
        }
        isIndexing = true
    }

    /// Written Items are on disk whatever happens here.
    private func finishIndexing(isMerging: Bool) {
        if let unindexed { _ = engine.show(unindexed.changes(in: key)) }
        do {
            try engine.catchUp()
            if isMerging { try engine.compact() } else { try engine.checkpoint() }
        } catch {
            engine.logger.error("The index could not follow a load", metadata: ["error": "\(error)"])
        }
    }
}
