import Logging
import SearchIndex
import Synchronization

extension CatalogueEngine {
    /// Guarded by the lock that is held while changes go from the store into the index.
    struct Following {
        /// Changes in the index that a restart would have to read from the store again, about.
        var unsavedCount = 0
    }

    /// An index that has come further than this is saved on the way.
    private static let unsavedAtMost = 1 << 20

    /// Brings into the index what has been written, by whomever.
    ///
    /// Items in the store that cannot be read or indexed are logged and passed over; `verify` names them.
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

    /// Lets the next search see a write that is on disk. That it cannot is no reason to call the write a failure.
    func publishWritten() {
        recentKeys.removeAll()
        do {
            try catchUp()
        } catch {
            Logger.current.error("The index could not follow a write", metadata: ["error": "\(error)"])
        }
    }

    /// Brings changes into the index whose content is at hand.
    ///
    /// - Returns: Whether they are in there now; otherwise the index has to follow the store.
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

    /// Writes what the index has in memory only. Following goes on meanwhile.
    func checkpoint() throws {
        guard let index else { return }
        try indexErrors { try index.checkpoint() }
        following.withLock { $0.unsavedCount = 0 }
    }

    private func apply(_ changes: IndexChanges, to index: ItemIndex, _ following: inout Following) throws {
        try indexErrors { try index.apply(changes) }
        // Searches answer otherwise from here on: another version.
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
    /// The next changes in the store, in the index's terms.
    private func changes(after sequence: SequenceNumber) throws -> IndexChanges {
        let feed = IndexFeed(codec: codec) { try self.store.changes(after: $0, limit: $1, $2) }
        return try feed.changes(after: sequence) { number in
            try collectionID(number)
        } noting: { collection in
            collectionIDs.withLock { $0[collection.number] = collection.id }
        }
    }

    /// - Returns: `nil` for a collection that is gone.
    private func collectionID(_ number: CollectionNumber) throws -> String? {
        if let known = collectionIDs.withLock({ $0[number] }) { return known }
        let all = try store.collections()
        collectionIDs.withLock { known in for collection in all { known[collection.number] = collection.id } }
        return collectionIDs.withLock { $0[number] }
    }
}
