import Access
import DatabaseTestKit
import Identity
import JOSE
import JSON
import SQLDatabase
import Synchronization
import Testing

@testable import IdentityHosting

@Suite("Tokens of another issuer") struct ExternalTokenReaderTests {
    private static let issuer = "https://id.example.org/realms/dlr"
    private static let now = ProviderTokenReader.now()

    /// What an issuer publishes.
    private final class Provider: Sendable {
        let keys: Mutex<[SigningKey]>
        let requests = Mutex<[String]>([])
        let statedIssuer: String

        init(_ keys: [SigningKey], statedIssuer: String = issuer) {
            self.keys = Mutex(keys)
            self.statedIssuer = statedIssuer
        }

        func get(_ url: String) throws -> [UInt8] {
            requests.withLock { $0.append(url) }
            switch url {
            case "\(issuer)/.well-known/openid-configuration":
                let document: JSONValue = [
                    "issuer": .string(statedIssuer), "jwks_uri": "https://id.example.org/certs",
                ]
                return document.serialized()
            case "https://id.example.org/certs":
                return KeySet(keys.withLock { $0.map(\.publicKey) }).jwks.serialized()
            default: return []
            }
        }
    }

    private static let configuration: ExternalIssuer = {
        var configuration = ExternalIssuer(issuer)
        configuration.audiences = ["account"]
        configuration.authorizedParties = ["terrapi"]
        return configuration
    }()

    /// A token as Keycloak makes it, with changes; `null` removes a claim.
    private static func token(_ key: SigningKey, _ changes: JSONObject = [:]) throws -> String {
        var payload: JSONObject = [
            "iss": .string(issuer), "aud": "account", "azp": "portal", "sub": "f:1", "exp": JSONValue(Int(now) + 300),
            "iat": JSONValue(Int(now)), "typ": "Bearer", "preferred_username": "ada",
            "groups": ["/dss/c1", "/dss/c2-ro", "/dss/c1-mgr", "/other"],
            "realm_access": ["names": ["user": "bob"]],
        ]
        for change in changes { payload[change.name] = change.value.isNull ? nil : change.value }
        return try key.token(payload: JSONValue.object(payload).serialized(), type: "JWT")
    }

    private func withReader(
        _ configuration: ExternalIssuer = configuration, _ provider: Provider? = nil,
        _ body: (ExternalTokenReader, IdentityStore, Provider, SigningKey) async throws -> Void
    ) async throws {
        try await withDatabase(.sqlite) { database in
            let store = IdentityStore(database, passwords: try PasswordHasher())
            try await store.migrate()
            let key = try SigningKey.generate(.rs256)
            let provider = provider ?? Provider([key])
            provider.keys.withLock { $0 = $0.isEmpty ? [key] : $0 }
            try await body(ExternalTokenReader(configuration, store) { try provider.get($0) }, store, provider, key)
        }
    }

    private func refusal(_ reader: ExternalTokenReader, _ token: String) async throws -> InvalidToken.Reason? {
        do {
            _ = try await reader.statement(of: token)
            return nil
        } catch let error as InvalidToken {
            return error.reason
        }
    }

    @Test("name an account, which is made, and its groups") func statement() async throws {
        try await withReader { reader, store, _, key in
            let statement = try await reader.statement(of: Self.token(key))
            #expect(statement.account == "ada")
            #expect(statement.groups == ["/dss/c1", "/dss/c2-ro", "/dss/c1-mgr"])
            #expect(statement.grant == nil)
            let account = try #require(try await store.account("ada"))
            #expect(account.roles == [])
            #expect(try await store.checkPassword("", of: "ada", address: nil) == .wrong)
            // Who was deleted does not come back.
            try await store.deleteAccount("ada", by: .operator)
            _ = try await reader.statement(of: Self.token(key))
            #expect(try await store.account("ada") == nil)
        }
    }

    @Test(
        "are refused with claims that are wrong",
        arguments: [
            (["iss": "https://id.example.org/realms/other"], .malformed),
            (["iss": "https://id.example.org/realms/dlr/"], .malformed),
            (["aud": "other"], .malformed), (["aud": nil], .malformed), (["exp": 1_000], .expired),
            (["exp": nil], .malformed), (["nbf": 99_999_999_999], .malformed),
            (["preferred_username": nil], .malformed),
            (["preferred_username": "Ada"], .malformed), (["preferred_username": "a.b"], .malformed),
            (["preferred_username": ["ada"]], .malformed), (["nonce": "n"], .malformed),
            (["aud": "other", "azp": "terrapi"], nil), (["aud": ["x", "account"]], nil),
            (["nonce": "n", "scope": "a"], nil),
        ] as [(JSONObject, InvalidToken.Reason?)])
    func claims(changes: JSONObject, reason: InvalidToken.Reason?) async throws {
        try await withReader { reader, _, _, key in
            let found = try await refusal(reader, Self.token(key, changes))
            #expect(found == reason)
        }
    }

    @Test("are signed by the issuer's keys, with the configured algorithms") func signatures() async throws {
        try await withReader { reader, _, provider, key in
            let other = try SigningKey.generate(.rs256)
            let found = try await refusal(reader, Self.token(other))
            #expect(found == .malformed)
            let elliptic = try SigningKey.generate(.es256)
            provider.keys.withLock { $0 = [key, elliptic] }
            let algorithm = try await refusal(reader, Self.token(elliptic))
            #expect(algorithm == .malformed)
            let plain = "eyJhbGciOiJub25lIn0." + (try Self.token(key).split(separator: ".")[1]) + "."
            let unsigned = try await refusal(reader, plain)
            #expect(unsigned == .malformed)
        }
    }

    @Test("of unknown keys do not make us ask the issuer again and again") func requests() async throws {
        try await withReader { reader, _, provider, key in
            _ = try await reader.statement(of: Self.token(key))
            for _ in 0..<20 { _ = try await refusal(reader, Self.token(SigningKey.generate(.rs256))) }
            let count = provider.requests.withLock { $0.count }
            #expect(count == 2)
        }
    }

    @Test("are not accepted while the issuer contradicts the configuration, which is no fault of theirs")
    func discovery() async throws {
        let provider = Provider([], statedIssuer: "https://evil.example.org")
        try await withReader(Self.configuration, provider) { reader, _, _, key in
            let token = try Self.token(key)
            await #expect(throws: ExternalIssuerFault.self) { try await reader.statement(of: token) }
        }
    }

    @Test("name the account in another claim, if so configured, and groups in none") func mapping() async throws {
        var configuration = Self.configuration
        configuration.nameClaim = "/realm_access/names/user"
        configuration.groupsClaim = nil
        configuration.makesAccounts = false
        configuration.scopes = [.readCollections]
        try await withReader(configuration) { reader, store, _, key in
            let statement = try await reader.statement(of: Self.token(key))
            #expect(statement.account == "bob")
            #expect(statement.groups == nil)
            #expect(statement.scopes == [.readCollections])
            #expect(try await store.account("bob") == nil)
        }
    }
}
