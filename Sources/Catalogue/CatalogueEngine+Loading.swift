import Compression
import Foundation
public import ItemInput
import SearchIndex
import Synchronization

extension CatalogueEngine {
    /// Loads Items from files into a Collection: read and written in order, prepared by all cores.
    ///
    /// Items that are not valid are reported and left out, whatever is around them. When this returns, all others are
    /// on disk, and searchable where this process keeps the index.
    ///
    /// - Parameters:
    ///   - onReject: Called for each Item that is left out, in the order of the files.
    ///   - onProgress: Called after each transaction.
    /// - Throws: `noSuchCollection`; `itemExists` by policy; errors of the store, such as `storeFull`: what the last
    ///   progress has counted is on disk then.
    public func load(
        _ input: ItemInput, into collection: String, onConflict policy: ConflictPolicy = .replace,
        onReject: (LoadReject) -> Void = { _ in }, onProgress: (LoadReport) -> Void = { _ in }
    ) async throws -> LoadReport {
        try await load(
            input.makeReader(), into: collection, onConflict: policy, onReject: onReject, onProgress: onProgress)
    }

    /// As `load` of files, from a reader that may have a source of its own.
    public func load(
        _ reader: ItemReader, into collection: String, onConflict policy: ConflictPolicy = .replace,
        onReject: (LoadReject) -> Void = { _ in }, onProgress: (LoadReport) -> Void = { _ in }
    ) async throws -> LoadReport {
        let owner = try requireCollection(collection)
        let loader = ItemLoader(engine: self, owner: owner, policy: policy)
        try await loader.run(reader, onReject, onProgress)
        return loader.report
    }
}

/// One load: batches go from the reader through preparation by several tasks, back into order, and into the store
/// some thousand Items at a time; the index gets large pieces meanwhile.
private final class ItemLoader {
    /// What a task of the load has done.
    private enum Step: Sendable {
        case prepared(number: Int, PreparedBatch)
        case indexed
    }

    private struct PreparedBatch: Sendable {
        var items: [ItemPreparation.Item] = []
        /// `file:line` of each Item.
        var locations: [String] = []
        var columns = ColumnBatch()
        var rejects: [LoadReject] = []
        var read = 0
    }

    /// Items of one transaction: enough to make the cost of a sync to disk small.
    private static let itemsPerTransaction = 4_096
    /// Items that go into the index together.
    private static let itemsPerSegment = 65_536

    private let engine: CatalogueEngine
    private let owner: StoredCollection
    private let policy: ConflictPolicy
    private let preparations: PreparationPool
    private(set) var report = LoadReport()
    private var isIndexing = false
    /// Written, and not yet handed to the index; `nil` when other writers' changes lie between ours: the index then has
    /// to follow the store.
    private var pending: IndexChanges?
    /// Items written when the index was last told to follow.
    private var followed = 0

    init(engine: CatalogueEngine, owner: StoredCollection, policy: ConflictPolicy) {
        self.engine = engine
        self.owner = owner
        self.policy = policy
        preparations = PreparationPool(engine: engine, collection: owner)
        pending = engine.index.map { IndexChanges(after: $0.appliedSequence) }
    }

    func run(
        _ reader: ItemReader, _ onReject: (LoadReject) -> Void, _ onProgress: (LoadReport) -> Void
    ) async throws {
        let width = ProcessInfo.processInfo.activeProcessorCount + 2
        var early = try firstBatches(reader, onReject)
        try await withThrowingTaskGroup(of: Step.self) { group in
            var started = 0
            var written = 0
            var isAtEnd = false
            var prepared: [Int: PreparedBatch] = [:]
            var waiting: [PreparedBatch] = []
            var waitingItems = 0
            while true {
                while !isAtEnd, started - written - waiting.count < width {
                    guard let batch = early.isEmpty ? try nextBatch(reader, onReject) : early.removeFirst() else {
                        isAtEnd = true
                        break
                    }
                    let number = started
                    let preparations = preparations
                    group.addTask { .prepared(number: number, try Self.prepare(batch, preparations)) }
                    started += 1
                }
                guard let step = try await group.next() else { break }
                switch step {
                case .indexed: isIndexing = false
                case .prepared(let number, let batch): prepared[number] = batch
                }
                while let batch = prepared.removeValue(forKey: written + waiting.count) {
                    waiting.append(batch)
                    waitingItems += batch.items.count
                }
                let isLast = isAtEnd && written + waiting.count == started
                if waitingItems >= Self.itemsPerTransaction || (isLast && !waiting.isEmpty) {
                    try write(waiting, onReject)
                    written += waiting.count
                    waiting = []
                    waitingItems = 0
                    (report.consumedBytes, report.totalBytes) = reader.progress
                    onProgress(report)
                }
                startIndexing(&group)
            }
        }
        try finish()
    }

    // MARK: Reading

    private func nextBatch(_ reader: ItemReader, _ onReject: (LoadReject) -> Void) throws -> ItemBatch? {
        while true {
            do {
                return try reader.nextBatch()
            } catch {
                // The file ends here for us; the reader goes on with the next one.
                report.rejected += 1
                onReject(LoadReject(location: "\(error)", path: nil, reason: "the rest of the file is left out"))
            }
        }
    }

