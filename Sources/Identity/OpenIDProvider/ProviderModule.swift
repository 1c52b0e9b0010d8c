public import HTTPEdge
import Identity
import IdentityHosting
public import ServiceModule

/// The platform's own OpenID provider.
public struct ProviderModule: ServiceModule {
    public static let name = "auth"
    public static let summary = "Signs people and programs in (OpenID Connect)."
    public static let isOnByDefault = false
    public static let dependencies = ["identity"]

    private let pages: ProviderPages

    public static func configuration(_ settings: Settings) throws -> PageConfiguration {
        try PageConfiguration(settings)
    }

    public init(_ context: ModuleContext<PageConfiguration>) throws {
        pages = ProviderPages(
            store: try context.capability(IdentityStore.self), location: try context.capability(ProviderLocation.self),
            configuration: context.configuration, proxies: context.edge.configuration.trustedProxies)
    }

    public func addRoutes(to routes: inout RouteGroup) {
        pages.addRoutes(to: &routes)
    }

    public var entryPoints: [EntryPoint] { [EntryPoint("Your account", path: ProviderPages.prefix + "/account")] }
}
