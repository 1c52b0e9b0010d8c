import Logging
import SearchIndex
import Synchronization

extension CatalogueEngine {
    /// Guarded by the lock that is held while changes are copied from the store into the index.
    struct Following {
        /// Approximate number of changes in the index that a restart would have to read from the store again.
        var unsavedCount = 0
        /// When files of the index may be written again after a failure.
        var checkpointsResume: ContinuousClock.Instant?
    }

    private static let pauseAfterFailure = Duration.seconds(10)

    /// While catching up, the index is saved after this many changes.
    private static let unsavedAtMost: SequenceNumber = 1 << 20

    /// Copies all new changes into the index, whichever process wrote them.
    ///
    /// Items in the store that cannot be read or indexed are logged and skipped; `verify` names them.
    public func catchUp() throws {
        guard let index else { return }
        try following.withLock { following in
            do {
                try catchUp(index, &following)
                followingFailure.withLock { $0 = nil }
            } catch {
                followingFailure.withLock { $0 = (error as? CatalogueError)?.message ?? "\(error)" }
                throw error
            }
        }
    }

    /// Copies all new changes into an index.
    func catchUp(_ index: ItemIndex, _ following: inout Following) throws {
        let isSearched = index === self.index
        let isOwned = ownsIndex || !isSearched
        while true {
            let last = try newestChange()
            recentKeys.follow(last)
            if isSearched { lag.withLock { $0.apply(through: index.appliedSequence) } }
            guard last > index.appliedSequence else { break }
            // The owner writes these to files, which are read then.
            if !isOwned, last - index.appliedSequence > followedInMemory { break }
            let changes = try changes(after: index.appliedSequence, from: store)
            guard changes.through > changes.after else { break }
            try apply(changes, to: index, &following)
            if isSearched { lag.withLock { $0.apply(through: index.appliedSequence) } }
            if isOwned { try checkpoint(index, &following, at: Self.unsavedAtMost) }
        }
        if isOwned { try checkpoint(index, &following, at: SequenceNumber(IndexFeed.changesAtOnce)) }
    }

    private func newestChange() throws -> SequenceNumber {
        lag.withLock { $0.ask() }
        do {
            let newest = try store.lastSequence()
            lag.withLock { $0.receive(newest) }
            return newest
        } catch {
            lag.withLock { $0.fail() }
            throw error
        }
    }

    /// Brings an index to the state of a snapshot.
    func catchUp(_ index: ItemIndex, through snapshot: any ItemStoreReader, _ following: inout Following) throws {
        let last = try snapshot.lastSequence()
        while index.appliedSequence < last {
            let changes = try changes(after: index.appliedSequence, from: snapshot)
            guard changes.through > changes.after else { break }
            try apply(changes, to: index, &following)
        }
    }

    /// Publishes a committed write to the next search. A failure to do so does not fail the write.
    func publishWritten() {
        recentKeys.removeAll()
        do {
            try catchUp()
        } catch {
            logger.error("The index could not follow a write", metadata: ["error": "\(error)"])
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
                if ownsIndex { try checkpoint(index, &following, at: Self.unsavedAtMost) }
                return index.appliedSequence >= changes.through
            }
        } catch {
            logger.error("The index could not take a load's Items", metadata: ["error": "\(error)"])
            return false
        }
    }

    /// Writes the changes that only the index in memory has. Following continues meanwhile.
    func checkpoint() throws {
        guard let index, ownsIndex else { return }
        try indexErrors { try index.checkpoint() }
        following.withLock { $0.unsavedCount = 0 }
    }

    private func apply(_ changes: IndexChanges, to index: ItemIndex, _ following: inout Following) throws {
        try indexErrors { try index.apply(changes) }
        // Search results may differ from here on: a new version.
        recentKeys.removeAll()
        following.unsavedCount += Int(changes.through - changes.after)
    }

    /// Writes an index's files once it has so many changes in memory. On a full disk, these stay in memory.
    private func checkpoint(_ index: ItemIndex, _ following: inout Following, at count: SequenceNumber) throws {
        guard following.unsavedCount >= count else { return }
        if let resume = following.checkpointsResume, ContinuousClock.now < resume,
            following.unsavedCount < Self.inMemoryAtMost
        {
            return
        }
        do {
            try indexErrors { try index.checkpoint() }
            following.unsavedCount = 0
            following.checkpointsResume = nil
        } catch let error as CatalogueError where error.code == .storeFull {
            following.checkpointsResume = .now + Self.pauseAfterFailure
            guard following.unsavedCount < Self.inMemoryAtMost else { throw error }
            logger.error("The index cannot be written", metadata: ["error": "\(error)"])
        }
    }
}

// MARK: - Reading changes

extension CatalogueEngine {
    /// The next changes, as index changes.
    private func changes(after sequence: SequenceNumber, from reader: any ItemStoreReader) throws -> IndexChanges {
        let feed = IndexFeed(codec: codec, logger: logger) { try reader.changes(after: $0, limit: $1, $2) }
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
