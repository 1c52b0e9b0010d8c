import Caching
import JSON
import Logging
import SearchIndex
import Synchronization

/// A catalogue: the store of Collections and Items, and the index derived from it, in a directory.
///
/// Any number of processes may use the store at once; one of those with the same directory owns the index there and can
/// search. Its next search sees its own writes, and the writes of other processes once it has followed them (`catchUp`,
/// `CatalogueMaintenance`).
///
/// A write that has returned is on disk, whatever happens to the index: changes that the index cannot take now, for
/// example because the disk is full, are applied when it follows the store again. Such errors go to `logger`.
public final class CatalogueEngine: Sendable {
    /// Whether this process owns the index.
    public enum IndexUse: Sendable {
        /// Required: otherwise `init` fails.
        case required
        /// As required, and built anew; a copy where there is a source.
        case rebuilt
        /// Required for the process's lifetime, as for a server: `init` fails when another server owns it. While a command
        /// owns the index, it is read as last written, and taken over later (`CatalogueMaintenance`).
        case permanent
        /// Owns the index unless another process does.
        case ifFree
        /// Reads the index as last written, whichever process owns it, and follows the store in memory. Nothing is created.
        case reading
        /// Uses only the store.
        case none
    }

    public static let defaultCacheByteCount = 64 << 20

    /// The maximum time for which commands like `status` own the index.
    static let shortPatience = Duration.seconds(2)

    /// The path as given.
    public let home: String
    /// The same, absolute and without symbolic links: it remains valid when the working directory changes.
    let directory: String
    package let store: any ItemStore
    let codec: BodyCodec
    /// Cache of recently requested Items, by their sequences: popular ones, such as the newest, are neither read from
    /// the store nor decompressed again.
    let bodyCache: Cache<SequenceNumber, ItemBody>
    let recentKeys = RecentKeys()
    let collectionCache = CollectionCache()
    let sizes = CollectionSizes()
    let access: Mutex<IndexAccess>
    /// As many changes are followed in memory where this process does not own the index.
    let followedInMemory: SequenceNumber
    /// The one that was current when the catalogue was opened: requests come on threads that have none.
    let logger = Logger.current
    /// The damage that has been met.
    let damage = DamageLog()
    /// Whether nothing can be written to the catalogue's directory.
    public let isReadOnly: Bool
    /// Held by the only server.
    private let serverLock: OwnerLock?
    let following: Mutex<Following>
    /// As of the last attempt to follow.
    let lag = Mutex(IndexLag())
    /// Why the last attempt to follow has failed; `nil` after a success. Apart, so that it can be asked for meanwhile.
    let followingFailure = Mutex<String?>(nil)
    /// Why the last attempt to read the Collections has failed; `nil` after a success.
    let readFailure = Mutex<String?>(nil)
    /// Collection numbers by id, as of their last lookup.
    let collectionNumbers = Mutex<[String: CollectionNumber]>([:])
    /// The last published description of each collection.
    let descriptions = Mutex<[CollectionNumber: DescribedCollection]>([:])
    let collectionIDs = Mutex<[CollectionNumber: String]>([:])

    /// Opens a catalogue.
    ///
    /// An index that is missing or of another store is rebuilt, and so are damaged parts of it.
    ///
    /// - Parameters:
    ///   - store: Used by this process alone, or shared with others on any machine.
    ///   - home: The directory of the index, created if it does not exist. Processes that use the same directory share
    ///     one index, which one of them owns; those of another machine have a directory and an index of their own.
    ///   - source: The home of another node with the same store, or a copy of its index, which is copied if `home` has
    ///     no index yet, instead of reading all Items; it may be in use.
    ///   - cacheByteCount: Size of the Item body cache.
    ///   - isReadOnly: Whether nothing may be written to `home`.
    ///   - followedInMemory: As many changes are followed in memory while another process owns the index, which writes
    ///     more to its files; `nil`: some hundred thousand, or millions if no process writes.
    ///   - onWaiting: Called when another process owns an index that is to be owned permanently.
    /// - Throws: `CatalogueError`: `storeBusy` when the index is required and another process owns it; errors of the
    ///   store; `storeFailed` when the directory cannot be created or written to.
    public init(
        store: any ItemStore, home: String, index use: IndexUse = .required, copiedFrom source: String? = nil,
        cacheByteCount: Int = defaultCacheByteCount, isReadOnly: Bool = false,
        followedInMemory: SequenceNumber? = nil, onWaiting: () -> Void = {}
    ) throws {
        self.home = home
        self.isReadOnly = isReadOnly
        directory = try Self.directory(home, for: use, isReadOnly: isReadOnly)
        self.store = store
        codec = BodyCodec { try store.dictionary($0) }
        bodyCache = Cache(byteLimit: cacheByteCount)
        following = Mutex(Following())
        serverLock = use == .permanent && !isReadOnly ? try Self.lockForServer(directory) : nil
        self.followedInMemory =
            followedInMemory ?? (use == .permanent && isReadOnly ? Self.inMemoryAtMost : Self.followedAtMost)
        access = Mutex(
            try Self.acquireIndex(
                use, directory: directory, store: store, source: source, isReadOnly: isReadOnly,
                onWaiting: onWaiting))
        // An index that is not there is not built for a look.
        if use == .reading, index?.appliedSequence == 0 { return }
        do {
            try catchUp()
        } catch let error as CatalogueError where error.code == .storeFull {
            // Searching what there is needs no space.
            followingFailure.withLock { $0 = error.message }
            logger.error("The index could not follow the store", metadata: ["error": "\(error)"])
        }
        // A server is there at once, and repairs in the background; who only reads reports.
        if use != .permanent, use != .reading, needsRepair { try repairIndex() }
    }

    private static func directory(_ home: String, for use: IndexUse, isReadOnly: Bool) throws -> String {
        if isReadOnly { return try CatalogueDirectory.existing(home) }
        // Of a store that is elsewhere, there need not be a directory; who only reads makes none.
        guard use == .none || use == .reading else { return try CatalogueDirectory.make(home) }
        return CatalogueDirectory.exists(home) ? try CatalogueDirectory.existing(home) : home
    }

    /// - Returns: `nil` on a disk without space for the lock's file.
    private static func lockForServer(_ directory: String) throws -> OwnerLock? {
        do {
            guard let lock = try OwnerLock.acquire(path: directory + "/server.lock") else {
                throw CatalogueError(.storeBusy, "Another process serves this catalogue already.")
            }
            return lock
        } catch let error as CatalogueError where error.code == .storeFull {
            return nil
        }
    }

    /// Bytes of the store and of the index's files.
    func byteCount() throws -> Int {
        try store.byteCount() + (index?.statistics.collections.reduce(0) { $0 + $1.fileBytes } ?? 0)
    }

    /// Whether this process owns the index and can search.
    public var ownsIndex: Bool { access.withLock { $0.lock != nil } }

    /// The index in which this process searches, whether or not it owns it.
    var index: ItemIndex? { access.withLock { $0.index } }

    /// - Throws: `storeBusy` if another process owns the index.
    func requireIndex() throws -> ItemIndex {
        guard let index else { throw CatalogueError(.storeBusy, "Another process keeps the index of this catalogue.") }
        return index
    }

    func requireCollection(_ id: String) throws -> StoredCollection {
        guard let collection = try store.collection(id: id) else {
            throw CatalogueError(.noSuchCollection, "There is no Collection \"\(id)\".")
        }
        return collection
    }
}
