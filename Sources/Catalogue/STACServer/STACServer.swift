public import Catalogue
public import HTTPEdge
import HTTPTypes
public import Hummingbird
import NIOCore
import Telemetry

/// STAC API 1.0.0 over a catalogue.
///
/// Source: [STAC API 1.0.0](https://github.com/radiantearth/stac-api-spec/tree/v1.0.0).
public struct STACServer: Sendable {
    public struct Configuration: Sendable {
        /// The path that all of the API is below, without a slash at the end.
        public var prefix = "/public/api"
        /// The `id` of the landing page.
        public var id = "terrabyte"
        public var title = "terrabyte STAC API"
        public var description = "Earth-observation data as SpatioTemporal Asset Catalog."
        /// In which language title and description are: a language tag (RFC 5646).
        public var language = "en"
        /// Items on a page when nothing is said.
        public var defaultLimit = 10
        /// Larger values of `limit` mean this.
        public var maximumLimit = 10_000
        /// Items that one search may look into where the index does not decide.
        public var maximumItemsDecodedPerSearch = 200_000
        /// Where the files of assets are.
        public var assetLocations = AssetLocations()
        /// Where hrefs point when the client does not say; one of `assetLocations`, or `nil`: where they were written.
        public var assetLocation: String?
        /// The same for clients of some networks; the first that a client is in counts.
        public var assetNetworks: [(networks: IPNetworks, location: String)] = []
        /// Searches that take as long are logged with their plan; `nil`: none is.
        public var slowSearch: Duration? = .seconds(1)

        public init() {}
    }

    let edge: EdgeServer
    let catalogue: any CatalogueService
    let configuration: Configuration
    let metrics: SearchMetrics
    let description: APIDescription

    public init(_ catalogue: any CatalogueService, edge: EdgeServer, configuration: Configuration = Configuration()) {
        self.catalogue = catalogue
        self.edge = edge
        self.configuration = configuration
        metrics = SearchMetrics(edge.telemetry)
        description = APIDescription(configuration)
        edge.telemetry.add { catalogueMetrics(catalogue) }
    }

    public func addRoutes(to router: EdgeRouter) {
        var handlers: [String: [HTTPRequest.Method: EdgeHandler]] = [:]
        for operation in description.operations {
            handlers[operation.path, default: [:]][operation.method] = handler(of: operation)
        }
        for (path, handlers) in handlers { router.resource(RouterPath(configuration.prefix + path), handlers) }
    }

    private func handler(of operation: APIOperation) -> EdgeHandler {
        let handler: EdgeHandler
        let takesBody = operation.body != nil
        switch operation.handler {
        case .read(let response): handler = takesBody ? readBody(response(self)) : read(response(self))
        case .prepared(let response):
            handler = takesBody ? readBody(prepared: response(self)) : read(prepared: response(self))
        case .search(let byQuery, let byBody):
            handler = search(read(prepared: byQuery(self)), readBody(prepared: byBody(self)))
        case .write(let response): handler = write(response(self))
        }
        return operation.needsToken ? operatorOnly(handler) : handler
    }

    // MARK: From the server's world into the catalogue's

    private typealias Operation = @Sendable (STACRequest) throws -> EdgeResponse

    private func read(_ operation: @escaping Operation) -> EdgeHandler {
        { request, context in
            try await response(to: request, body: [], context, operation)
        }
    }

    private func response(
        to request: Request, body: [UInt8], _ context: EdgeContext, _ operation: @escaping Operation
    ) async throws -> Response {
        let client = edge.client(request.headers, context)
        let request = try stacRequest(request.head, context.path, context.channel.remoteAddress, body: body)
        let response = try await edge.readers.run(for: client) { cancellation in
            var request = request
            request.cancellation = cancellation
            return try problems { try operation(request) }
        }
        return edge.response(response, for: client)
    }

    private func operatorOnly(_ handler: @escaping EdgeHandler) -> EdgeHandler {
        { request, context in
            try edge.access.check(request.headers)
            return try await handler(request, context)
        }
    }

    private func write(_ operation: @escaping Operation) -> EdgeHandler {
        { request, context in
            let request = try stacRequest(
                request.head, context.path, context.channel.remoteAddress, body: try await body(of: request, context))
            let response = try await edge.writers.run { _ in try problems { try operation(request) } }
            return edge.response(ReturnPreference.applied(to: response, for: request.head), for: .server)
        }
    }

