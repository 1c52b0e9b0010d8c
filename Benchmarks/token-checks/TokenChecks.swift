import Foundation
import HTTPEdge
import HTTPTypes
import Identity
import IdentityHosting
import JOSE
import JSON
import Logging
import SQLDatabase
import Telemetry
import Temporal

/// What it takes to know who sends a request: of an access token that comes for the first time, of one that is known while
/// its rights are asked for again, and of one of which all is known.
@main
struct TokenChecks {
    private static let origin = "https://eo.example.org"
    private static let accountCount = 1_000

    static func main() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "token-checks-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let logger = Logger(label: "token-checks") { _ in SwiftLogNoOpLogHandler() }
        let database = Database(
            DatabaseConfiguration(.sqlite(path: folder.appending(path: "platform.sqlite").path)), logger: logger)
        defer { database.close() }
        let store = IdentityStore(database, passwords: try PasswordHasher())
        try await store.migrate()
        for algorithm in [SignatureAlgorithm.edDSA, .es256, .rs256] {
            let tokens = try await tokens(algorithm, store, database)
            let authenticator = BearerAuthenticator(
                ProviderTokenReader(ProviderLocation(publicURL: origin)) { try await store.publicKeys() },
                RightsCache { try await store.rights(of: $0) }, FailureLog(store), proxies: IPNetworks(),
                MetricRegistry(),
                logger)
            // The keys are loaded.
            _ = try await check(tokens.prefix(1), authenticator)
            let cold = try await check(tokens.dropFirst(), authenticator)
            try await Task.sleep(for: .seconds(2.1))
            let asked = try await check(tokens.dropFirst(), authenticator)
            let known = try await check(tokens.dropFirst(), authenticator)
            print("\(algorithm.rawValue): new \(cold) µs, rights asked again \(asked) µs, known \(known) µs")
        }
    }

    /// - Returns: Microseconds for each, the median.
    private static func check(
        _ tokens: ArraySlice<String>, _ authenticator: BearerAuthenticator
    ) async throws -> Int {
        var times: [Duration] = []
        for token in tokens {
            let request = HTTPRequest(
                method: .get, scheme: "https", authority: "eo.example.org", path: "/private/api/search",
                headerFields: [.authorization: "Bearer \(token)"])
            let start = ContinuousClock.now
            guard try await authenticator.principal(of: request, peer: nil) != nil else { continue }
            times.append(.now - start)
        }
        return Int(times.sorted()[times.count / 2] / .microseconds(1))
    }

    /// One for each of many accounts, which are members of some containers.
    private static func tokens(
        _ algorithm: SignatureAlgorithm, _ store: IdentityStore, _ database: Database
    ) async throws -> [String] {
        let prefix = algorithm.rawValue.lowercased()
        for number in 0..<10 { try await store.addContainer("\(prefix)-\(number)", title: "", by: .operator) }
        let now = try await store.now()
        let end = Timestamp(microseconds: now.microseconds + 3_600_000_000)
        let seconds = Int(now.microseconds / 1_000_000)
        let key = try await store.signingKey(algorithm)
        var tokens: [String] = []
        for number in 0..<accountCount {
            let name = "\(prefix)\(number)"
            try await store.addAccount(AccountDraft(name), by: .operator)
            for container in 0..<5 {
                try await store.setMember(name, of: "\(prefix)-\((number + container) % 10)", .rw, by: .operator)
            }
            let grant: Int64 = try await database.write { transaction in
                try transaction.value(
                    """
                    INSERT INTO identity_grants
                        (account, client, scopes, amr, auth_at, created_at, end_at, last_used_at)
                    VALUES (?, 'x', 'collections:read', 'pwd', ?, ?, ?, ?) RETURNING id
                    """, name, now, now, end, now)
            }
            let claims: JSONValue = [
                "iss": .string(origin + "/auth"), "sub": .string(name), "aud": .string(origin), "client_id": "x",
                "iat": JSONValue(seconds), "exp": JSONValue(seconds + 3_600), "jti": .string(name),
                "sid": .string("\(grant)"), "scope": "collections:read",
            ]
            tokens.append(try key.token(payload: claims.serialized(), type: "at+jwt"))
        }
        return tokens
    }
}
