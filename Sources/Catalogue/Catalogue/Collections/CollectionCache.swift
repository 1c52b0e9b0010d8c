import STACAPI
import Synchronization

/// The Collections as last read, so that a search need not read and parse all of them. Includes their texts.
final class CollectionCache: Sendable {
    private struct State {
        var sequence: SequenceNumber = -1
        /// By id.
        var stored: [StoredCollection] = []
        /// Numbers of Collections of owners.
        var owned: [CollectionName: Int] = [:]
        /// The last change to Items that is included.
        var appliedSequence: SequenceNumber = -1
        /// By id, with members derived from Items.
        var entries: [CollectionEntry] = []
    }

    private let state = Mutex(State())

    /// All Collections, by id, as currently stored.
    func collections(of store: some ItemStore) throws -> [StoredCollection] { try current(store).stored }

    /// The number of Collections of an owner.
    func count(of owner: String, in store: some ItemStore) throws -> Int {
        try current(store).owned[CollectionName(owner)] ?? 0
    }

    private func current(_ store: some ItemStore) throws -> State {
        // Taken before the Collections are read: a write in between is found next time.
        let sequence = try store.lastCollectionSequence()
        var known = state.withLock { $0 }
        if known.sequence == sequence { return known }
        known.stored = try store.collections(reusing: known.stored)
        known.owned = Dictionary(
            known.stored.lazy.compactMap { CollectionSet.owner(of: $0.id) }.map { ($0, 1) }, uniquingKeysWith: +)
        known.sequence = sequence
        known.appliedSequence = -1
        state.withLock { $0 = known }
        return known
    }

    /// All Collections with members derived from their Items, by id; and those that are damaged.
    ///
    /// - Parameter appliedSequence: The last change to Items that `described` includes.
    func entries(
        of store: some ItemStore, appliedSequence: SequenceNumber,
        described: (StoredCollection) throws -> StoredCollection
    ) throws -> (entries: [CollectionEntry], damaged: [StoredCollection]) {
        var known = try current(store)
        let damaged = known.stored.filter(\.isDamaged)
        if known.appliedSequence == appliedSequence { return (known.entries, damaged) }
        let earlier = Dictionary(uniqueKeysWithValues: known.entries.map { ($0.stored.number, $0) })
        known.entries = try known.stored.filter { !$0.isDamaged }.map { collection in
            let now = try described(collection)
            if let entry = earlier[now.number], entry.stored == now { return entry }
            return try CollectionEntry(now)
        }
        known.appliedSequence = appliedSequence
        state.withLock { $0 = known }
        return (known.entries, damaged)
    }
}
