import Logging
import SearchIndex
import Synchronization

/// How a process comes by an index: it owns the one in the directory, or reads that of the owner.
extension CatalogueEngine {
    /// The index in the directory and the lock that makes it ours. Without the lock, an index is what the owner last
    /// wrote, and what has been followed since then is in memory.
    struct IndexAccess {
        var index: ItemIndex?
        var lock: OwnerLock?
    }

    /// More changes than these are not followed in memory: the owner of the index is writing them to files.
    static let followedAtMost: SequenceNumber = 1 << 18
    /// An index that cannot be written, or not by this process, may have as many changes in memory.
    static let inMemoryAtMost: SequenceNumber = 4 << 20

    private static let busy = CatalogueError(.storeBusy, "Another process keeps the index of this catalogue.")

    static func acquireIndex(
        _ use: IndexUse, directory: String, store: any ItemStore, source: String?, isReadOnly: Bool,
        onWaiting: () -> Void
    ) throws -> IndexAccess {
        switch use {
        case .none: return IndexAccess()
        case .reading: return IndexAccess(index: try readIndex(directory, of: store))
        case .required, .rebuilt:
            guard !isReadOnly else {
                throw CatalogueError(.notWritable, "The index needs permission to write to the catalogue's directory.")
            }
            guard let lock = try OwnerLock.acquire(path: directory + "/index.lock", patience: shortPatience) else {
                throw busy
            }
            let index =
                use == .rebuilt
                ? try rebuiltIndex(directory, of: store, source: source)
                : try openIndex(directory, of: store, source: source)
            return IndexAccess(index: index, lock: lock)
        case .permanent, .ifFree:
            if !isReadOnly {
                do {
                    if let lock = try OwnerLock.acquire(path: directory + "/index.lock") {
                        return IndexAccess(index: try openIndex(directory, of: store, source: source), lock: lock)
                    }
                    guard use == .permanent else { return IndexAccess() }
                    onWaiting()
                } catch let error as CatalogueError where error.code == .storeFull {
                    // Reading needs no space.
                    Logger.current.error(
                        "The disk is full: the index can only be read", metadata: ["error": "\(error)"])
                }
            }
            return IndexAccess(index: try readIndex(directory, of: store))
        }
    }

    /// - Parameter source: Where to copy an index from if there is none.
    private static func openIndex(
        _ directory: String, of store: any ItemStore, source: String? = nil
    ) throws -> ItemIndex {
        let index = try ownIndex(directory, of: store)
        guard index.appliedSequence == 0 else {
            try requireNotAhead(index, of: store)
            return index
        }
        // The directory contains no index or that of another store, whose files would otherwise stay beside those of the new
        // one.
        index.clear()
        guard let source, try store.lastSequence() > 0 else { return index }
        do {
            return try copiedIndex(directory, of: store, from: source)
        } catch {
            // It can be built, too.
            Logger.current.warning("The index is built, since none can be copied", metadata: ["error": "\(error)"])
            index.clear()
            return index
        }
    }

    /// An empty index, or a copy of another node's, whatever the present one is.
    private static func rebuiltIndex(
        _ directory: String, of store: any ItemStore, source: String?
    ) throws -> ItemIndex {
        if let source { return try copiedIndex(directory, of: store, from: source) }
        let index = try ownIndex(directory, of: store)
        index.clear()
        return index
    }

    private static func ownIndex(_ directory: String, of store: any ItemStore) throws -> ItemIndex {
        try indexErrors { try ItemIndex(path: directory + "/index", storeID: store.identifier()) }
    }

    private static func copiedIndex(
        _ directory: String, of store: any ItemStore, from source: String
    ) throws -> ItemIndex {
        do {
            try indexErrors {
                try ItemIndex.replace(directory + "/index", byCopyOf: source, storeID: store.identifier())
            }
        } catch let error as IndexCopyError {
            throw CatalogueError(.invalid, "The index in \(source) cannot be copied: \(error.description).")
        }
        let index = try ownIndex(directory, of: store)
        try requireNotAhead(index, of: store)
        Logger.current.info(
            "Copied an index",
            metadata: ["catalogue.source": "\(source)", "catalogue.sequence": "\(index.appliedSequence)"])
        return index
    }

    private static func readIndex(_ directory: String, of store: any ItemStore) throws -> ItemIndex {
        let index = try indexErrors { try ItemIndex(reading: directory + "/index", storeID: store.identifier()) }
        try requireNotAhead(index, of: store)
        return index
    }

    /// An index knows of changes that its store has lost when the store's files have been replaced by older ones, or its
    /// log has been removed.
    private static func requireNotAhead(_ index: ItemIndex, of store: any ItemStore) throws {
        let last = try store.lastSequence()
        guard index.appliedSequence > last else { return }
        throw CatalogueError(
            .storeDamaged,
            "The catalogue's database has lost its \(index.appliedSequence - last) newest changes, which the search index knows: it is older, or, of a SQLite catalogue, its log (catalogue.sqlite-wal) is gone. Put the right one in place or restore a backup; 'terrabyte reindex' accepts the database as it is."
        )
    }

    /// Makes this process the owner of the index if the previous one is done; else reads what that one has written since.
    ///
    /// - Returns: Whether this process owns the index.
    func takeOverIndex() throws -> Bool {
        if ownsIndex { return true }
        guard !isReadOnly, let known = index else { return false }
        if let lock = try OwnerLock.acquire(path: directory + "/index.lock") {
            let index = try Self.openIndex(directory, of: store)
            try following.withLock { following in
                // Searches use the other one until this one has come as far.
                following.unsavedCount = 0
                try catchUp(index, &following)
                access.withLock { $0 = IndexAccess(index: index, lock: lock) }
                recentKeys.removeAll()
            }
            return true
        }
        guard try store.lastSequence() - known.appliedSequence > followedInMemory else { return false }
        let newer = try Self.readIndex(directory, of: store)
        if newer.appliedSequence > known.appliedSequence {
            following.withLock { _ in access.withLock { $0.index = newer } }
            recentKeys.removeAll()
        }
        return false
    }
}
