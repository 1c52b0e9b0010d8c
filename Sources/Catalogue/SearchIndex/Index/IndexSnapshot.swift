/// The whole index at one sequence, never changed: searches work on it undisturbed.
struct IndexSnapshot: Sendable {
    /// By the store's number.
    var collections: [Int64: CollectionSegments] = [:]
    /// The sequence of the last change that is in here.
    var appliedSequence: Int64 = 0
}
