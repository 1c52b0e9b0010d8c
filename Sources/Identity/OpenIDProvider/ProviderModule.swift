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

    private let store: IdentityStore
    private let location: ProviderLocation

    public init(_ context: ModuleContext<Void>) throws {
        store = try context.capability(IdentityStore.self)
        location = try context.capability(ProviderLocation.self)
    }

    public func addRoutes(to routes: inout RouteGroup) {}
}
