import Caching
import Synchronization

/// A cache of the sequences of Items recently requested by id, to save lookups in the store. It is cleared when
/// anything is written.
final class RecentKeys: Sendable {
    /// Ids are compared by their bytes.
    private struct Key: Hashable {
        let collection: CollectionNumber
        let id: String

        static func == (left: Key, right: Key) -> Bool {
            left.collection == right.collection && left.id.utf8.elementsEqual(right.id.utf8)
        }

        func hash(into hasher: inout Hasher) {
            hasher.combine(collection)
            var id = id
            id.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        }
    }

    private struct State {
        var generation = 0
        var lastSequence: SequenceNumber = 0
        var sequences = SieveTable<Key, SequenceNumber>(byteLimit: 512 << 10, entryByteLimit: 4 << 10)
    }

    /// Memory use of a key in addition to its id.
    private static let keyByteCount = 64

    private let state = Mutex(State())

    /// Number of times the cache was cleared.
    var generation: Int { state.withLock { $0.generation } }

    /// - Returns: The sequence if it is known, and a generation for `insert`.
    func find(_ id: String, in collection: CollectionNumber) -> (sequence: SequenceNumber?, generation: Int) {
        state.withLock { ($0.sequences.value(for: Key(collection: collection, id: id)), $0.generation) }
    }

    /// - Parameter generation: From before the store was read: a write in between invalidates the sequence.
    func insert(_ sequence: SequenceNumber, of id: String, in collection: CollectionNumber, generation: Int) {
        state.withLock { state in
            guard state.generation == generation else { return }
            _ = state.sequences.insert(
                sequence, for: Key(collection: collection, id: id), byteCount: Self.keyByteCount + id.utf8.count)
        }
    }

    func removeAll() {
        state.withLock { state in
            state.generation += 1
            state.sequences.removeAll()
        }
    }

    /// Clears the cache if the store's last sequence has changed.
    func follow(_ lastSequence: SequenceNumber) {
        let isSame = state.withLock { state in
            defer { state.lastSequence = lastSequence }
            return state.lastSequence == lastSequence
        }
        if !isSame { removeAll() }
    }
}
