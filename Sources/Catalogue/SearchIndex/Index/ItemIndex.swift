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

    let directory: IndexDirectory
    private let storeID: String
    private let configuration: Configuration
    private let current: Mutex<IndexSnapshot>
    /// Held while a new snapshot is made.
    private let changing = Mutex(())
    /// Held while files are written: by checkpoints and merges.
    private let writing = Mutex(())

    /// The last computed summary of each collection.
    let summaries = Mutex<[Int64: (summary: CollectionSummary, lastChange: Int64)]>([:])

    /// Opens the index of a store. It is empty, at sequence 0, when the directory contains none, one whose manifest is
    /// damaged, or that of another store. Of other files that are damaged the rest of the index does not suffer: see
    /// `damagedCollections`.
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

    /// Replaces the index in a directory, which nobody has open, by a copy of that in another one, whose owner may be
    /// changing it.
    ///
    /// - Parameter source: The directory of the other index, or one that has it as `index`.
    /// - Throws: `IndexCopyError` when there is no index of this store that can be used: the present one remains;
    ///   `IndexFileError` when files cannot be written.
    public static func replace(_ path: String, byCopyOf source: String, storeID: String) throws {
        let directory = try IndexDirectory(path: path)
        let sources = [IndexDirectory(reading: source + "/index"), IndexDirectory(reading: source)]
        let found = sources.first(where: \.hasManifest) ?? sources[0]
        guard !directory.isSame(as: found) else { throw IndexCopyError(description: "it is this node's own") }
        try directory.replace(byCopyOf: found, storeID: storeID)
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

    /// Whether there are Items of a collection.
    public func hasItems(collection id: String) -> Bool {
        snapshot.collections[id: id].map { $0.count > 0 } ?? false
    }

    public var statistics: IndexStatistics { IndexStatistics(snapshot) }

    /// Calls `body` with the sequence and the id of every Item of a collection, in no order.
    ///
    /// - Throws: `IndexDamage`, at the end; what `body` throws.
    public func forEachItem(collection: Int64, _ body: (Int64, String) throws -> Void) throws {
        try snapshot.sound(collection) { segments in
            for state in segments {
                let (sequences, ranks, ids) = (state.segment.sequences, state.segment.idRanks, state.segment.ids)
                for row in state.liveRows { try body(sequences[row], ids[Int(ranks[row])]) }
            }
        }
    }

    /// The current version of an Item that is searched for under its id; `nil` when there is none.
    ///
    /// - Throws: `IndexDamage`.
    public func sequence(of id: String, in collection: Int64) throws -> Int64? {
        try snapshot.sound(collection) { segments in
            for state in segments {
                for row in state.segment.rows(ofID: id) where state.live?[row] ?? true {
                    return state.segment.sequences[row]
                }
            }
            return nil
        }
    }

    /// The ids of Items and of their collections, by the sequences of current versions.
    public func names(of sequences: [Int64]) -> [Int64: (collection: String, id: String)] {
        var names: [Int64: (collection: String, id: String)] = [:]
        for collection in snapshot.collections.values {
            for state in collection.segments {
                for sequence in sequences {
                    guard let row = state.segment.row(ofSequence: sequence), state.live?[row] ?? true else { continue }
                    names[sequence] = (collection.id, state.segment.id(row))
                }
            }
        }
        return names
    }

    /// Reads all files and verifies their checksums.
    ///
    /// - Returns: The faults, as sentences; if there are any, the index should be rebuilt.
    public func damage() -> [String] {
        snapshot.collections.values.sorted { $0.id < $1.id }.flatMap { collection in
            collection.lost.map { "The index's file \($0.name) is damaged or missing." }
                + collection.segments.filter { $0.segment.fileName != nil }.compactMap { state in
                    do {
                        try state.segment.validate()
                        return nil
                    } catch {
                        return "The index's file \(error)."
                    }
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
                        collection.segments.append(SegmentState(try stored(Segment(batch, rows: rows))))
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

    /// A segment in a file; in memory where files cannot be written, as on a full disk: searches must find what has been
    /// acknowledged.
    private func stored(_ segment: Segment) throws -> Segment {
        guard configuration.bulkRows < .max else { return segment }
        do {
            return try directory.write(segment)
        } catch let error as IndexFileError where error.isLackOfSpace {
            return segment
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
            for collection in snapshot.collections.values where !collection.isDamaged {
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
        // Damage must not get into new files, whose checksums are right.
        for input in inputs where !input.segment.isWhole {
            throw IndexDamage(files: input.segment.fileName.map { [$0] } ?? [])
        }
        let outputs = try SegmentMerge(inputs, segmentRows: configuration.segmentRows).run { try directory.write($0) }
        changing.withLock { _ in
            // A collection removed meanwhile stays removed.
            guard var target = snapshot.collections[collection.number] else { return }
            target.replace(inputs, by: outputs)
            current.withLock { $0.collections[collection.number] = target }
        }
    }

    // MARK: Repairing

    /// The collections of which parts are damaged, as far as known, by number; with the names of the files.
    public func damagedCollections() -> [Int64: [String]] {
        var damaged: [Int64: [String]] = [:]
        for collection in snapshot.collections.values where collection.isDamaged {
            damaged[collection.number] =
                collection.lost.map(\.name)
                + collection.segments.filter(\.segment.isDamaged).compactMap(\.segment.fileName)
        }
        return damaged
    }

    /// The sequences of a collection's Items in sound segments, ascending.
    public func soundSequences(collection: Int64) -> [Int64] {
        var found: [Int64] = []
        for state in snapshot.collections[collection]?.segments ?? [] where state.segment.isWhole {
            let sequences = state.segment.sequences
            for row in state.liveRows { found.append(sequences[row]) }
        }
        return found.sorted()
    }

    /// Replaces the damaged segments of a collection. No changes may be applied meanwhile.
    ///
    /// - Parameter rows: Calls its argument with the Items that are in no sound segment, and their sequences.
    public func repair(
        collection: Int64, _ rows: ((ColumnBatch, [Int64]) throws -> Void) throws -> Void
    ) throws {
        try writing.withLock { _ in
            var made: [SegmentState] = []
            try rows { batch, sequences in
                guard batch.count > 0 else { return }
                let batch = batch.stored(as: sequences)
                for rows in Self.pieces(of: batch, size: configuration.segmentRows) {
                    made.append(SegmentState(try stored(Segment(batch, rows: rows))))
                }
            }
            changing.withLock { _ in
                current.withLock { snapshot in
                    guard var target = snapshot.collections[collection] else { return }
                    target.lost = []
                    target.segments.removeAll { !$0.segment.isWhole }
                    target.segments += made
                    snapshot.collections[collection] = target
                }
                summaries.withLock { $0[collection] = nil }
            }
        }
    }

    /// Removes versions of Items of which nothing is known but their sequences.
    public func remove(_ sequences: Set<Int64>, from collection: Int64) {
        guard !sequences.isEmpty else { return }
        changing.withLock { _ in
            current.withLock { snapshot in
                for sequence in sequences { snapshot.collections[collection]?.remove(sequence: sequence) }
            }
            summaries.withLock { $0[collection] = nil }
        }
    }
}
