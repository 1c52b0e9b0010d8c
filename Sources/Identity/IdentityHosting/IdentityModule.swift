public import ArgumentParser
import DatabaseHosting
public import HTTPEdge
import Identity
import SQLDatabase
public import ServiceLifecycle
public import ServiceModule

/// Accounts, containers and their members, for services that ask who may do what.
public struct IdentityModule: ServiceModule {
    public static let name = "identity"
    public static let summary = "Knows people, containers and their members."
    public static let isOnByDefault = false
    public static let dependencies = ["database"]
    public static let commands: [any ParsableCommand.Type] = [
        UsersCommand.self, ContainersCommand.self, AuditCommand.self,
    ]

    private let store: IdentityStore
    private let location: ProviderLocation
    private let authenticator: BearerAuthenticator

    public init(_ context: ModuleContext<Void>) throws {
        store = IdentityStore(try context.capability(Database.self), passwords: try PasswordHasher())
        location = ProviderLocation(context.edge.configuration, context.server)
        let (store, location) = (store, location)
        authenticator = BearerAuthenticator(
            ProviderTokenReader(location) { try await store.publicKeys() },
            RightsCache { try await store.rights(of: $0) }, context.telemetry, context.logger)
    }

    public var capabilities: [any Sendable] { [store, location] }

    public var authenticators: [any Authenticator] { [authenticator] }

    public var services: [any Service] { [Migration(store: store)] }

    /// Brings the tables up to date, once.
    private struct Migration: Service {
        let store: IdentityStore

        func run() async throws { try await store.migrate() }
    }
}
