import Access
import DatabaseTestKit
import HTTPEdge
import HTTPTypes
import Identity
import JOSE
import JSON
import SQLDatabase
import Telemetry
import Temporal
import Testing

@testable import IdentityHosting

@Suite("Bearer tokens") struct BearerAuthenticatorTests {
    @Test(
        "make a principal with the rights of the database and the scopes that both allow",
        arguments: DatabaseKind.tested)
    func principal(kind: DatabaseKind) async throws {
        try await withNodes(kind) { node, _, database in
            try await Self.enter(node.store)
            let token = try await node.token(try await node.grant("ada", database))
            let ada = try #require(try await node.principal(token))
            #expect(ada.kind == .user && ada.name == "ada")
            #expect(ada.readableOwners == ["ada", "c1", "c2"] && ada.writableOwners == ["ada", "c2"])
            // The role is missing.
            #expect(ada.scopes == [.readCollections])
            #expect(ada.groups == ["/dss/c1-ro", "/dss/c2"])

            let secret = try await node.store.makeToken(
                for: "loader", label: "", scopes: [.readCollections, .writeCollections, .administration], end: nil,
                by: .operator)
            let loader = try #require(try await node.principal(secret))
            #expect(loader.kind == .service && loader.name == "loader")
            #expect(
                loader.scopes == [.readCollections, .writeCollections] && loader.writableOwners == ["loader", "c2"])
        }
    }

    @Test("that are refused are in the audit log, but not all of a flood", arguments: DatabaseKind.tested)
    func audit(kind: DatabaseKind) async throws {
        try await withNodes(kind) { node, _, database in
            try await Self.enter(node.store)
            let token = try await node.token(try await node.grant("ada", database))
            let parts = token.split(separator: ".")
            for attack in ["eyJhbGciOiJub25lIn0.\(parts[1]).", "\(parts[0]).\(parts[1]).AAAA", "terrabyte_x", "x"] {
                #expect(await node.problem(attack)?.status == .unauthorized)
            }
            try await node.store.revokeGrants(of: "ada", by: .operator)
            #expect(await node.problem(token)?.status == .unauthorized)
            var query = AuditQuery()
            query.action = .accessTokenRefused
            let events = try await node.store.events(query)
            #expect(events.map(\.subject) == ["ada", "", "", "", ""])
            #expect(events.allSatisfy { $0.outcome == .failure && $0.details["reason"]?.string?.isEmpty == false })
            #expect(!events.contains { "\($0.details)".contains(parts[1]) })
            for _ in 0..<FailureLog.limit * 2 { _ = await node.problem("x") }
            query.limit = 1_000
            // As many again, in case that a minute ends meanwhile.
            #expect(try await node.store.events(query).count <= FailureLog.limit * 2)
        }
    }

    @Test("give what roles and quotas the account has now", arguments: DatabaseKind.tested)
    func changes(kind: DatabaseKind) async throws {
        try await withNodes(kind) { node, _, database in
            try await Self.enter(node.store)
            let token = try await node.token(try await node.grant("ada", database))
            #expect(try await node.principal(token)?.quotas == [:])
            try await node.store.setRoles([.curator], of: "ada", by: .operator)
            try await node.store.setQuota(Quota(items: 5), of: "c2", by: .operator)
            try await node.store.setQuota(Quota(bytes: 7), of: "ada", by: .operator)
            try await node.store.setMember("ada", of: "c1", .manager, by: .operator)
            node.clock.advance(by: RightsCache.lifetime)
            let ada = try #require(try await node.principal(token))
            #expect(ada.has(.writeCatalogue) && ada.writableOwners == ["ada", "c1", "c2"])
            #expect(ada.quotas == ["c2": Quota(items: 5), "ada": Quota(bytes: 7)])
        }
    }

    private typealias Withdrawal = @Sendable (IdentityStore, _ name: String) async throws -> Void

    /// By what is done.
    private static let withdrawals: [(String, Withdrawal)] = [
        ("disabled", { store, name in try await store.setDisabled(true, name, by: .operator) }),
        ("ended", { store, name in try await store.setEnd(try await store.now(), of: name, by: .operator) }),
        ("deleted", { store, name in try await store.deleteAccount(name, by: .operator) }),
        (
            "revoked",
            { store, name in
                try await store.revokeGrants(of: name, by: .operator)
                for token in try await store.tokens(of: name) {
                    try await store.revokeToken(token.id, of: name, by: .operator)
                }
            }
        ),
    ]

    @Test("are worth nothing two seconds after they were withdrawn, on every node", arguments: DatabaseKind.tested)
    func withdrawal(kind: DatabaseKind) async throws {
        try await withNodes(kind) { one, other, database in
            for (name, withdraw) in Self.withdrawals {
                try await one.store.addAccount(AccountDraft(name), by: .operator)
                let access = try await one.token(try await one.grant(name, database))
                let secret = try await one.store.makeToken(
                    for: name, label: "", scopes: [.readCollections], end: nil, by: .operator)
                for node in [one, other] {
                    for token in [access, secret] { #expect(try await node.principal(token)?.name == name) }
                }
                try await withdraw(one.store, name)
                for node in [one, other] {
                    node.clock.advance(by: RightsCache.lifetime)
                    for token in [access, secret] {
                        let problem = await node.problem(token)
                        #expect(problem?.status == .unauthorized, "\(name)")
                        #expect(problem?.headers[.wwwAuthenticate] == "Bearer error=\"invalid_token\"", "\(name)")
                    }
                }
            }
        }
    }

    /// Changes to claims that make a token worthless.
    private static let attacks: [(String, @Sendable (inout JSONObject) -> Void)] = [
        ("another issuer", { $0["iss"] = "https://evil.example.org/auth" }),
        ("another audience", { $0["aud"] = "https://evil.example.org" }),
        ("no audience", { $0["aud"] = nil }), ("expired", { $0["exp"] = 1_000_000_000 }),
        ("not yet valid", { $0["nbf"] = 99_000_000_000 }), ("no subject", { $0["sub"] = nil }),
        ("no sign-in", { $0["sid"] = nil }), ("a sign-in that is none", { $0["sid"] = "x" }),
        ("a sign-in of nobody", { $0["sid"] = "4711" }), ("another one's sign-in", { $0["sub"] = "loader" }),
        ("no id", { $0["jti"] = nil }), ("a group in the claims", { $0["sub"] = "nobody" }),
    ]

    @Test("that are forged, of others, or for others are refused")
    func forged() async throws {
        try await withNodes(.sqlite) { node, _, database in
            try await Self.enter(node.store)
            for (name, change) in Self.attacks {
                var claims = try await node.grant("ada", database)
                let genuine = try await node.token(claims)
                #expect(await node.problem(genuine) == nil)
                change(&claims)
                let forged = try await node.token(claims)
                let problem = await node.problem(forged)
                #expect(problem?.status == .unauthorized && problem?.code == "InvalidToken", "\(name)")
            }
        }
    }

    @Test("of another kind, key or form are refused, and counted")
    func forms() async throws {
        try await withNodes(.sqlite) { node, _, database in
            try await Self.enter(node.store)
            let claims = try await node.grant("ada", database)
            let payload = JSONValue.object(claims).serialized()
            let good = try await node.token(claims)
            let parts = good.split(separator: ".").map(String.init)
            let unsigned = Base64URL.encode(Array(#"{"alg":"none","typ":"at+jwt"}"#.utf8))
            let tokens = [
                try await node.token(claims, type: "JWT"),
                try SigningKey.generate(.edDSA).token(payload: payload, type: "at+jwt"),
                "\(unsigned).\(parts[1]).", "\(unsigned).\(parts[1]).\(parts[2])", "\(parts[0]).\(parts[1]).",
                String(good.dropLast()), good + "A", "terrabyte_", "terrabyte_abc", "x", "", "a b",
                String(repeating: "x", count: 100_000),
            ]
            for token in tokens {
                #expect(await node.problem(token)?.status == .unauthorized, "\(token.prefix(60))")
            }
            #expect(node.telemetry.text().contains("terrabyte_credentials_rejected_total{reason=\"malformed\"}"))
        }
    }

    @Test("of another scheme are left to others")
    func otherSchemes() async throws {
        try await withNodes(.sqlite) { node, _, _ in
            for header in ["Basic YTpi", "Bearerx", "Digest x"] {
                let request = HTTPRequest(
                    method: .get, scheme: nil, authority: nil, path: "/", headerFields: [.authorization: header])
                let principal = try await node.authenticator.principal(of: request, peer: nil)
                #expect(principal == nil)
            }
        }
    }

    @Test("cannot be judged while the database is away: the response says so, and is not 401")
    func databaseAway() async throws {
        try await withNodes(.sqlite) { node, _, database in
            try await Self.enter(node.store)
            let secret = try await node.store.makeToken(
                for: "ada", label: "", scopes: [.readCollections], end: nil, by: .operator)
            database.close()
            let problem = await node.problem(secret)
            #expect(problem?.status == .serviceUnavailable && problem?.headers[.retryAfter] == "5")
        }
    }

    private static func enter(_ store: IdentityStore) async throws {
        try await store.addAccount(AccountDraft("ada"), by: .operator)
        try await store.addAccount(AccountDraft("loader", .service), by: .operator)
        for id in ["c1", "c2"] { try await store.addContainer(id, title: "", by: .operator) }
        try await store.setMember("ada", of: "c1", .ro, by: .operator)
        for name in ["ada", "loader"] { try await store.setMember(name, of: "c2", .rw, by: .operator) }
    }
}
