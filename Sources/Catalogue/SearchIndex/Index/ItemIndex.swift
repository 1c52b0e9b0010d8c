public import JSON
public import STACAPI
import Synchronization

/// Finds and orders the matching Items: derived from a store, and can be rebuilt at any time.
///
/// Recent Items are in memory, older ones in mapped files, both as segments. Searches work on a snapshot and never
/// wait; changes are serialised.
public final class ItemIndex: Sendable {
    public struct Configuration: Sendable {
        /// Maximum rows of a segment's file; a quarter more where they would otherwise make two half-full files.
        public var segmentRows = 131_072
        /// Rows in memory beyond which `needsCheckpoint` is true: a restart has to read them from the store again.
        public var memoryRows = 16_384
        /// A change of this many Items is written to files at once.
        public var bulkRows = 8_192
        /// Number of a collection's unsettled segments at which merging starts.
        public var looseSegments = 8

        public init() {}
    }

    private let directory: IndexDirectory
    private let storeID: String
    private let configuration: Configuration
    private let current: Mutex<IndexSnapshot>
    /// Held while a new snapshot is made.
    private let changing = Mutex(())
    /// Held while files are written: by checkpoints and merges.
    private let writing = Mutex(())

    /// The last computed summary of each collection.
    let summaries = Mutex<[Int64: (summary: CollectionSummary, lastChange: Int64)]>([:])

    /// Opens the index of a store. It is empty, at sequence 0, when the directory contains none, a damaged one, or that
    /// of another store.
    ///
    /// - Throws: `IndexFileError` when the directory cannot be used.
    public init(path: String, storeID: String, configuration: Configuration = .init()) throws {
        directory = try IndexDirectory(path: path)
        self.storeID = storeID
        self.configuration = configuration
        let snapshot: IndexSnapshot
        do {
            snapshot = try directory.load(storeID: storeID) ?? IndexSnapshot()
        } catch {
            snapshot = IndexSnapshot()
        }
        current = Mutex(snapshot)
    }

    /// Opens the index of another process as last written, and holds all further changes in memory.
    ///
    /// - Throws: `IndexFileError`, or `SegmentError` for a damaged file.
    public init(reading path: String, storeID: String) throws {
        directory = IndexDirectory(reading: path)
        self.storeID = storeID
        var configuration = Configuration()
        configuration.bulkRows = .max
        self.configuration = configuration
        current = Mutex(try directory.loadWhileKept(storeID: storeID) ?? IndexSnapshot())
    }

    var snapshot: IndexSnapshot { current.withLock { $0 } }

    /// The sequence of the last change that is visible to searches.
    public var appliedSequence: Int64 { current.withLock { $0.appliedSequence } }

    /// - Parameters:
    ///   - budget: Sets the limits of the search and receives its statistics.
    ///   - bodies: Reads Items for the parts of a filter that columns cannot decide.
    /// - Throws: `CQL2Error` or `GeoError` for a request that cannot be evaluated; `SearchAborted`; what `bodies` throws.
    public func search(
        _ request: SearchRequest, _ budget: SearchBudget = SearchBudget(), bodies: BodyReader
    ) throws -> SearchOutcome {
        try SpareCores.shared.withOne { try snapshot.search(request, bodies: bodies, budget) }
    }

    /// The plan of a search.
    ///
    /// - Throws: `CQL2Error` or `GeoError`.
    public func explanation(_ request: SearchRequest) throws -> JSONValue { try SearchPlan(request).explanation }

    /// Aggregates the matching Items; the request's order and page do not matter.
    ///
    /// - Returns: One result per aggregation, in their order.
    /// - Throws: As `search`, and `AggregationError`.
    public func aggregate(
        _ request: SearchRequest, _ aggregations: [Aggregation], _ budget: SearchBudget = SearchBudget(),
        bodies: BodyReader
    ) throws -> [AggregationResult] {
        try SpareCores.shared.withOne { try snapshot.aggregate(request, aggregations, bodies: bodies, budget) }
    }

    /// Items of a collection.
    public func count(collection: Int64) -> Int { snapshot.collections[collection]?.count ?? 0 }

    public var statistics: IndexStatistics { IndexStatistics(snapshot) }

    /// Calls `body` with the sequence and the id of every Item of a collection, in no order.
    public func forEachItem(collection: Int64, _ body: (Int64, String) throws -> Void) rethrows {
        for state in snapshot.collections[collection]?.segments ?? [] {
            for row in state.liveRows { try body(state.segment.sequences[row], state.segment.id(row)) }
        }
    }

    /// Reads all files and verifies their checksums.
    ///
    /// - Returns: The faults, as sentences; if there are any, the index should be rebuilt.
    public func damage() -> [String] {
        snapshot.collections.values.flatMap(\.segments).filter { $0.segment.fileName != nil }.compactMap { state in
            do {
                try state.segment.validate()
                return nil
            } catch {
                return "The index's file \(error)."
            }
        }
    }

    // MARK: Changing

