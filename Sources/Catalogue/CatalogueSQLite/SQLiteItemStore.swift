public import Catalogue
import GRDB
import Synchronization

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
    let readers: SQLiteReaderPool
    /// `nil` while the store can only be read.
    private let openWriter: Mutex<SQLiteWriter?>
    private let mode: Mode

    /// How a store is opened.
    public enum Mode: Sendable {
        /// For reading and writing; created if it does not exist.
        case create
        /// For reading and writing. If the disk is full, only reading works, until a write finds space.
        case write
        /// For reading only: nothing is created or changed.
        case read
    }

    /// Opens the store at `path`.
    ///
    /// - Throws: `storeMissing` when there is none; `storeUnsupported` for a file that is no catalogue or was written by
    ///   a newer version of this library.
    public init(path: String, mode: Mode = .create, configuration: Configuration = Configuration()) throws {
        self.path = path
        self.mode = mode
        self.configuration = configuration
        // SQLite takes what is shorter than the smallest page for a new database.
        guard !(1..<512).contains(fileByteCount(path)) else {
            throw CatalogueError(.storeUnsupported, "The file is not a catalogue.")
        }
        if mode != .create, fileByteCount(path) == 0 {
            throw CatalogueError(.storeMissing, "There is no catalogue in \(path).")
        }
        var writer: SQLiteWriter?
        if mode != .read {
            do {
                writer = try SQLiteWriter(path: path, mayBeNew: mode == .create, configuration: configuration)
            } catch let error as CatalogueError where error.code == .storeFull && mode == .write {
                // Reading needs no space.
            }
        }
        readers = SQLiteReaderPool(
            path: path, access: writer == nil ? .readOnly : .readWrite, configuration: configuration)
        openWriter = Mutex(writer)
        if writer == nil {
            try readers.withReader { try SQLiteSchema.requireCurrent($0) }
        }
    }

    /// Whether nothing can be written now.
    public var isReadOnly: Bool { openWriter.withLock { $0 == nil } }

    /// The writing connection. If the disk was full when the store was opened, tries again to open it.
    ///
    /// - Throws: `notWritable`, `storeFull`.
    var writer: SQLiteWriter {
        get throws {
            try openWriter.withLock { writer in
                if let writer { return writer }
                guard mode != .read else {
                    throw CatalogueError(.notWritable, "The catalogue is open for reading only.")
                }
                let opened = try SQLiteWriter(path: path, mayBeNew: false, configuration: configuration)
                readers.access = .readWrite
                writer = opened
                return opened
            }
        }
    }

    public func identifier() throws -> String {
        try readers.withReader { try $0.identifier() }
    }

    public func snapshot() throws -> any ItemStoreReader {
        try SQLiteSnapshot(path: path, access: readers.access, configuration: configuration)
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

    @discardableResult
    public func forEachItem(
        in collection: CollectionNumber, _ body: (String, SequenceNumber) throws -> Void
    ) throws -> Int {
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

    public func names(of sequences: Set<SequenceNumber>) throws -> [SequenceNumber: ItemName] {
        try readers.withReader { try $0.names(of: sequences) }
    }

    // MARK: State

    public func itemCounts() throws -> [CollectionNumber: Int] {
        try readers.withReader { try $0.recordedItemCounts() }
    }

    public func itemSizes(
        in collection: CollectionNumber, atMost count: Int
    ) throws -> (items: Int, bytes: Int) {
        try readers.withReader { try $0.itemSizes(in: collection, atMost: count) }
    }

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
