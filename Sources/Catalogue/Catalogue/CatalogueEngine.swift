import Caching
import JSON
import SearchIndex
import Synchronization

/// A catalogue: the store of Collections and Items, and the index that is derived from it, in a directory.
///
/// Any number of processes may use the store at once; one of those with the same directory keeps the index there and
/// can search. That one sees what
/// it writes itself in the next search, and what others write as soon as it follows (`catchUp`, `CatalogueMaintenance`).
///
/// A write that has returned is on disk, whatever becomes of the index: what this cannot take now, with a full disk for
/// example, it takes when it follows next. Such troubles go to `Logger.current`.
public final class CatalogueEngine: Sendable {
    /// Whether this process keeps the index.
    public enum IndexUse: Sendable {
        /// It must: otherwise `init` fails.
        case required
        /// It must, and for as long as it lives, as a server does: `init` waits for commands that keep the index for
        /// now, and fails when another server does.
        case permanent
        /// It does, unless another process does.
        case ifFree
        /// It only uses the store.
        case none
    }

    public static let defaultCacheByteCount = 64 << 20

    /// As long as commands like `status` keep the index.
    private static let shortPatience = Duration.seconds(2)

    /// As it was given.
    public let home: String
    /// The same, absolute and without symbolic links: it holds when the working directory changes.
    let directory: String
    let store: any ItemStore
    let codec: BodyCodec
    /// Of Items that were asked for lately, by their sequences: those that many ask for, such as the newest, are neither
    /// read from the store nor unpacked again.
    let bodyCache: Cache<SequenceNumber, ItemBody>
    let recentKeys = RecentKeys()
    let collectionCache = CollectionCache()
    let index: ItemIndex?
    private let lock: OwnerLock?
    /// Of the one server.
    private let serverLock: OwnerLock?
    let following: Mutex<Following>
    /// What numbers collections had when they were last asked for.
    let collectionNumbers = Mutex<[String: CollectionNumber]>([:])
    /// What was last said of each collection.
    let descriptions = Mutex<[CollectionNumber: DescribedCollection]>([:])
    let collectionIDs = Mutex<[CollectionNumber: String]>([:])

    /// Opens a catalogue.
    ///
    /// An index that is missing, damaged or not this store's is built anew.
    ///
    /// - Parameters:
    ///   - store: Of this process alone, or one that it shares with others on any machine.
    ///   - home: The directory of the index, which is made when there is none. Processes that use the same directory
    ///     share one index, which one of them keeps; those of another machine have a directory and an index of their own.
    ///   - cacheByteCount: Memory for Items that are asked for again and again.
    ///   - onWaiting: Called when it has to wait, which may take as long as a load.
    /// - Throws: `CatalogueError`: `storeBusy` when the index is required and another process keeps it; errors of the
    ///   store; `storeFailed` when the directory cannot be made or written to.
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
        // Further than the store: a copy of an older one has been put in its place. At the beginning: what lies there
        // is no index or a damaged one, whose files nobody would remove while the new one grows beside them.
        let last = try store.lastSequence()
        if index.appliedSequence == 0 || index.appliedSequence > last { index.clear() }
        return index
    }

    /// Bytes of the store and of the index's files.
    func byteCount() throws -> Int {
        try store.byteCount() + (index?.statistics.collections.reduce(0) { $0 + $1.fileBytes } ?? 0)
    }

    /// Whether this process keeps the index and can search.
    public var ownsIndex: Bool { index != nil }

    /// - Throws: `storeBusy` where another process keeps the index.
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