    /// Publishes changes to searches. Changes that have been applied already, all of `changes` or its beginning, are
    /// ignored; if preceding changes are missing, nothing is done.
    ///
    /// - Throws: `IndexFileError` when a change is so large that it is written to files, and these cannot be written;
    ///   the index is then unchanged.
    public func apply(_ changes: IndexChanges) throws {
        let isBulk = changes.puts.values.contains { $0.count >= configuration.bulkRows }
        if isBulk {
            // Creates files: not while a checkpoint determines the current set.
            try writing.withLock { _ in try applyInTurn(changes) }
        } else {
            try applyInTurn(changes)
        }
    }

    private func applyInTurn(_ changes: IndexChanges) throws {
        try changing.withLock { _ in
            var next = snapshot
            guard changes.after <= next.appliedSequence, changes.through > next.appliedSequence else { return }
            for number in changes.removedCollections { next.collections[number] = nil }
            for (key, all) in changes.puts {
                let batch = all.rows(after: next.appliedSequence)
                guard !batch.isEmpty else { continue }
                var collection = next.collections[key.number] ?? CollectionSegments(number: key.number, id: key.id)
                if batch.count >= configuration.bulkRows {
                    for rows in Self.pieces(of: batch, size: configuration.segmentRows) {
                        collection.segments.append(SegmentState(try directory.write(Segment(batch, rows: rows))))
                    }
                } else {
                    collection.segments.append(SegmentState(Segment(batch, rows: Array(0..<batch.count))))
                    collection.foldMemory()
                }
                collection.lastChange = changes.through
                next.collections[key.number] = collection
            }
            for (number, sequences) in changes.removed {
                for sequence in sequences { next.collections[number]?.remove(sequence: sequence) }
                next.collections[number]?.lastChange = changes.through
            }
            next.appliedSequence = changes.through
            current.withLock { $0 = next }
        }
    }

    /// Splits rows into pieces of about equal size, each of one span of time.
    private static func pieces(of batch: ColumnBatch, size: Int) -> [[Int]] {
        let rows = (0..<batch.count).sorted { batch.times[$0] < batch.times[$1] }
        let count = SegmentMerge.fileCount(of: rows.count, segmentRows: size)
        return (0..<count).map { Array(rows[rows.count * $0 / count..<rows.count * ($0 + 1) / count]) }
    }

    /// Removes everything, before a rebuild.
    public func clear() {
        writing.withLock { _ in
            changing.withLock { _ in
                current.withLock { $0 = IndexSnapshot() }
                summaries.withLock { $0 = [:] }
                directory.clear()
            }
        }
    }

    // MARK: Keeping

    /// Whether enough rows are only in memory that a checkpoint is due.
    public var needsCheckpoint: Bool {
        let rows = snapshot.collections.values.reduce(0) { total, collection in
            total + collection.segments.reduce(0) { $0 + ($1.segment.fileName == nil ? $1.segment.rowCount : 0) }
        }
        return rows >= configuration.memoryRows
    }

    /// Writes the rows in memory to files, so that `appliedSequence` holds after a restart.
    ///
    /// - Throws: `IndexFileError`; the index in memory and the one on disk are then unchanged.
    public func checkpoint() throws {
        try writing.withLock { _ in
            // Changes applied from here on stay in memory and out of the manifest. Removals of later changes may get
            // into it; this is harmless, since these changes will be applied again.
            var written = markMemory(isBeingWritten: true)
            defer { _ = markMemory(isBeingWritten: false) }
            for collection in written.collections.values {
                let inMemory = collection.segments.filter { $0.segment.fileName == nil }
                if !inMemory.isEmpty { try rewrite(inMemory, of: collection) }
            }
            written.collections = snapshot.collections
            try directory.commit(written, storeID: storeID)
        }
    }

    private func markMemory(isBeingWritten: Bool) -> IndexSnapshot {
        changing.withLock { _ in
            current.withLock { snapshot in
                for number in snapshot.collections.keys {
                    snapshot.collections[number]?.markMemory(isBeingWritten: isBeingWritten)
                }
                return snapshot
            }
        }
    }

    /// Compacts one collection's segments, if any needs it.
    ///
    /// - Returns: Whether something was done.
    /// - Throws: `IndexFileError`; the index is then unchanged.
    public func mergeOnce() throws -> Bool {
        try writing.withLock { _ in
            for collection in snapshot.collections.values {
                if let inputs = MergePolicy(configuration).inputs(of: collection) {
                    try rewrite(inputs, of: collection)
                    return true
                }
            }
            return false
        }
    }

    /// Replaces some segments by files with their current rows.
    private func rewrite(_ inputs: [SegmentState], of collection: CollectionSegments) throws {
        let outputs = try SegmentMerge(inputs, segmentRows: configuration.segmentRows).run { try directory.write($0) }
        changing.withLock { _ in
            // A collection removed meanwhile stays removed.
            guard var target = snapshot.collections[collection.number] else { return }
            target.replace(inputs, by: outputs)
            current.withLock { $0.collections[collection.number] = target }
        }
    }
}
