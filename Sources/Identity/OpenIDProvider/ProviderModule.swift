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
    private let sweep: IdentitySweep

    /// See `ProviderSettings`.
    public static func configuration(_ settings: Settings) throws -> ProviderSettings { try ProviderSettings(settings) }

    public init(_ context: ModuleContext<ProviderSettings>) throws {
        let store = try context.capability(IdentityStore.self)
        endpoints = ProviderEndpoints(
            store, try context.capability(ProviderLocation.self), context.configuration.lifetimes,
            trustedProxies: context.edge.configuration.trustedProxies)
        sweep = IdentitySweep(store: store, logger: context.logger)
    }

    public func addRoutes(to routes: inout RouteGroup) { endpoints.add(to: &routes) }

    public var services: [any Service] { [sweep] }
}
