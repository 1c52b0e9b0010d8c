import Access
import HTTPEdge
import HTTPTypes

/// An operation of the API at a path and method, with its description: the router and the description are both made of
/// these, so that they agree.
struct APIOperation: Sendable {
    enum Handler: Sendable {
        case read(@Sendable (STACServer) -> @Sendable (STACRequest) throws -> EdgeResponse)
        /// May be handled on the event loop.
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

    /// The body of a request, in one of some media types.
    struct Body: Sendable {
        let schema: APISchema.Name
        var types = [MediaType.json]
        /// For the command line: JSON, or a file as `@item.json`.
        let example: String
    }

    let method: HTTPRequest.Method
    /// Below the prefix, with placeholders in braces.
    let path: String
    /// Unique; the operation's name in generated clients.
    let id: String
    let tag: Tag
    let summary: String
    var detail: String?
    /// Without the path's parameters, which are derived from it.
    var parameters: [APIParameter] = []
    var body: Body?
    /// The successful responses.
    let responses: [APIResponse]
    /// The failures beside the common ones.
    var failures: [APIFailure] = []
    /// Whether reading needs the right to explain searches.
    var isForOperatorsOnly = false
    /// Whether it is one of an API whose content depends on who asks.
    var isPersonal = false
    /// An example query.
    var exampleQuery: String?
    let handler: Handler

    var isWrite: Bool { if case .write = handler { true } else { false } }

    var needsToken: Bool { access != .anyone }

    var access: AccessRule {
        if isWrite { return .scope(isPersonal ? .writeCollections : .writeCatalogue) }
        if isForOperatorsOnly { return .scope(.explainSearches) }
        return isPersonal ? .scope(.readCollections) : .anyone
    }

    /// Whether an existing object is replaced or removed.
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
        if body != nil || isWrite { all.formUnion([.tooLarge, .unsupportedMediaType]) }
        if needsToken { all.formUnion([.unauthorized, .forbidden]) }
        if isWrite { all.insert(.storeFull) }
        return all.union(failures).sorted { $0.rawValue < $1.rawValue }
    }
}

extension APIOperation {
    /// All operations, in the order of the description.
    static func all(_ configuration: STACServer.Configuration) -> [APIOperation] {
        let items = [
            APIParameter.limit(standard: configuration.defaultLimit, maximum: configuration.maximumLimit)
        ]
        let assetLocations = APIParameter.assetLocation(configuration.assetLocations).map { [$0] } ?? []
        let collections = APIParameter.collectionLimit(
            standard: min(STACServer.defaultCollectionLimit, configuration.maximumLimit),
            maximum: configuration.maximumLimit)
        let all =
            overview + search(items + APIParameter.paging + assetLocations) + self.collections(limit: collections)
            + self.items(items + APIParameter.paging + assetLocations, assetLocations) + properties + aggregation
            + browsing(limit: collections)
        return configuration.visibleCollections == .personal ? (all + personal).map(\.ofPersonal) : all
    }

    /// The same of a personal API.
    private var ofPersonal: APIOperation {
        var operation = self
        operation.isPersonal = true
        let isDescription = ["/conformance", "/api", "/api.html"].contains(path)
        if method == .get, !isDescription, !path.contains("{") { operation.parameters.append(.curated) }
        return operation
    }
}
