import Caching
import JSON
import SearchIndex
import Synchronization

/// A catalogue: the store of Collections and Items, and the index derived from it, in a directory.
///
/// Any number of processes may use the store at once; one of those with the same directory owns the index there and can
/// search. Its next search sees its own writes, and the writes of other processes once it has followed them (`catchUp`,
/// `CatalogueMaintenance`).
///
/// A write that has returned is on disk, whatever happens to the index: changes that the index cannot take now, for
/// example because the disk is full, are applied when it follows the store again. Such errors go to `Logger.current`.
public final class CatalogueEngine: Sendable {
    /// Whether this process owns the index.
    public enum IndexUse: Sendable {
        /// Required: otherwise `init` fails.
        case required
        /// Required for the process's lifetime, as for a server: `init` waits for commands that own the index
        /// temporarily, and fails when another server owns it.
        case permanent
        /// Owns the index unless another process does.
        case ifFree
        /// Uses only the store.
        case none
    }

    public static let defaultCacheByteCount = 64 << 20

    /// The maximum time for which commands like `status` own the index.
    private static let shortPatience = Duration.seconds(2)

    /// The path as given.
    public let home: String
    /// The same, absolute and without symbolic links: it remains valid when the working directory changes.
    let directory: String
    let store: any ItemStore
    let codec: BodyCodec
    /// Cache of recently requested Items, by their sequences: popular ones, such as the newest, are neither read from
    /// the store nor decompressed again.
    let bodyCache: Cache<SequenceNumber, ItemBody>
    let recentKeys = RecentKeys()
    let collectionCache = CollectionCache()
    let index: ItemIndex?
    private let lock: OwnerLock?
    /// Held by the only server.
    private let serverLock: OwnerLock?
    let following: Mutex<Following>
    /// Collection numbers by id, as of their last lookup.
    let collectionNumbers = Mutex<[String: CollectionNumber]>([:])
    /// The last published description of each collection.
    let descriptions = Mutex<[CollectionNumber: DescribedCollection]>([:])
    let collectionIDs = Mutex<[CollectionNumber: String]>([:])

    /// Opens a catalogue.
    ///
    /// An index that is missing, damaged or of another store is rebuilt.
    ///
    /// - Parameters:
    ///   - store: Used by this process alone, or shared with others on any machine.
    ///   - home: The directory of the index, created if it does not exist. Processes that use the same directory share
    ///     one index, which one of them owns; those of another machine have a directory and an index of their own.
    ///   - cacheByteCount: Size of the Item body cache.
    ///   - onWaiting: Called when `init` has to wait, which may take as long as a load.
    /// - Throws: `CatalogueError`: `storeBusy` when the index is required and another process owns it; errors of the
    ///   store; `storeFailed` when the directory cannot be created or written to.
    public init(
        store: any ItemStore, home: String, index use: IndexUse = .required,
        cacheByteCount: Int = defaultCacheByteCount, onWaiting: () -> Void = {}
    ) throws {
        self.home = home
        directory = try CatalogueDirectory.make(home)
        self.store = store
        codec = BodyCodec { try store.dictionary($0) }
        bodyCache = Cache(byteLimit: cacheByteCount)
        following = Mutex(Following())
        let (path, isServer) = (directory + "/index.lock", use == .permanent)
        serverLock = isServer ? try OwnerLock.acquire(path: directory + "/server.lock") : nil
        guard !isServer || serverLock != nil else {
            throw CatalogueError(.storeBusy, "Another process serves this catalogue already.")
        }
        var lock =
            use == .none
            ? nil : try OwnerLock.acquire(path: path, patience: use == .required ? Self.shortPatience : .zero)
        if isServer, lock == nil {
            onWaiting()
            lock = try OwnerLock.acquire(path: path, patience: nil)
        }
        self.lock = lock
        guard lock != nil else {
            guard use != .required else {
                throw CatalogueError(.storeBusy, "Another process keeps the index of this catalogue.")
            }
            index = nil
            return
        }
        index = try Self.openIndex(directory + "/index", of: store)
        try catchUp()
    }

    private static func openIndex(_ path: String, of store: any ItemStore) throws -> ItemIndex {
        let index = try indexErrors { try ItemIndex(path: path, storeID: store.identifier()) }
        // Ahead of the store: the store was replaced by a copy of an older one. At sequence 0: the directory contains
        // no index or a damaged one, whose files would otherwise stay beside those of the new one.
        let last = try store.lastSequence()
        if index.appliedSequence == 0 || index.appliedSequence > last { index.clear() }
        return index
    }

    /// Bytes of the store and of the index's files.
    func byteCount() throws -> Int {
        try store.byteCount() + (index?.statistics.collections.reduce(0) { $0 + $1.fileBytes } ?? 0)
    }

    /// Whether this process owns the index and can search.
    public var ownsIndex: Bool { index != nil }

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
