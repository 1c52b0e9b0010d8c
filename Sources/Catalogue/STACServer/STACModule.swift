import Catalogue
public import HTTPEdge
public import ServiceModule

/// The STAC API as a service.
public struct STACModule: ServiceModule {
    public static let name = "stac"
    public static let summary = "The STAC API."
    public static let dependencies = ["catalogue"]

    private let server: STACServer

    /// See `STACServer.Configuration`.
    public static func configuration(_ settings: Settings) throws -> STACServer.Configuration {
        var configuration = STACServer.Configuration()
        try configuration.read(settings)
        return configuration
    }

    public init(_ context: ModuleContext<STACServer.Configuration>) throws {
        var configuration = context.configuration
        if !configuration.isVisibilityChosen, context.server.serviceNames.contains("identity") {
            // With accounts there are Collections that are not everybody's.
            configuration.visibleCollections = .curated
        }
        server = STACServer(
            try context.capability((any CatalogueService).self), edge: context.edge, configuration: configuration,
            name: context.name)
    }

    public func addRoutes(to routes: inout RouteGroup) { server.addRoutes(to: &routes) }

    public var entryPoints: [EntryPoint] {
        [EntryPoint(server.configuration.title, path: server.configuration.prefix)]
    }
}