    private typealias Preparation = @Sendable (STACRequest) throws -> PreparedResponse

    private func read(prepared: @escaping Preparation) -> EdgeHandler {
        read { try prepared($0).make() }
    }

    private func readBody(_ operation: @escaping Operation) -> EdgeHandler {
        { request, context in
            let body = try await body(of: request, context)
            return try await response(to: request, body: body, context, operation)
        }
    }

    private func readBody(prepared: @escaping Preparation) -> EdgeHandler {
        readBody { try prepared($0).make() }
    }

    /// By the query; where there is none, by the body: terrapi sends its parameters so, and to take no notice of them
    /// would be to answer with what was not asked for.
    private func search(_ byQuery: @escaping EdgeHandler, _ byBody: @escaping EdgeHandler) -> EdgeHandler {
        { request, context in
            let hasQuery = request.uri.query?.isEmpty == false
            let byteCount = request.headers[.contentLength].flatMap { Int($0) }
            let hasBody = byteCount.map { $0 > 0 } ?? (request.headers[.transferEncoding] != nil)
            return try await (hasBody && !hasQuery ? byBody : byQuery)(request, context)
        }
    }

    private func body(of request: Request, _ context: EdgeContext) async throws -> [UInt8] {
        try await request.collectedBody(limit: edge.configuration.maximumBodyByteCount, edge.deadlines, context)
    }

    private func stacRequest(
        _ head: HTTPRequest, _ path: [String: Substring], _ peer: SocketAddress?, body: [UInt8]
    ) throws -> STACRequest {
        let base = try LinkBase(head, peer: peer, edge.configuration, prefix: configuration.prefix)
        var request = STACRequest(head: head, path: path, location: APILocation(base), body: body)
        request.assets = try problems { try assets(for: request, peer) }
        return request
    }
}

/// The response to a request that has been read.
struct PreparedResponse: Sendable {
    /// Whether making it takes less time than waking another thread, which is a quarter of a millisecond on an idle
    /// machine: at most some twenty Items by their keys.
    let isQuick: Bool
    let make: @Sendable () throws -> EdgeResponse
}

/// What goes wrong, as clients are told of it.
private func problems<Result>(_ work: () throws -> Result) throws -> Result {
    do {
        return try work()
    } catch {
        throw Problem(error) ?? error
    }
}

extension EdgeContext {
    fileprivate var path: [String: Substring] {
        Dictionary(parameters.map { (String($0.key), $0.value[...]) }) { first, _ in first }
    }
}

// MARK: Quick responses

extension STACServer {
    /// Answers single Items and the first few in the order of time on the connection's own thread.
    public var promptResponder: PromptResponder {
        let catalogue = catalogue
        return PromptResponder(
            edge.configuration, longestBody: 4_096, dependsOnPeer: !configuration.assetNetworks.isEmpty,
            version: { catalogue.version }
        ) {
            promptAnswer($0, $1, $2)
        }
    }

    private func promptAnswer(
        _ head: HTTPRequest, _ body: [UInt8], _ peer: SocketAddress?
    ) -> PromptResponder.Outcome? {
        guard let target = head.path, target.utf8.count <= 4_096, target.hasPrefix(configuration.prefix) else {
            return nil
        }
        let rest = target.utf8.dropFirst(configuration.prefix.utf8.count)
        let path = Substring(rest.prefix { $0 != UInt8(ascii: "?") })
        let route: String
        let preparation: Preparation
        var parameters: [String: Substring] = [:]
        if path == "/search" {
            route = "/search"
            preparation = head.method == .post ? searchByBody : searchByQuery
        } else {
            let parts = path.split(separator: "/", omittingEmptySubsequences: false)
            guard head.method == .get, parts.count == 5, parts[0].isEmpty, parts[1] == "collections",
                parts[3] == "items", !parts[2].isEmpty, !parts[4].isEmpty
            else { return nil }
            route = "/collections/{collection}/items/{item}"
            parameters = ["collection": parts[2], "item": parts[4]]
            preparation = item
        }
        let response = Result<EdgeResponse?, any Error> {
            try problems {
                let response = try preparation(try stacRequest(head, parameters, peer, body: body))
                return response.isQuick ? try response.make() : nil
            }
        }
        switch response {
        case .success(nil): return nil
        case .success(let response?): return (configuration.prefix + route, .success(response))
        case .failure(let error): return (configuration.prefix + route, .failure(error))
        }
    }
}
