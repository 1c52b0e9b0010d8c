import Catalogue
public import HTTPEdge
public import ServiceModule

/// The STAC API as a service.
public struct STACModule: ServiceModule {
    public static let name = "stac"
    public static let summary = "The STAC API."
    public static let dependencies = ["catalogue"]

    private let server: STACServer

    /// Its section of the configuration: see `STACServer.Configuration`.
    public init(_ context: ModuleContext) throws {
        var configuration = STACServer.Configuration()
        try configuration.read(context.settings)
        server = STACServer(
            try context.capability((any CatalogueService).self), edge: context.edge, configuration: configuration,
            name: context.name)
    }

    public func addRoutes(to routes: inout RouteGroup) { server.addRoutes(to: &routes) }

    public var entryPoints: [EntryPoint] {
        [EntryPoint(server.configuration.title, path: server.configuration.prefix)]
    }
}
