import Synchronization

/// The Collections as they were read last, so that a search need not read and parse all of them. Holds their texts.
final class CollectionMemory: Sendable {
    private struct State {
        var sequence: SequenceNumber = -1
        /// By id.
        var entries: [CollectionEntry] = []
    }

    private let state = Mutex(State())

    /// All Collections, by id, as they are in the store now.
    func entries(of store: some ItemStore) throws -> [CollectionEntry] {
        // Before the Collections are read: a write in between is found next time.
        let sequence = try store.lastCollectionSequence()
        let known = state.withLock { $0 }
        if known.sequence == sequence { return known.entries }
        let unchanged = Dictionary(uniqueKeysWithValues: known.entries.map { ($0.stored.sequence, $0) })
        let entries = try store.collections().map { try unchanged[$0.sequence] ?? CollectionEntry($0) }
        state.withLock { $0 = State(sequence: sequence, entries: entries) }
        return entries
    }
}
