import Access
import HTTPEdge
import HTTPTypes

/// What the API does at a path for a method, and what is said of it: the router and the description are both made of
/// these, so that neither has what the other has not.
struct APIOperation: Sendable {
    enum Handler: Sendable {
        case read(@Sendable (STACServer) -> @Sendable (STACRequest) throws -> EdgeResponse)
        /// That may be answered without another thread.
        case prepared(@Sendable (STACServer) -> @Sendable (STACRequest) throws -> PreparedResponse)
        /// By the query, or by the body where there is no query.
        case search(
            query: @Sendable (STACServer) -> @Sendable (STACRequest) throws -> PreparedResponse,
            body: @Sendable (STACServer) -> @Sendable (STACRequest) throws -> PreparedResponse)
        case write(@Sendable (STACServer) -> @Sendable (STACRequest) throws -> EdgeResponse)
    }

    /// Groups of the description, in its order.
    enum Tag: String, Sendable, CaseIterable {
        case overview = "Overview"
        case search = "Search"
        case collections = "Collections"
        case items = "Items"
        case properties = "Queryables and sortables"
        case aggregation = "Aggregation"
        case browsing = "Browsing"
    }

    /// What a request carries, in any of some media types.
    struct Body: Sendable {
        let schema: APISchema.Name
        var types = [MediaType.json]
        /// For the command line: JSON, or a file as `@item.json`.
        let example: String
    }

    let method: HTTPRequest.Method
    /// Below the prefix, with placeholders in braces.
    let path: String
    /// Unique; what generated clients call it.
    let id: String
    let tag: Tag
    let summary: String
    var detail: String?
    /// Those of the path come by themselves.
    var parameters: [APIParameter] = []
    var body: Body?
    /// Those of success.
    let responses: [APIResponse]
    /// What may go wrong here beside what goes wrong everywhere.
    var failures: [APIFailure] = []
    /// Whether reading needs the operator's token; writing always does.
    var isForOperatorsOnly = false
    /// A query that shows what the operation is for.
    var exampleQuery: String?
    let handler: Handler

    var isWrite: Bool { if case .write = handler { true } else { false } }

    var needsToken: Bool { access != .anyone }

    var access: AccessRule {
        if isWrite { return .scope(.writeCatalogue) }
        return isForOperatorsOnly ? .scope(.explainSearches) : .anyone
    }

    /// Whether something that is there is written anew or removed.
    private var isChange: Bool { isWrite && method != .post }

    var allParameters: [APIParameter] {
        APIParameter.ofPaths.filter { path.contains("{\($0.name)}") } + parameters + (isChange ? [.prefer] : [])
    }

    /// All responses of success.
    var allResponses: [APIResponse] { responses + (isChange ? [.minimal] : []) }

    /// All that may go wrong, by status.
    var allFailures: [APIFailure] {
        var all: Set<APIFailure> = [.badRequest, .tooManyRequests, .serverError, .unavailable]
        if path.contains("{") { all.insert(.notFound) }
        if body != nil || isWrite { all.insert(.tooLarge) }
        if needsToken { all.formUnion([.unauthorized, .forbidden]) }
        if isWrite { all.insert(.storeFull) }
        return all.union(failures).sorted { $0.rawValue < $1.rawValue }
    }
}

extension APIOperation {
    /// All there are, in the order of the description.
    static func all(_ configuration: STACServer.Configuration) -> [APIOperation] {
        let items = [
            APIParameter.limit(standard: configuration.defaultLimit, maximum: configuration.maximumLimit)
        ]
        let places = APIParameter.assetLocation(configuration.assetLocations).map { [$0] } ?? []
        let collections = APIParameter.collectionLimit(
            standard: min(STACServer.defaultCollectionLimit, configuration.maximumLimit),
            maximum: configuration.maximumLimit)
        return overview + search(items + APIParameter.paging + places) + self.collections(limit: collections)
            + self.items(items + APIParameter.paging + places, places) + properties + aggregation
            + browsing(limit: collections)
    }
}
