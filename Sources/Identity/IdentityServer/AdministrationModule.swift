public import HTTPEdge
import Identity
import IdentityHosting
import MailHosting
public import ServiceLifecycle
public import ServiceModule

/// The API by which people manage accounts, containers and restricted data.
public struct AdministrationModule: ServiceModule {
    public static let name = "administration"
    public static let summary = "Manages people and containers over HTTP."
    public static let isOnByDefault = false
    public static let dependencies = ["identity", "mail"]

    private let server: AdministrationServer
    private let warnings: EndWarnings?

    /// See `AdministrationServer.Configuration`.
    public static func configuration(_ settings: Settings) throws -> AdministrationServer.Configuration {
        try AdministrationServer.Configuration(settings)
    }

    public init(_ context: ModuleContext<AdministrationServer.Configuration>) throws {
        let store = try context.capability(IdentityStore.self)
        let mail = try context.capability(OutgoingMail.self)
        server = AdministrationServer(
            store, edge: context.edge, location: try context.capability(ProviderLocation.self), mail: mail.server,
            configuration: context.configuration)
        warnings = mail.server.map {
            EndWarnings(store: store, mail: $0, days: context.configuration.warningDays, logger: context.logger)
        }
    }

    public func addRoutes(to routes: inout RouteGroup) { server.addRoutes(to: &routes) }

    public var services: [any Service] { warnings.map { [$0] } ?? [] }
}
