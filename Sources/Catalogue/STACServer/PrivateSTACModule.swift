import Access
import Catalogue
public import HTTPEdge
public import ServiceModule

/// The STAC API of users' own Collections and of those that are shared with them, as a service.
public struct PrivateSTACModule: ServiceModule {
    public static let name = "private-stac"
    public static let summary = "The STAC API of users' own and shared Collections."
    public static let isOnByDefault = false
    /// Without accounts, nobody would have any.
    public static let dependencies = ["catalogue", "identity"]

    private let server: STACServer

    /// See `STACServer.Configuration`.
    public static func configuration(_ settings: Settings) throws -> STACServer.Configuration {
        var configuration = STACServer.Configuration.personal
        try configuration.read(settings)
        return configuration
    }

    public init(_ context: ModuleContext<STACServer.Configuration>) throws {
        server = STACServer(
            try context.capability((any CatalogueService).self), edge: context.edge,
            configuration: context.configuration, name: context.name)
    }

    public func addRoutes(to routes: inout RouteGroup) { server.addRoutes(to: &routes) }

    public var entryPoints: [EntryPoint] {
        [EntryPoint(server.configuration.title, path: server.configuration.prefix)]
    }
}

extension STACServer.Configuration {
    /// The defaults of the API of users' own Collections.
    static var personal: Self {
        var configuration = Self()
        configuration.visibleCollections = .personal
        configuration.prefix = "/private/api"
        configuration.id = "terrabyte-private"
        configuration.title = "terrabyte User STAC API"
        configuration.description = "Your own Collections, and those that are shared with you."
        configuration.quota = Quota(collections: 1_000, items: 10_000_000, bytes: 10 << 30)
        return configuration
    }
}
