public import Catalogue
import GRDB

/// A store on a local file system: a SQLite database in WAL mode, which several processes may use at the same time.
///
/// GRDB owns the writing connection, with its schema and its transactions; per-Item operations, including reads, use
/// prepared statements of SQLite's C API. Reading never waits for writing. A `write` that has returned survives a power
/// failure; an interrupted one leaves no changes.
///
/// Writers, of any process, wait for each other for up to `Configuration.patienceSeconds`. `write` must not be called
/// inside `write`.
public final class SQLiteItemStore: ItemStore {
    /// Name of the database file in a catalogue's directory.
    static let fileName = "catalogue.sqlite"

    public let configuration: Configuration
    let path: String
    let writer: SQLiteWriter
    let readers: SQLiteReaderPool

    /// Opens the store at `path`, and creates it if it does not exist.
    ///
    /// - Throws: `storeUnsupported` for a file that is no catalogue or was written by a newer version of this library.
    public init(path: String, configuration: Configuration = Configuration()) throws {
        self.path = path
        self.configuration = configuration
        writer = try SQLiteWriter(path: path, configuration: configuration)
        readers = SQLiteReaderPool(path: path, configuration: configuration)
    }

    public func identifier() throws -> String {
        try readers.withReader { try $0.identifier() }
    }

    public func snapshot() throws -> any ItemStoreReader {
        try SQLiteSnapshot(path: path, configuration: configuration)
    }

    // MARK: Collections

    public func collections(reusing known: [StoredCollection]) throws -> [StoredCollection] {
        try readers.withReader { try $0.collections(reusing: known) }
    }

    public func collection(id: String) throws -> StoredCollection? {
        try readers.withReader { try $0.collection(id: id) }
    }

    public func lastCollectionSequence() throws -> SequenceNumber {
        try readers.withReader { try $0.lastCollectionSequence() }
    }

    // MARK: Items

    public func sequence(of id: String, in collection: CollectionNumber) throws -> SequenceNumber? {
        try readers.withReader { try $0.sequence(of: id, in: collection) }
    }

    public func withBodies(_ sequences: [SequenceNumber], _ body: (Int, StoredBody) throws -> Void) throws {
        try readers.withReader { try $0.withBodies(sequences, body) }
    }

    public func forEachItem(in collection: CollectionNumber, _ body: (String, SequenceNumber) throws -> Void) throws {
        try readers.withReader { try $0.forEachItem(in: collection, body) }
    }

    public func dictionary(_ number: Int64) throws -> [UInt8]? {
        try readers.withReader { try $0.dictionary(number) }
    }

    public func latestDictionary(of collection: CollectionNumber) throws -> (number: Int64, bytes: [UInt8])? {
        try readers.withReader { try $0.latestDictionary(of: collection) }
    }

    // MARK: Following

    public func lastSequence() throws -> SequenceNumber {
        try readers.withReader { try $0.lastSequence() }
    }

    public func changes(after: SequenceNumber, limit: Int, _ body: (StoreChange) throws -> Void) throws {
        try readers.withReader { try $0.changes(after: after, limit: limit, body) }
    }

    // MARK: State

    public func statistics() throws -> StoreStatistics {
        try readers.withReader { try $0.statistics() }
    }
}

extension SQLiteItemStore {
    public struct Configuration: Sendable {
        /// Only used when the store is created; a power of two from 512 to 65536.
        public var pageByteCount = 8192
        /// Maximum wait of a write for the writers of other processes.
        public var patienceSeconds = 30
        /// Cache size of the writing connection, in pages.
        public var writerCacheByteCount = 128 << 20
        /// Cache size of each reading connection, in pages. There are about as many as threads read at once.
        public var readerCacheByteCount = 16 << 20
        /// Length of the log at which it is checkpointed into the database.
        public var logByteCount = 128 << 20

        public init() {}
    }
}
