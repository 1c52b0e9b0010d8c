import JSON
import SearchIndex
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A catalogue in a directory: the store of Collections and Items, and the index that is derived from it.
///
/// Any number of processes may use the store at once; one of them keeps the index and can search. That one sees what
/// it writes itself in the next search, and what others write as soon as it follows (`catchUp`, `CatalogueKeeper`).
public final class CatalogueEngine: Sendable {
    /// Whether this process keeps the index.
    public enum IndexUse: Sendable {
        /// It must: otherwise `open` fails.
        case required
        /// It does, unless another process does.
        case ifFree
        /// It only uses the store.
        case none
    }

    public let home: String
    let store: SQLiteItemStore
    let codec: BodyCodec
    let index: ItemIndex?
    private let lock: OwnerLock?
    /// Held while changes go from the store into the index.
    let following = Mutex(())
    let collectionIDs = Mutex<[CollectionNumber: String]>([:])

    /// Opens the catalogue in the directory `home`, which is made when there is none.
    ///
    /// - Throws: `CatalogueError`: `storeBusy` when the index is required and another process keeps it;
    ///   `storeUnsupported` and others of the store.
    public init(home: String, index use: IndexUse = .required) throws {
        self.home = home
        try Self.makeDirectory(home)
        store = try SQLiteItemStore(path: home + "/catalogue.sqlite")
        codec = BodyCodec(store: store)
        lock = use == .none ? nil : try OwnerLock(path: home + "/index.lock")
        if lock == nil {
            guard use != .required else {
                throw CatalogueError(.storeBusy, "Another process serves this catalogue already.")
            }
            index = nil
        } else {
            index = try ItemIndex(path: home + "/index", storeID: store.identifier())
        }
        try catchUp()
    }

    static func makeDirectory(_ path: String) throws {
        var partial = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            partial += "/" + part
            guard mkdir(partial, 0o755) == 0 || errno == EEXIST else {
                throw CatalogueError(
                    .storeFailed, "The directory of the catalogue cannot be made.", cause: SystemError(code: errno))
            }
        }
    }

    /// Bytes of the catalogue's files.
    func byteCount() -> Int {
        let files = ["catalogue.sqlite", "catalogue.sqlite-wal"].map { file -> Int in
            var status = stat()
            return stat("\(home)/\(file)", &status) == 0 ? Int(status.st_size) : 0
        }
        return files.reduce(0, +) + (index?.statistics.collections.reduce(0) { $0 + $1.fileBytes } ?? 0)
    }

    /// Whether this process keeps the index and can search.
    public var keepsIndex: Bool { index != nil }

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

// MARK: - Following

extension CatalogueEngine {
    /// Brings into the index what has been written, by whomever.
    public func catchUp() throws {
        guard let index else { return }
        try following.withLock { _ in
            while try store.lastSequence() > index.appliedSequence {
                let before = index.appliedSequence
                try index.apply(try changes(after: before))
                guard index.appliedSequence > before else { return }
            }
        }
    }

    /// Changes read at once: so many that they become segments of a good size when an index is built anew.
    private static let followedAtOnce = 65_536

    private func changes(after sequence: SequenceNumber) throws -> IndexChanges {
        var changes = IndexChanges(after: sequence)
        var batches: [CollectionNumber: (columns: ColumnBatch, sequences: [SequenceNumber])] = [:]
        try codec.withUnpacker { unpacker in
            try store.changes(after: sequence, limit: Self.followedAtOnce) { change in
                switch change {
                case .putCollection(let collection):
                    collectionIDs.withLock { $0[collection.number] = collection.id }
                    changes.pass(collection.sequence)
                case .removedCollection(let sequence, let number):
                    batches[number] = nil
                    changes.removeCollection(number, at: sequence)
                case .putItem(let sequence, let number, let body):
                    try unpacker.withItem(of: body) { item in
                        try batches[number, default: (ColumnBatch(), [])].columns.append(item: item)
                        batches[number]?.sequences.append(sequence)
                    }
                    changes.pass(sequence)
                case .removedItem(let sequence, let number, let removed):
                    changes.remove(removed, from: number, at: sequence)
                }
            }
        }
        for (number, batch) in batches {
            guard let id = try collectionID(number) else { continue }
            changes.put(
                batch.columns, rows: 0..<batch.columns.count, sequences: batch.sequences,
                in: .init(number: number, id: id))
        }
        return changes
    }

    /// - Returns: `nil` for a collection that is gone.
    func collectionID(_ number: CollectionNumber) throws -> String? {
        if let known = collectionIDs.withLock({ $0[number] }) { return known }
        let all = try store.collections()
        collectionIDs.withLock { known in for collection in all { known[collection.number] = collection.id } }
        return collectionIDs.withLock { $0[number] }
    }

    /// Writes what the index has in memory only, brings its files into shape, and forgets old versions of Items.
    public func tidy() throws {
        guard let index else { return }
        try index.checkpoint()
        while try index.mergeOnce() { try index.checkpoint() }
    }

    /// Builds the index anew from the store.
    public func reindex() throws {
        let index = try requireIndex()
        index.clear()
        try catchUp()
        try tidy()
    }
}