    /// The first Items serve to train a dictionary when the Collection has none.
    private func firstBatches(_ reader: ItemReader, _ onReject: (LoadReject) -> Void) throws -> [ItemBatch] {
        guard try engine.latestDictionary(of: owner.number) == nil else { return [] }
        var batches: [ItemBatch] = []
        var samples: [[UInt8]] = []
        let preparation = try ItemPreparation(collection: owner.id, dictionary: nil)
        while batches.count < 4, let batch = try nextBatch(reader, onReject) {
            for item in batch.items {
                if let sample = try? batch.withText(of: item, { try preparation.storedForm($0) }) {
                    samples.append(sample)
                }
            }
            batches.append(batch)
        }
        try engine.trainDictionary(for: owner.number, samples)
        return batches
    }

    private static func prepare(_ batch: ItemBatch, _ preparations: PreparationPool) throws -> PreparedBatch {
        var result = PreparedBatch()
        result.read = batch.items.count + batch.oversized.count
        for item in batch.oversized {
            result.rejects.append(
                LoadReject(
                    location: batch.location(of: item), path: nil,
                    reason: "the Item has \(item.byteCount) bytes, too many"))
        }
        try preparations.withPreparation { preparation in
            for item in batch.items {
                do {
                    result.items.append(try batch.withText(of: item) { try preparation.prepare($0) })
                    result.locations.append(batch.location(of: item))
                } catch {
                    guard let fault = InputFault(error) else { throw error }
                    result.rejects.append(
                        LoadReject(location: batch.location(of: item), path: fault.path, reason: fault.reason))
                }
            }
            result.columns = preparation.takeColumns()
        }
        return result
    }

    // MARK: Writing

    private func write(_ batches: [PreparedBatch], _ onReject: (LoadReject) -> Void) throws {
        var counts = report
        var next = pending
        let key = IndexChanges.Key(number: owner.number, id: owner.id)
        try engine.store.write { transaction in
            for batch in batches {
                var rows: [Int] = []
                var sequences: [SequenceNumber] = []
                for (row, item) in batch.items.enumerated() {
                    let written: SequenceNumber
                    if let existing = try transaction.sequence(of: item.id, in: owner.number) {
                        switch policy {
                        case .skip:
                            counts.skipped += 1
                            continue
                        case .fail:
                            throw CatalogueError(
                                .itemExists, "\(batch.locations[row]): an Item \"\(item.id)\" exists already",
                                itemID: item.id)
                        case .replace: break
                        }
                        if try engine.isUnchanged(existing, item.body, transaction) {
                            counts.unchanged += 1
                            continue
                        }
                        written = try transaction.replace(existing, item.id, item.body, in: owner.number)
                        counts.replaced += 1
                        if let through = next?.through, through != written - 2 { next = nil }
                        next?.remove(existing, from: owner.number, at: written - 1)
                        next?.pass(written)
                    } else {
                        written = try transaction.insert(item.id, item.body, in: owner.number)
                        counts.created += 1
                        if let through = next?.through, through != written - 1 { next = nil }
                        next?.pass(written)
                    }
                    rows.append(row)
                    sequences.append(written)
                }
                next?.put(batch.columns, rows: rows, sequences: sequences, in: key)
                counts.read += batch.read
                counts.rejected += batch.rejects.count
            }
        }
        report = counts
        pending = next
        for reject in batches.flatMap(\.rejects) { onReject(reject) }
    }

    // MARK: Indexing

    private func startIndexing(_ group: inout ThrowingTaskGroup<Step, any Error>) {
        guard let index = engine.index, !isIndexing else { return }
        let engine = engine
        if let changes = pending {
            guard changes.putCount >= Self.itemsPerSegment else { return }
            pending = IndexChanges(after: changes.through)
            group.addTask {
                try engine.following.withLock { _ in try index.apply(changes) }
                return .indexed
            }
        } else {
            guard report.created + report.replaced - followed >= Self.itemsPerSegment else { return }
            followed = report.created + report.replaced
            group.addTask {
                try engine.catchUp()
                return .indexed
            }
        }
        isIndexing = true
    }

    private func finish() throws {
        guard let index = engine.index else { return }
        if let pending { try engine.following.withLock { _ in try index.apply(pending) } }
        try engine.catchUp()
        try engine.tidy()
    }
}

/// Preparations in use by the tasks of a load, which keep their memory.
///
/// `@unchecked Sendable`: each preparation is used by one task at a time.
private final class PreparationPool: @unchecked Sendable {
    private let engine: CatalogueEngine
    private let collection: StoredCollection
    private let idle = Mutex<[Box]>([])

    private final class Box: @unchecked Sendable {
        let preparation: ItemPreparation
        init(_ preparation: ItemPreparation) { self.preparation = preparation }
    }

    init(engine: CatalogueEngine, collection: StoredCollection) {
        self.engine = engine
        self.collection = collection
    }

    func withPreparation<Result>(_ body: (ItemPreparation) throws -> Result) throws -> Result {
        let box =
            try idle.withLock { $0.popLast() }
            ?? Box(
                ItemPreparation(
                    collection: collection.id, dictionary: engine.latestDictionary(of: collection.number)))
        defer { idle.withLock { $0.append(box) } }
        return try body(box.preparation)
    }
}

extension CatalogueEngine {
    /// Fewer samples make no useful dictionary.
    static let minimumSamples = 64

    /// Trains a dictionary on stored forms of Items and adds it to the store, when there are enough.
    func trainDictionary(for collection: CollectionNumber, _ samples: [[UInt8]]) throws {
        guard samples.count >= Self.minimumSamples, let dictionary = try? ZstdDictionary.train(samples: samples) else {
            return
        }
        _ = try store.write { try $0.addDictionary(dictionary, for: collection) }
    }
}
