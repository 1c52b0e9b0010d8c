public import Access
public import Catalogue
import Geo
public import HTTPEdge
import HTTPTypes
import JSON
import NIOCore
import STACAPI

/// STAC API 1.0.0 over a catalogue.
///
/// Source: [STAC API 1.0.0](https://github.com/radiantearth/stac-api-spec/tree/v1.0.0).
public struct STACServer: Sendable {
    public struct Configuration: Sendable {
        /// The path that all of the API is below, without a slash at the end.
        public var prefix = "/public/api"
        /// The Collections that the API shows.
        public var visibleCollections = VisibleCollections.all
        /// Whether the operator has said so, rather than it being the default.
        var isVisibilityChosen = false
        /// Whether a personal API has the curated Collections, too, where a request says nothing of them.
        public var includesCurated = false
        /// Of each owner that has none of its own, on a personal API.
        public var quota = Quota()
        /// The `id` of the landing page.
        public var id = "terrabyte"
        public var title = "terrabyte STAC API"
        public var description = "Earth-observation data as SpatioTemporal Asset Catalog."
        /// In which language title and description are: a language tag (RFC 5646).
        public var language = "en"
        /// Items on a page by default.
        public var defaultLimit = 10
        /// Larger values of `limit` mean this.
        public var maximumLimit = 10_000
        /// Items that one search may decode where the index does not decide.
        public var maximumItemsDecodedPerSearch = 200_000
        /// Largest accepted body of a search, in bytes.
        public var maximumSearchBodyByteCount = 1 << 20
        /// The locations of assets' files.
        public var assetLocations = AssetLocations()
        /// Location of hrefs when the client does not choose one; one of `assetLocations`, or `nil`: where they were
        /// written.
        public var assetLocation: String?
        /// The same for clients of some networks; the first that a client is in counts.
        public var assetNetworks: [(networks: IPNetworks, location: String)] = []
        /// Searches that take as long are logged with their plan; `nil`: none is.
        public var slowSearch: Duration? = .seconds(1)

        public init() {}
    }

    let edge: EdgeServer
    private let catalogue: any CatalogueService
    let visibility: @Sendable (Principal) -> Visibility
    let configuration: Configuration
    /// `nil`: there are none, and Collections may have any id.
    let quotas: QuotaKeeper?
    let metrics: SearchMetrics
    let description: APIDescription

    /// - Parameters:
    ///   - name: Distinguishes the metrics of several APIs in one process.
    ///   - visibility: The Collections that a principal may see and write; `nil`: as the configuration has it.
    public init(
        _ catalogue: any CatalogueService, edge: EdgeServer, configuration: Configuration = Configuration(),
        name: String = "stac", visibility: (@Sendable (Principal) -> Visibility)? = nil
    ) {
        self.catalogue = catalogue
        self.edge = edge
        self.configuration = configuration
        self.visibility = visibility ?? configuration.visibleCollections.visibility
        quotas = configuration.visibleCollections == .personal ? QuotaKeeper(standard: configuration.quota) : nil
        metrics = SearchMetrics(edge.telemetry, api: name)
        description = APIDescription(configuration)
    }

    public func addRoutes(to routes: inout RouteGroup) {
        routes.components = description.openAPI.components
        for operation in description.operations {
            routes.add(
                operation.method, configuration.prefix + operation.path, access: operation.access,
                bodyLimit: bodyLimit(of: operation), OpenAPIDocument.operation(operation), handler(of: operation))
        }
    }

    private func bodyLimit(of operation: APIOperation) -> Int {
        let whole = edge.configuration.maximumBodyByteCount
        let search = min(configuration.maximumSearchBodyByteCount, whole)
        switch operation.handler {
        case .write: return whole
        case .search: return search
        case .read, .prepared: return operation.body == nil ? 0 : search
        }
    }

    private func handler(of operation: APIOperation) -> RouteHandler {
        switch operation.handler {
        case .read(let respond):
            let respond = respond(self)
            return .reading { request in try problems { try respond(stacRequest(request)) } }
        case .prepared(let prepare): return prepared(prepare(self))
        case .search(let byQuery, let byBody):
            let (byQuery, byBody) = (byQuery(self), byBody(self))
            // By the query; where there is none, by the body: terrapi sends its parameters so, and to take no notice of
            // them would return unrequested Items.
            return prepared { request in
                let hasQuery = try request.query?.isEmpty == false && !concernsCuratedOnly(request.query)
                return try request.body.isEmpty || hasQuery ? byQuery(request) : byBody(request)
            }
        case .write(let respond):
            let respond = respond(self)
            return .writing { request in
                let response = try problems { try respond(stacRequest(request)) }
                return ReturnPreference.applied(to: response, for: request.head)
            }
        }
    }

    private func prepared(_ prepare: @escaping @Sendable (STACRequest) throws -> PreparedResponse) -> RouteHandler {
        .prepared { request in
            let cancellation = request.cancellation
            let prepared = try problems {
                try Interruption.when({ cancellation.isCancelled }) { try prepare(stacRequest(request)) }
            }
            // What was interrupted may be wrong.
            if cancellation.isCancelled { throw CancellationError() }
            return PreparedResponse(isQuick: prepared.isQuick, isLarge: prepared.isLarge) {
                try problems { try prepared.make() }
            }
        }
    }

    private func stacRequest(_ request: EdgeRequest) throws -> STACRequest {
        let base = try LinkBase(
            request.head, peer: request.peer, edge.configuration, prefix: configuration.prefix)
        return STACRequest(
            request, location: APILocation(base), catalogue: catalogue.view(try visibility(for: request)),
            assets: try assets(for: request), isTolerant: configuration.visibleCollections == .personal)
    }
}

/// Errors, as problem details for clients.
private func problems<Result>(_ work: () throws -> Result) throws -> Result {
    do {
        return try work()
    } catch {
        throw Problem(error) ?? error
    }
}
