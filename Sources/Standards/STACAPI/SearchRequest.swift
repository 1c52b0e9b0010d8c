public import CQL2
public import Geo
public import Temporal

/// A search request: the parameters of Item Search, parsed and validated.
///
/// Source: [STAC API - Item Search 1.0.0](https://github.com/radiantearth/stac-api-spec/tree/v1.0.0/item-search).
public struct SearchRequest: Sendable {
    /// `nil`: every collection.
    public var collections: [String]?
    /// The Collections that exist for the caller: of all others, a search knows nothing.
    public var visible = CollectionSet.all
    /// `nil`: every id.
    public var ids: [String]?
    /// Items whose geometry intersects it; from `bbox` or `intersects`.
    public var area: Geometry?
    /// Items whose elevation range meets it (metres); from a `bbox` of six numbers. An Item without one is at 0.
    public var elevation: ClosedRange<Double>?
    /// Items whose instant or interval has an instant in common with it.
    public var datetime: DateTimeInterval?
    public var filter: Expression?
    /// The condition on the Item's texts.
    public var text: FreeTextExpression?
    /// Most significant first. The id is the last key always; see `SortKey.effective(_:)`.
    public var sortBy: [SortKey]
    /// Items on a page, at least 1 (0: count only).
    public var limit: Int
    /// The start of the page; `nil`: the first page.
    public var cursor: SearchCursor?

    public init(
        collections: [String]? = nil, ids: [String]? = nil, area: Geometry? = nil,
        elevation: ClosedRange<Double>? = nil, datetime: DateTimeInterval? = nil, filter: Expression? = nil,
        text: FreeTextExpression? = nil, sortBy: [SortKey] = [], limit: Int = 10, cursor: SearchCursor? = nil
    ) {
        self.collections = collections
        self.ids = ids
        self.area = area
        self.elevation = elevation
        self.datetime = datetime
        self.filter = filter
        self.text = text
        self.sortBy = sortBy
        self.limit = limit
        self.cursor = cursor
    }
}
