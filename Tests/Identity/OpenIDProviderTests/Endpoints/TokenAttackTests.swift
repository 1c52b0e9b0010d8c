import Access
import DatabaseTestKit
import HTTPTypes
import JOSE
import JSON
import SQLDatabase
import Temporal
import Testing

@testable import Identity
@testable import OpenIDProvider

/// Tokens that were not given for what they are used for. Each is refused, and audited.
@Suite("Attacks on tokens") struct TokenAttackTests {
    private static let client = "de.lrz.terrabyte.stac"

    /// A token with other claims or another header than one of the provider's.
    private func forged(
        _ token: String, by key: SigningKey, type: String?, _ change: (inout JSONObject) -> Void
    ) throws -> String {
        var claims = try #require(JSONValue(parsing: SignedToken(token).unverifiedPayload).object)
        change(&claims)
        return try key.token(payload: JSONValue.object(claims).serialized(), type: type)
    }

    /// As `alg: none` is written.
    private func unsigned(_ token: String, algorithm: String = "none", signature: String = "") throws -> String {
        let payload = try SignedToken(token).unverifiedPayload
        let header: JSONValue = ["alg": .string(algorithm), "typ": "at+jwt"]
        return Base64URL.encode(header.serialized()) + "." + Base64URL.encode(payload) + "." + signature
    }

