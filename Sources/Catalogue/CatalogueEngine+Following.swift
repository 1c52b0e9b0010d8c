import JSON
import Logging
import SearchIndex
import Synchronization

extension CatalogueEngine {
    /// Guarded by the lock that is held while changes go from the store into the index.
    struct Following {
        /// Changes in the index that a restart would have to read from the store again, about.
        var unsavedCount = 0
    }

    /// Changes read at once: so many that they become segments of a good size when an index is built anew.
    private static let followedAtOnce = 65_536
    /// Bytes of rows that end a piece earlier.
    private static let followedBytesAtOnce = 256 << 20
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
            if following.unsavedCount >= Self.followedAtOnce { try checkpoint(index, &following) }
        }
    }

    /// Lets the next search see a write that is on disk. That it cannot is no reason to call the write a failure.
    func showWritten() {
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
        var feed = FeedReading(changes: IndexChanges(after: sequence))
        do {
            try codec.withUnpacker { unpacker in
                try store.changes(after: sequence, limit: Self.followedAtOnce) { change in
                    try feed.take(change, unpacker)
                    if case .putCollection(let collection) = change {
                        collectionIDs.withLock { $0[collection.number] = collection.id }
                    }
                    // Not behind a removal: what takes the version's place may come next.
                    if case .putItem = change, feed.byteCount > Self.followedBytesAtOnce { throw Enough() }
                }
            }
        } catch is Enough {}
        feed.logUnreadable()
        for (number, batch) in feed.batches {
            guard let id = try collectionID(number) else { continue }
            feed.changes.put(
                batch.columns, rows: 0..<batch.columns.count, sequences: batch.sequences,
                in: .init(number: number, id: id))
        }
        return feed.changes
    }

    /// Ends the reading of changes early.
    private struct Enough: Error {}

    /// - Returns: `nil` for a collection that is gone.
    private func collectionID(_ number: CollectionNumber) throws -> String? {
        if let known = collectionIDs.withLock({ $0[number] }) { return known }
        let all = try store.collections()
        collectionIDs.withLock { known in for collection in all { known[collection.number] = collection.id } }
        return collectionIDs.withLock { $0[number] }
    }
}

/// Changes on their way from the store's feed into the index.
private struct FeedReading {
    var changes: IndexChanges
    var batches: [CollectionNumber: (columns: ColumnBatch, sequences: [SequenceNumber])] = [:]
    /// Of the largest batch.
    private(set) var byteCount = 0
    /// Items that are in the store but cannot be searched, and why; the first of them.
    private var unreadable: [(sequence: SequenceNumber, error: any Error)] = []
    private var unreadableCount = 0

    private static let loggedCount = 10

    init(changes: IndexChanges) {
        self.changes = changes
    }

    mutating func take(_ change: StoreChange, _ unpacker: BodyCodec.Unpacker) throws {
        switch change {
        case .putCollection(let collection): changes.pass(collection.sequence)
        case .removedCollection(let sequence, let number):
            batches[number] = nil
            changes.removeCollection(number, at: sequence)
        case .putItem(let sequence, let number, let body):
            changes.pass(sequence)
            do {
                try unpacker.withItem(of: body) { item in
                    try batches[number, default: (ColumnBatch(), [])].columns.append(item: item)
                    batches[number]?.sequences.append(sequence)
                }
                byteCount = max(byteCount, batches[number]?.columns.byteCount ?? 0)
            } catch  where Self.concernsOneItem(error) {
                unreadableCount += 1
                if unreadable.count < Self.loggedCount { unreadable.append((sequence, error)) }
            }
        case .removedItem(let sequence, let number, let removed):
            changes.remove(removed, from: number, at: sequence)
        }
    }

    /// Whether only this Item cannot be read, today and tomorrow: all others must not wait for it.
    private static func concernsOneItem(_ error: any Error) -> Bool {
        if let error = error as? CatalogueError { return error.code == .storeDamaged }
        return InputFault(error) != nil
    }

    func logUnreadable() {
        for (sequence, error) in unreadable {
            Logger.current.error(
                "An Item cannot be indexed",
                metadata: ["catalogue.sequence": "\(sequence)", "error": "\(error)"])
        }
        if unreadableCount > unreadable.count {
            Logger.current.error(
                "More Items cannot be indexed", metadata: ["count": "\(unreadableCount - unreadable.count)"])
        }
    }
}
