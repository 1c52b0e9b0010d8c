public import Catalogue
import Logging
public import SQLDatabase
import Synchronization

/// A store in PostgreSQL, which any number of nodes may use at the same time.
///
/// A `write` that has returned survives a crash of the server. Writers, of all nodes, take turns: see
/// `PostgreSQLTransaction`. Reading never waits for writing.
public final class PostgreSQLItemStore: ItemStore {
    /// For reading, and for what is read while something is being written.
    let database: Database
    /// With one connection: who writes in this process waits here, not in PostgreSQL.
    let writingDatabase: Database
    let reader: PostgreSQLReader
    let mode: Mode
    private let knownIdentifier = Mutex<String?>(nil)
    private let collectionSequence = Mutex(CollectionSequence())
    /// Versions written, and the number at which PostgreSQL is to look at the tables.
    private let writtenCount = Mutex((count: 0, next: 1_000))

    /// What `lastCollectionSequence` has returned: each search asks.
    private struct CollectionSequence {
        /// Of our own writes.
        var generation = 0
        var last: SequenceNumber = 0
        /// Until when it is good enough.
        var end: ContinuousClock.Instant?

        static let age = Duration.milliseconds(50)
    }

    /// How a store is opened.
    public enum Mode: Sendable {
        /// For reading and writing; created if the database has none.
        case create
        /// For reading and writing.
        case write
        /// For reading only: nothing is created or changed.
        case read
    }

    /// How long a write waits for the writers of other processes.
    private let patience: Duration

    /// Of a write, with the wait: PostgreSQL ends one that takes longer, since others wait for it.
    static let writingTimeout = Duration.seconds(120)

    /// Connects, and brings the tables up to date.
    ///
    /// - Parameter patience: How long a write waits for those of other processes.
    /// - Throws: `storeMissing` when there is none in the database; `storeUnsupported` for one of a newer version;
    ///   `storeBusy` when the database cannot be reached.
    public init(
        _ configuration: DatabaseConfiguration, mode: Mode = .create, patience: Duration = .seconds(30)
    ) throws {
        self.mode = mode
        self.patience = patience
        var logger = Logger.current
        logger.logLevel = max(logger.logLevel, .notice)
        database = Database(configuration, logger: logger)
        var writing = configuration
        writing.poolSize = 1
        writing.timeout = Self.writingTimeout
        writingDatabase = Database(writing, logger: logger)
        reader = PostgreSQLReader(.latest(database))
        try catalogueErrors { try prepareTables("\(configuration.location)") }
    }

    private func prepareTables(_ location: String) throws {
        let exists = try database.rows("SELECT to_regclass('catalogue_state') IS NOT NULL AS found")
        guard mode == .create || exists.first?.values.first == .boolean(true) else {
            throw CatalogueError(.storeMissing, "There is no catalogue in the database \(location).")
        }
        guard mode != .read else {
            guard try database.pendingStepCount(of: PostgreSQLSchema.migrations) == 0 else {
                throw CatalogueError(
                    .storeUnsupported,
                    "The catalogue was written by an earlier version: open it once with permission to write.")
            }
            return
        }
        try writingDatabase.migrate(PostgreSQLSchema.migrations)
        guard try database.rows("SELECT 1 AS one FROM catalogue_state").isEmpty else { return }
        try writingDatabase.write(.readCommitted) { transaction in
            let state = PostgreSQLState(identity: StoreIdentity.random()).insert
            try transaction.execute(state.sql, values: state.values)
        }
    }

    deinit {
        database.close()
        writingDatabase.close()
    }

    /// Contains the numbers of the server, the database and the table, so that a copy by PostgreSQL's own means has
    /// another one.
    public func identifier() throws -> String {
        if let known = knownIdentifier.withLock({ $0 }) { return known }
        let row = try reader.source.rows(
            """
            SELECT identity, CAST(tableoid AS TEXT),
                (SELECT CAST(oid AS TEXT) FROM pg_database WHERE datname = current_database()),
                has_function_privilege('pg_control_system()', 'execute')
            FROM catalogue_state WHERE id = 1
            """
        ).first
        guard let row else { throw PostgreSQLState.damaged }
        var parts = (0..<3).map { row.text($0) }
        // Some providers do not let their customers ask.
        if row.values[3] == .boolean(true) {
            let server = try reader.source.rows(
                "SELECT CAST(system_identifier AS TEXT) FROM pg_control_system()")
            parts += server.map { $0.text(0) }
        }
        let identifier = parts.joined(separator: "-")
        knownIdentifier.withLock { $0 = identifier }
        return identifier
    }

    public func snapshot() throws -> any ItemStoreReader { try pinnedReader() }

    private func pinnedReader() throws -> PostgreSQLReader {
        try catalogueErrors { PostgreSQLReader(.snapshot(try database.snapshot())) }
    }

    // MARK: Reading

    public func collections(reusing known: [StoredCollection]) throws -> [StoredCollection] {
        try reader.collections(reusing: known)
    }

    public func collection(id: String) throws -> StoredCollection? { try reader.collection(id: id) }

    /// As of the last write by this object, and of others' some milliseconds ago.
    public func lastCollectionSequence() throws -> SequenceNumber {
        let now = ContinuousClock.now
        let known = collectionSequence.withLock { $0 }
        if let end = known.end, now < end { return known.last }
        let sequence = try reader.lastCollectionSequence()
        collectionSequence.withLock { state in
            // A write in between may have changed it.
            guard state.generation == known.generation else { return }
            (state.last, state.end) = (sequence, now + CollectionSequence.age)
        }
        return sequence
    }