    @Test("forged or used for something else are refused", arguments: DatabaseKind.tested)
    func forgeries(kind: DatabaseKind) async throws {
        try await withProvider(kind) { provider in
            try await provider.addPerson("ada")
            let response = try await provider.signIn("ada", Self.client)
            let access = try #require(response["access_token"])
            let refresh = try #require(response["refresh_token"])
            let identity = try #require(response["id_token"])
            let ours = try await provider.store.signingKey(.es256)
            var foreign = try SigningKey.generate(.es256)
            foreign.id = ours.id
            let now = try await provider.store.now().seconds
            #expect(try await provider.userInfo(access).status == 200)
            #expect(
                try await provider.userInfo(forged(access, by: ours, type: "at+jwt") { _ in }).status == 200,
                "the forgeries below fail for another reason")
            let forgeries: [(String, String)] = [
                ("alg none", try unsigned(access)), ("alg NONE", try unsigned(access, algorithm: "NoNe")),
                ("alg HS256", try unsigned(access, algorithm: "HS256", signature: "AAAA")),
                ("no signature", access.split(separator: ".").prefix(2).joined(separator: ".") + "."),
                ("another key", try forged(access, by: foreign, type: "at+jwt") { _ in }),
                ("another audience", try forged(access, by: ours, type: "at+jwt") { $0["aud"] = "other" }),
                ("no audience", try forged(access, by: ours, type: "at+jwt") { $0["aud"] = nil }),
                (
                    "another issuer",
                    try forged(access, by: ours, type: "at+jwt") { $0["iss"] = "https://evil.example/auth" }
                ),
                ("expired", try forged(access, by: ours, type: "at+jwt") { $0["exp"] = JSONValue(Int(now - 60)) }),
                ("without end", try forged(access, by: ours, type: "at+jwt") { $0["exp"] = nil }),
                ("another kind", try forged(access, by: ours, type: "JWT") { _ in }),
                ("no kind", try forged(access, by: ours, type: nil) { _ in }),
                ("no grant", try forged(access, by: ours, type: "at+jwt") { $0["sid"] = nil }),
                ("another grant", try forged(access, by: ours, type: "at+jwt") { $0["sid"] = "4711" }),
                ("another account", try forged(access, by: ours, type: "at+jwt") { $0["sub"] = "bob" }),
                ("another client", try forged(access, by: ours, type: "at+jwt") { $0["client_id"] = "terrapi" }),
                ("refresh token", refresh), ("id_token", identity), ("nothing", "x"),
                ("longest", String(repeating: "x", count: 70_000)),
            ]
            for (name, token) in forgeries {
                let response = try await provider.userInfo(token)
                #expect(response.status == 401 && response.error == "invalid_token", "\(name)")
                #expect(response.headers[.wwwAuthenticate]?.hasPrefix("Bearer error=\"invalid_token\"") == true)
            }
            #expect(try await provider.outcomes(.clientChecked).count == forgeries.count)
            let refreshes: [(String, String)] = [
                ("access token", access), ("id_token", identity), ("alg none", try unsigned(refresh)),
                ("another key", try forged(refresh, by: foreign, type: "rt+jwt") { _ in }),
                ("another kind", try forged(refresh, by: ours, type: "at+jwt") { _ in }),
                ("expired", try forged(refresh, by: ours, type: "rt+jwt") { $0["exp"] = JSONValue(Int(now - 60)) }),
                ("another audience", try forged(refresh, by: ours, type: "rt+jwt") { $0["aud"] = "other" }),
                ("another client", try forged(refresh, by: ours, type: "rt+jwt") { $0["client_id"] = "terrapi" }),
                ("another grant", try forged(refresh, by: ours, type: "rt+jwt") { $0["sid"] = "4711" }),
            ]
            for (name, token) in refreshes {
                let response = try await provider.refresh(token, Self.client)
                #expect(response.status == 400 && response.error == "invalid_grant", "\(name)")
            }
            #expect(try await provider.outcomes(.grantRefused).count == refreshes.count)
            #expect(try await provider.refresh(refresh, Self.client).status == 200)
        }
    }

    @Test("after their grant, their account or their keys have ended are refused", arguments: DatabaseKind.tested)
    func ends(kind: DatabaseKind) async throws {
        try await withProvider(kind) { provider in
            func token(_ name: String) async throws -> String {
                if try await provider.store.account(name) == nil { try await provider.addPerson(name) }
                return try #require(try await provider.signIn(name, Self.client)["access_token"])
            }
            let (first, second) = (try await token("ada"), try await token("ada"))
            let grant = try #require(try await provider.store.grants(of: "ada").last)
            try await provider.store.revokeGrant(grant.id, of: "ada", by: AuditActor("ada"))
            #expect(try await provider.userInfo(first).status == 401)
            #expect(try await provider.userInfo(second).status == 200)
            let ended = try await token("bob")
            try await provider.store.setEnd(provider.store.now(), of: "bob", by: .operator)
            #expect(try await provider.userInfo(ended).status == 401)
            let disabled = try await token("eve")
            try await provider.store.setDisabled(true, "eve", by: .operator)
            #expect(try await provider.userInfo(disabled).status == 401)
            let deleted = try await token("mallory")
            try await provider.store.deleteAccount("mallory", by: .operator)
            #expect(try await provider.userInfo(deleted).status == 401)
        }
    }

    @Test("of refreshing beyond the grace end the grant", arguments: DatabaseKind.tested)
    func replays(kind: DatabaseKind) async throws {
        try await withProvider(kind) { provider in
            try await provider.addPerson("ada")
            let first = try await provider.signIn("ada", "terrapi")
            let token = try #require(first["refresh_token"])
            let second = try await provider.refresh(token, "terrapi")
            let past = Timestamp(microseconds: try await provider.store.now().microseconds - 61_000_000)
            try await provider.store.database.write { transaction in
                _ = try transaction.execute(
                    "UPDATE identity_refresh_tokens SET used_at = ? WHERE used_at IS NOT NULL", past)
            }
            #expect(try await provider.refresh(token, "terrapi").error == "invalid_grant")
            #expect(
                try await provider.refresh(try #require(second["refresh_token"]), "terrapi").error == "invalid_grant")
            for response in [first, second] {
                #expect(try await provider.userInfo(try #require(response["access_token"])).status == 401)
            }
            #expect(try await provider.outcomes(.grantRevoked) == [.success])
        }
    }

    @Test("on codes end what they gave", arguments: DatabaseKind.tested)
    func codes(kind: DatabaseKind) async throws {
        try await withProvider(kind) { provider in
            try await provider.addPerson("ada")
            let code = try await provider.code("ada", "terrapi")
            let response = try await provider.redeem(code, "terrapi")
            let token = try #require(response["access_token"])
            #expect(try await provider.userInfo(token).status == 200)
            #expect(try await provider.redeem(code, "terrapi").error == "invalid_grant")
            #expect(try await provider.userInfo(token).status == 401)
            for (client, verifier) in [
                (Self.client, TestProvider.verifier), ("terrapi", String(repeating: "x", count: 43)),
                ("terrapi", TestProvider.challenge), ("terrapi", ""),
            ] {
                let code = try await provider.code("ada", "terrapi")
                #expect(try await provider.redeem(code, client, verifier: verifier).error == "invalid_grant")
            }
            #expect(try await provider.outcomes(.grantRefused).count == 5)
        }
    }

    @Test("that fail without end do not fill the audit log") func flood() async throws {
        try await withProvider { provider in
            for _ in 0..<FailureLog.limit * 3 { _ = try await provider.refresh("x", "terrapi") }
            // A minute may end meanwhile.
            #expect(try await provider.outcomes(.grantRefused).count <= FailureLog.limit * 2)
        }
    }
}
