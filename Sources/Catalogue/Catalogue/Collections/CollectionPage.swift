public import STACAPI

/// A page of Collections.
public struct CollectionPage: Sendable, Hashable {
    public var collections: [StoredCollection]
    /// All Collections that match, on whatever page.
    public var matched: Int
    /// Where the page after this one starts; `nil`: this is the last.
    public var next: SearchCursor?
    /// Where the page before this one ends; `nil`: this is the first.
    public var previous: SearchCursor?

    public init(
        collections: [StoredCollection], matched: Int, next: SearchCursor? = nil, previous: SearchCursor? = nil
    ) {
        self.collections = collections
        self.matched = matched
        self.next = next
        self.previous = previous
    }
}