    public func sequence(of id: String, in collection: CollectionNumber) throws -> SequenceNumber? {
        try reader.sequence(of: id, in: collection)
    }

    public func withBodies(_ sequences: [SequenceNumber], _ body: (Int, StoredBody) throws -> Void) throws {
        try reader.withBodies(sequences, body)
    }

    @discardableResult
    public func forEachItem(
        in collection: CollectionNumber, _ body: (String, SequenceNumber) throws -> Void
    ) throws -> Int {
        try reader.forEachItem(in: collection, body)
    }

    public func dictionary(_ number: Int64) throws -> [UInt8]? { try reader.dictionary(number) }

    public func latestDictionary(of collection: CollectionNumber) throws -> (number: Int64, bytes: [UInt8])? {
        try reader.latestDictionary(of: collection)
    }

    public func lastSequence() throws -> SequenceNumber { try reader.lastSequence() }

    public func changes(after: SequenceNumber, limit: Int, _ body: (StoreChange) throws -> Void) throws {
        try reader.changes(after: after, limit: limit, body)
    }

    public func names(of sequences: Set<SequenceNumber>) throws -> [SequenceNumber: ItemName] {
        try reader.names(of: sequences)
    }

    public func itemCounts() throws -> [CollectionNumber: Int] { try reader.itemCounts() }

    public func itemSizes(
        in collection: CollectionNumber, atMost count: Int
    ) throws -> (items: Int, bytes: Int) {
        try reader.itemSizes(in: collection, atMost: count)
    }

    public func statistics() throws -> StoreStatistics { try reader.statistics() }

    // MARK: Writing

    public func write<Result>(_ body: (any ItemStoreTransaction) throws -> Result) throws -> Result {
        // Also when it fails: it may be stored nevertheless.
        defer {
            collectionSequence.withLock { state in
                state.generation += 1
                state.end = nil
            }
        }
        return try transaction { try body($0) }
    }

    /// Has PostgreSQL look at tables that have doubled, rather than in a minute or never: until then, it may read all of a
    /// table of which it knows only that it was empty.
    private func analyze(after count: Int) {
        let written = writtenCount.withLock { state -> Int? in
            state.count += count
            guard state.count >= state.next else { return nil }
            state.next = state.count * 2
            return state.count
        }
        guard let written else { return }
        do {
            let known = try database.rows(
                "SELECT CAST(reltuples AS BIGINT) FROM pg_class WHERE oid = to_regclass('catalogue_item_versions')")
            guard let known = known.first?.integer(0), known < written else { return }
            _ = try database.rows("ANALYZE catalogue_item_versions, catalogue_removals")
        } catch {
            // It is not our table, or busy.
            Logger.current.debug("The tables cannot be analyzed", metadata: ["error": "\(error)"])
        }
    }

    private func transaction<Result>(_ body: (PostgreSQLTransaction) throws -> Result) throws -> Result {
        guard mode != .read else {
            throw CatalogueError(.notWritable, "The catalogue is open for reading only.")
        }
        var count = 0
        let result = try catalogueErrors {
            try writingDatabase.write(.readCommitted) { database in
                let transaction = try PostgreSQLTransaction(database, patience: patience)
                defer { transaction.end() }
                // The caller counts in it.
                database.preventRepetition()
                let result = try body(transaction)
                try transaction.finish()
                count = transaction.versionCount
                return result
            }
        }
        if count > 0 { analyze(after: count) }
        return result
    }

    /// Works in many short transactions, between which others write. The next purge resumes an interrupted one.
    public func purge(through: SequenceNumber) throws {
        let through = min(through, try nodes().commonSequence)
        while try transaction({ try $0.purgeRemovals(through: through) }) {}
        for collection in try transaction({ try $0.removedCollections(through: through) }) {
            while try transaction({ try $0.purgeItems(of: collection) }) {}
            // Last, so that an interrupted purge is known to be unfinished.
            try transaction { try $0.purgeCollection(collection) }
        }
        try transaction { try $0.purgeOutdated(through: through) }
    }

    // MARK: Maintenance

    public func integrityCheck() throws -> [String] { try check { try $0.integrityCheck() } }

    public func structureCheck() throws -> [String] { try check { try $0.structureCheck() } }

    private func check(_ body: (PostgreSQLReader) throws -> [String]) throws -> [String] {
        do {
            return try body(try pinnedReader())
        } catch let error as CatalogueError where error.code == .storeDamaged {
            return [error.description]
        }
    }

    /// All rows have had checksums from the beginning.
    public func uncheckedCount() throws -> Int { 0 }

    public func addChecksums(onProgress: (Int) -> Void) throws {}

    /// - Throws: `invalid` always: PostgreSQL's own tools do that.
    public func backup(toDirectory directory: String) throws {
        throw CatalogueError(
            .invalid,
            "A catalogue in PostgreSQL is backed up by PostgreSQL's own means, such as pg_dump or pg_basebackup; 'terrabyte export' writes its Items as GeoParquet, which 'terrabyte items load' reads."
        )
    }

    public func byteCount() throws -> Int {
        let sizes = PostgreSQLSchema.tables.map { "pg_total_relation_size('\($0)')" }.joined(separator: " + ")
        return Int(try reader.source.rows("SELECT \(sizes) AS bytes").first?.integer(0) ?? 0)
    }
}
