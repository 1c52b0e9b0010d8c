public import STACAPI

/// A page of Collections.
public struct CollectionPage: Sendable, Hashable {
    public var collections: [StoredCollection]
    /// All matching Collections, on all pages.
    public var matched: Int
    /// Start of the next page; `nil`: this is the last.
    public var next: SearchCursor?
    /// End of the previous page; `nil`: this is the first.
    public var previous: SearchCursor?
    /// Ids of all Collections that are damaged, so that they are on no page.
    public var damaged: [String]

    public init(
        collections: [StoredCollection], matched: Int, next: SearchCursor? = nil, previous: SearchCursor? = nil,
        damaged: [String] = []
    ) {
        self.damaged = damaged
        self.collections = collections
        self.matched = matched
        self.next = next
        self.previous = previous
    }
}
