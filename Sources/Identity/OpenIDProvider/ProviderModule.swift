public import HTTPEdge
import Identity
import IdentityHosting
import Logging
public import ServiceLifecycle
public import ServiceModule

/// The platform's own OpenID provider.
public struct ProviderModule: ServiceModule {
    public static let name = "auth"
    public static let summary = "Signs people and programs in (OpenID Connect)."
    public static let isOnByDefault = false
    public static let dependencies = ["identity"]

    private let endpoints: ProviderEndpoints
    private let pages: ProviderPages
    private let sweep: IdentitySweep

    /// See `ProviderSettings`.
    public static func configuration(_ settings: Settings) throws -> ProviderSettings { try ProviderSettings(settings) }

    public init(_ context: ModuleContext<ProviderSettings>) throws {
        if let issuer = try? context.capability(ExternalIssuer.self) {
            throw CommandError(
                "The service 'auth' signs people in, and identity.issuer says that \(issuer.url) does: leave one of them out."
            )
        }
        let store = try context.capability(IdentityStore.self)
        let location = try context.capability(ProviderLocation.self)
        let proxies = context.edge.configuration.trustedProxies
        endpoints = ProviderEndpoints(store, location, context.configuration.lifetimes, trustedProxies: proxies)
        pages = ProviderPages(
            store: store, location: location, configuration: context.configuration.pages, proxies: proxies)
        sweep = IdentitySweep(store: store, logger: context.logger)
    }

    public func addRoutes(to routes: inout RouteGroup) {
        endpoints.add(to: &routes)
        pages.addRoutes(to: &routes)
    }

    public var services: [any Service] { [sweep] }

    public var entryPoints: [EntryPoint] { [EntryPoint("Your account", path: ProviderPages.prefix + "/account")] }
}
