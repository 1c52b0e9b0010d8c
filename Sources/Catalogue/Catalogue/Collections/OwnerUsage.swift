/// What the Collections of one owner hold together.
public struct OwnerUsage: Sendable, Hashable {
    public var collections = 0
    public var items = 0
    /// Of these Items as they are stored, compressed. See `CatalogueService.usage`.
    public var bytes = 0

    public init(collections: Int = 0, items: Int = 0, bytes: Int = 0) {
        self.collections = collections
        self.items = items
        self.bytes = bytes
    }
}
