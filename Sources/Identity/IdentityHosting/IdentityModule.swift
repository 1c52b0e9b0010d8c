public import ArgumentParser
import DatabaseHosting
public import HTTPEdge
import Identity
import Logging
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
        UsersCommand.self, ContainersCommand.self, TokensCommand.self, ClientsCommand.self, KeysCommand.self,
        AuditCommand.self,
    ]

    private let store: IdentityStore
    private let location: ProviderLocation
    private let issuer: ExternalIssuer?
    private let authenticator: BearerAuthenticator
    private let logger: Logger

    /// See `IdentitySettings`.
    public static func configuration(_ settings: Settings) throws -> IdentitySettings { try IdentitySettings(settings) }

    public init(_ context: ModuleContext<IdentitySettings>) throws {
        store = IdentityStore(
            try context.capability(Database.self), passwords: try PasswordHasher(),
            secretKey: context.configuration.secretKey)
        location = ProviderLocation(context.edge.configuration, context.server)
        logger = context.logger
        let (store, location) = (store, location)
        issuer = context.configuration.issuer
        let reader: any TokenReader =
            issuer.map { ExternalTokenReader($0, store) }
            ?? ProviderTokenReader(location) { try await store.publicKeys() }
        authenticator = BearerAuthenticator(
            reader, RightsCache { try await store.rights(of: $0) }, FailureLog(store),
            proxies: context.edge.configuration.trustedProxies, context.telemetry, context.logger)
    }

    public var capabilities: [any Sendable] { [store, location] + (issuer.map { [$0] } ?? []) }

    public var authenticators: [any Authenticator] { [authenticator] }

    public var services: [any Service] { [Migration(store: store, logger: logger)] }

    /// Brings the tables up to date, once.
    private struct Migration: Service {
        let store: IdentityStore
        let logger: Logger

        func run() async throws {
            try await store.migrate()
            do {
                guard try await store.checkSecrets() == .plain else { return }
                logger.warning(
                    "Signing keys and second factors are not encrypted in the database: identity.secretKey is not configured"
                )
            } catch let error as IdentityError {
                throw CommandError("identity.secretKey: \(error)")
            }
        }
    }
}
