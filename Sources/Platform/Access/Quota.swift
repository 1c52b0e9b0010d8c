/// How much the Collections of one owner may hold together; `nil`: as the server has it.
public struct Quota: Sendable, Hashable {
    /// Collections.
    public var collections: Int?
    /// Items of all its Collections.
    public var items: Int?
    /// Bytes of these Items as they are stored.
    public var bytes: Int?

    public init(collections: Int? = nil, items: Int? = nil, bytes: Int? = nil) {
        self.collections = collections
        self.items = items
        self.bytes = bytes
    }

    /// With the values of another quota in the place of those that are missing.
    public func filled(from other: Quota) -> Quota {
        Quota(
            collections: collections ?? other.collections, items: items ?? other.items, bytes: bytes ?? other.bytes)
    }
}
