import Logging
import SearchIndex
import Synchronization

extension CatalogueEngine {
    /// Guarded by the lock that is held while changes are copied from the store into the index.
    struct Following {
        /// Approximate number of changes in the index that a restart would have to read from the store again.
        var unsavedCount = 0
    }

    /// While catching up, the index is saved after this many changes.
    private static let unsavedAtMost = 1 << 20

    /// Copies all new changes into the index, whichever process wrote them.
    ///
    /// Items in the store that cannot be read or indexed are logged and skipped; `verify` names them.
    public func catchUp() throws {
        guard let index else { return }
        try following.withLock { following in
            while true {
                let last = try store.lastSequence()
                recentKeys.follow(last)
                guard last > index.appliedSequence else { break }
                let changes = try changes(after: index.appliedSequence)
                guard changes.through > changes.after else { break }
                try apply(changes, to: index, &following)
                if following.unsavedCount >= Self.unsavedAtMost { try checkpoint(index, &following) }
            }
            if following.unsavedCount >= IndexFeed.changesAtOnce { try checkpoint(index, &following) }
        }
    }

    /// Publishes a committed write to the next search. A failure to do so does not fail the write.
    func publishWritten() {
        recentKeys.removeAll()
        do {
            try catchUp()
        } catch {
            Logger.current.error("The index could not follow a write", metadata: ["error": "\(error)"])
        }
    }

    /// Publishes changes to the index whose content is in memory.
    ///
    /// - Returns: Whether they are in the index now; otherwise the index has to follow the store.
    func show(_ changes: IndexChanges) -> Bool {
        recentKeys.removeAll()
        guard let index else { return true }
        do {
            return try following.withLock { following in
                try apply(changes, to: index, &following)
                if following.unsavedCount >= Self.unsavedAtMost { try checkpoint(index, &following) }
                return index.appliedSequence >= changes.through
            }
        } catch {
            Logger.current.error("The index could not take a load's Items", metadata: ["error": "\(error)"])
            return false
        }
    }

    /// Writes the changes that only the index in memory has. Following continues meanwhile.
    func checkpoint() throws {
        guard let index else { return }
        try indexErrors { try index.checkpoint() }
        following.withLock { $0.unsavedCount = 0 }
    }

    private func apply(_ changes: IndexChanges, to index: ItemIndex, _ following: inout Following) throws {
        try indexErrors { try index.apply(changes) }
        // Search results may differ from here on: a new version.
        recentKeys.removeAll()
        following.unsavedCount += Int(changes.through - changes.after)
    }

    private func checkpoint(_ index: ItemIndex, _ following: inout Following) throws {
        try indexErrors { try index.checkpoint() }
        following.unsavedCount = 0
    }
}

// MARK: - Reading changes

extension CatalogueEngine {
    /// The next changes in the store, as index changes.
    private func changes(after sequence: SequenceNumber) throws -> IndexChanges {
        let feed = IndexFeed(codec: codec) { try self.store.changes(after: $0, limit: $1, $2) }
        return try feed.changes(after: sequence) { number in
            try collectionID(number)
        } noting: { collection in
            collectionIDs.withLock { $0[collection.number] = collection.id }
        }
    }

    /// - Returns: `nil` for a removed collection.
    private func collectionID(_ number: CollectionNumber) throws -> String? {
        if let known = collectionIDs.withLock({ $0[number] }) { return known }
        let all = try store.collections()
        collectionIDs.withLock { known in for collection in all { known[collection.number] = collection.id } }
        return collectionIDs.withLock { $0[number] }
    }
}
