public import Catalogue
public import HTTPEdge
import HTTPTypes
public import Hummingbird
import NIOCore

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
        /// Items on a page when nothing is said.
        public var standardLimit = 10
        /// Larger values of `limit` mean this.
        public var maximumLimit = 10_000

        public init() {}
    }

    let edge: EdgeServer
    let catalogue: any CatalogueService
    let configuration: Configuration

    public init(_ catalogue: any CatalogueService, edge: EdgeServer, configuration: Configuration = Configuration()) {
        self.catalogue = catalogue
        self.edge = edge
        self.configuration = configuration
    }

    public func addRoutes(to router: EdgeRouter) {
        let prefix = configuration.prefix
        func path(_ path: String) -> RouterPath { RouterPath(prefix + path) }
        router.resource(path(""), [.get: read(landingPage)])
        router.resource(path("/conformance"), [.get: read(conformance)])
        router.resource(path("/api"), [.get: read(openAPI)])
        router.resource(path("/api.html"), [.get: read(documentation)])
        router.resource(path("/queryables"), [.get: read(queryables)])
        router.resource(path("/sortables"), [.get: read(sortables)])
        router.resource(
            path("/search"),
            [
                .get: read(searchByQuery, atOnce: isQuickSearch), .post: readBody(searchByBody, atOnce: isQuickSearch),
            ])
        router.resource(
            path("/collections"),
            [.get: read(collections), .post: write(createCollection), .put: write(replaceCollection)])
        router.resource(
            path("/collections/{collection}"),
            [.get: read(collection), .put: write(replaceCollection), .delete: write(deleteCollection)])
        router.resource(path("/collections/{collection}/queryables"), [.get: read(queryables)])
        router.resource(path("/collections/{collection}/sortables"), [.get: read(sortables)])
        router.resource(path("/collections/{collection}/items"), [.get: read(items), .post: write(createItems)])
        router.resource(
            path("/collections/{collection}/items/{item}"),
            [.get: read(item, atOnce: { _ in true }), .put: write(replaceItem), .delete: write(deleteItem)])
    }

    // MARK: From the server's world into the catalogue's

    private typealias Operation = @Sendable (STACRequest) throws -> Response

    /// Whether a request is answered on the connection's event loop, since it takes less time than waking another thread
    /// and coming back, which is a quarter of a millisecond on an idle machine: at most some twenty Items by their keys.
    private typealias Haste = @Sendable (STACRequest) -> Bool

    private func read(_ operation: @escaping Operation, atOnce: Haste? = nil) -> EdgeHandler {
        { request, context in try await run(operation, request, context, body: [], on: edge.readers, atOnce) }
    }

    private func readBody(_ operation: @escaping Operation, atOnce: Haste? = nil) -> EdgeHandler {
        { request, context in
            let body = try await body(of: request, context)
            return try await run(operation, request, context, body: body, on: edge.readers, atOnce)
        }
    }

    private func write(_ operation: @escaping Operation) -> EdgeHandler {
        { request, context in
            try edge.access.check(request.headers)
            let body = try await body(of: request, context)
            return try await run(operation, request, context, body: body, on: edge.writers)
        }
    }

    private func body(of request: Request, _ context: EdgeContext) async throws -> [UInt8] {
        try await request.collectedBody(limit: edge.configuration.maximumBodyByteCount, edge.deadlines, context)
    }

    private func run(
        _ operation: @escaping Operation, _ request: Request, _ context: EdgeContext, body: [UInt8],
        on pool: BlockingPool, _ atOnce: Haste? = nil
    ) async throws -> Response {
        let base = try LinkBase(request, publicURL: edge.configuration.publicURL, prefix: configuration.prefix)
        let request = STACRequest(request: request, context: context, location: APILocation(base), body: body)
        let work: @Sendable () throws -> Response = {
            do {
                return try operation(request)
            } catch {
                throw Problem(error) ?? error
            }
        }
        return if let atOnce, atOnce(request) { try work() } else { try await pool.run(work) }
    }
}
