public import STACAPI

/// The Collections that a caller may see, and those that it may write.
public struct Visibility: Sendable, Hashable {
    /// Those that the caller may see: with the writable ones.
    public let readable: CollectionSet
    public let writable: CollectionSet

    public init(reading: CollectionSet, writing: CollectionSet) {
        readable = reading.union(writing)
        writable = writing
    }

    public static let everything = Visibility(reading: .all, writing: .all)

    public func canRead(_ id: String) -> Bool { readable.contains(id) }
    public func canWrite(_ id: String) -> Bool { writable.contains(id) }
}
