import Access
import DatabaseTestKit
import HTTPEdge
import HTTPTypes
import JOSE
import JSON
import Logging
import SQLDatabase
import Synchronization
import Telemetry
import Temporal

@testable import Identity
@testable import IdentityHosting

/// A node: an authenticator with a store of its own on a database that other nodes may share.
struct Node: Sendable {
    let store: IdentityStore
    let authenticator: BearerAuthenticator
    let telemetry = MetricRegistry()
    let clock: TestClock

    /// - Parameter clock: By which answers of the database become old.
    init(_ database: Database, clock: TestClock = TestClock()) throws {
        var made = IdentityStore(
            database,
            passwords: try PasswordHasher(PasswordCost(memoryKibibytes: 64, passCount: 1, laneCount: 1)))
        // They take long to make.
        made.rsaBits = 2_048
        let store = made
        self.store = store
        self.clock = clock
        let location = ProviderLocation(publicURL: Self.origin)
        authenticator = BearerAuthenticator(
            ProviderTokenReader(location) { try await store.publicKeys() },
            RightsCache(now: { clock.now }) { try await store.rights(of: $0) }, FailureLog(store),
            proxies: IPNetworks(),
            telemetry,
            Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() })
    }

    static let origin = "https://eo.example.org"

    func principal(_ token: String) async throws -> Principal? {
        let request = HTTPRequest(
            method: .get, scheme: "https", authority: "eo.example.org", path: "/",
            headerFields: [.authorization: "Bearer " + token])
        return try await authenticator.principal(of: request, peer: nil)
    }

    /// The problem that a token causes; `nil`: none.
    func problem(_ token: String) async -> Problem? {
        do {
            _ = try await principal(token)
            return nil
        } catch {
            return error as? Problem
        }
    }

    /// A sign-in of an account, with the claims of its access token.
    func grant(_ name: String, _ database: Database) async throws -> JSONObject {
        let now = try await store.now()
        let grant: Int64 = try await database.write { transaction in
            try transaction.value(
                """
                INSERT INTO identity_grants
                    (account, client, scopes, amr, auth_at, created_at, end_at, last_used_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id
                """, name, "terrabyte-portal", "collections:read", "pwd", now, now,
                Timestamp(microseconds: now.microseconds + 3_600_000_000), now)
        }
        let seconds = Int(now.microseconds / 1_000_000)
        return [
            "iss": .string(Self.origin + "/auth"), "sub": .string(name), "aud": .string(Self.origin),
            "client_id": "terrabyte-portal", "iat": JSONValue(seconds), "exp": JSONValue(seconds + 3_600),
            "jti": .string("token of \(name)"), "sid": .string("\(grant)"), "scope": "collections:read catalogue:write",
        ]
    }

    func token(_ claims: JSONObject, type: String = "at+jwt") async throws -> String {
        try await store.signingKey(.edDSA).token(payload: JSONValue.object(claims).serialized(), type: type)
    }
}

/// Stands still until it is moved.
final class TestClock: Sendable {
    private let time = Mutex(ContinuousClock.now)

    var now: ContinuousClock.Instant { time.withLock { $0 } }

    func advance(by duration: Duration) { time.withLock { $0 += duration } }
}

/// Runs `body` with nodes that share a database.
func withNodes(
    _ kind: DatabaseKind, _ body: (_ one: Node, _ other: Node, _ database: Database) async throws -> Void
) async throws {
    try await withDatabase(kind) { database in
        let one = try Node(database)
        try await one.store.migrate()
        try await body(one, try Node(database), database)
    }
}
