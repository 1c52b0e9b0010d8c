/// A set of Collections, also of those that are yet to be made: all, or those of some owners, and some by their ids.
///
/// A Collection belongs to the owner, a user or a container, whose name is its id up to the first dot. One without a dot is
/// curated: it belongs to the platform. An empty set is empty; only `all` is everything.
public struct CollectionSet: Sendable, Hashable {
    public private(set) var hasAll: Bool
    public private(set) var hasCurated: Bool
    /// Those all of whose Collections are in the set.
    public private(set) var owners: Set<CollectionName>
    public private(set) var ids: Set<CollectionName>

    private init(
        hasAll: Bool = false, hasCurated: Bool = false, owners: Set<CollectionName> = [], ids: Set<CollectionName> = []
    ) {
        self.hasAll = hasAll
        self.hasCurated = hasCurated
        self.owners = owners
        self.ids = ids
    }

    public static let none = CollectionSet()
    public static let all = CollectionSet(hasAll: true)
    public static let curated = CollectionSet(hasCurated: true)

    public static func owned(by owners: some Sequence<String>) -> CollectionSet {
        CollectionSet(owners: Set(owners.map(CollectionName.init)))
    }

    public static func only(_ ids: some Sequence<String>) -> CollectionSet {
        CollectionSet(ids: Set(ids.map(CollectionName.init)))
    }

    public func union(_ other: CollectionSet) -> CollectionSet {
        CollectionSet(
            hasAll: hasAll || other.hasAll, hasCurated: hasCurated || other.hasCurated,
            owners: owners.union(other.owners), ids: ids.union(other.ids))
    }

    /// - Complexity: O(1), but for the length of the id.
    public func contains(_ id: String) -> Bool {
        if hasAll { return true }
        let isOwned = Self.owner(of: id).map { owners.contains($0) } ?? hasCurated
        return isOwned || !ids.isEmpty && ids.contains(CollectionName(id))
    }

    /// The owner of a Collection; `nil` for a curated one.
    public static func owner(of id: String) -> CollectionName? {
        id.utf8.firstIndex(of: UInt8(ascii: ".")).map { CollectionName(String(id[..<$0])) }
    }
}

/// The id of a Collection or the name of its owner, equal only to one of the same bytes: to `String`, `é` composed and
/// decomposed are the same.
public struct CollectionName: Sendable, Hashable {
    public let text: String

    public init(_ text: String) {
        self.text = text
    }

    public static func == (left: CollectionName, right: CollectionName) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    public func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}
