/// The whole index at one sequence, immutable: searches work on it without locks.
struct IndexSnapshot: Sendable {
    /// By the store's collection number.
    var collections = CollectionTable()
    /// The sequence of the last change in the snapshot.
    var appliedSequence: Int64 = 0
}
