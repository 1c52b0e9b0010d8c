import Access
import Crypto
import DatabaseTestKit
import HTTPTypes
import JOSE
import JSON
import SQLDatabase
import Temporal
import Testing

@testable import Identity
@testable import OpenIDProvider

@Suite("Token endpoint") struct TokenEndpointTests {
    @Test("gives access, refresh and id tokens for a code", arguments: DatabaseKind.tested)
    func code(kind: DatabaseKind) async throws {
        try await withProvider(kind) { provider in
            try await provider.addPerson("ada")
            let response = try await provider.signIn("ada", "terrapi")
            #expect(response.status == 200)
            #expect(response.headers[.cacheControl] == "no-store")
            #expect(response["token_type"] == "Bearer")
            #expect(response.json["expires_in"]?.int == 3_600)
            #expect(
                response["scope"]
                    == "administration catalogue:write collections:read collections:write email offline_access openid profile"
            )
            let token = try #require(response["access_token"])
            #expect(try SignedToken(token).header.algorithm == .es256)
            let access = try await provider.claims(token, type: "at+jwt", audience: TestProvider.origin)
            #expect(access["sub"] == "ada" && access["client_id"] == "terrapi" && access["azp"] == "terrapi")
            #expect(access["aud"] == [.string(TestProvider.origin), "terrapi"])
            #expect(access["preferred_username"] == "ada" && access["groups"] == [])
            #expect(access["nbf"] == nil)
            let id = try #require(response["id_token"])
            #expect(try SignedToken(id).header.algorithm == .rs256)
            let identity = try await provider.claims(id, type: nil, audience: "terrapi")
            #expect(identity["nonce"] == "n-1" && identity["amr"] == ["pwd", "otp"])
            #expect(identity["name"] == "Ada Lovelace" && identity["email"] == "ada@example.org")
            #expect(identity["auth_time"]?.int != nil && identity["sid"] == access["sid"])
            let hash = Array(SHA256.hash(data: Array(token.utf8))).prefix(16)
            #expect(identity["at_hash"] == .string(Base64URL.encode(hash)))
            let grant = try #require(try await provider.store.grants(of: "ada").first)
            #expect(access["sid"] == .string("\(grant.id)"))
            #expect(response["refresh_token"]?.hasPrefix("terrabyte_refresh_") == true)
        }
    }

    @Test("rotates opaque refresh tokens, and narrows scopes on demand", arguments: DatabaseKind.tested)
    func rotation(kind: DatabaseKind) async throws {
        try await withProvider(kind) { provider in
            try await provider.addPerson("ada")
            let first = try #require(try await provider.signIn("ada", "terrapi")["refresh_token"])
            let response = try await provider.refresh(first, "terrapi", scope: "collections:read")
            #expect(response.status == 200 && response["scope"] == "collections:read")
            #expect(response["id_token"] == nil)
            let second = try #require(response["refresh_token"])
            #expect(second != first)
            let wide = try await provider.refresh(second, "terrapi")
            #expect(wide["scope"]?.contains("collections:write") == true)
            let third = try #require(wide["refresh_token"])
            #expect(try await provider.refresh(third, "terrapi", scope: "metrics:read").error == "invalid_scope")
            #expect(try await provider.refresh(third, "terrapi").status == 200)
        }
    }

    @Test("keeps the refresh token of clients that store only one", arguments: DatabaseKind.tested)
    func reuse(kind: DatabaseKind) async throws {
        try await withProvider(kind) { provider in
            try await provider.addPerson("ada")
            let client = "de.lrz.terrabyte.stac"
            let token = try #require(try await provider.signIn("ada", client)["refresh_token"])
            let claims = try await provider.claims(token, type: "rt+jwt", audience: TestProvider.origin + "/auth")
            #expect(claims["exp"]?.int != nil && claims["iat"]?.int != nil && claims["jti"] != nil)
            #expect((claims["exp"]?.int ?? 0) - (claims["iat"]?.int ?? 0) == 30 * 86_400)
            for _ in 0..<20 {
                let response = try await provider.refresh(token, client)
                #expect(response.status == 200 && response["refresh_token"] == token)
            }
            let responses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<20 { group.addTask { try await provider.refresh(token, client).status } }
                return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
            }
            #expect(responses == [200])
            #expect(try await provider.refresh(token, "openeo-python").error == "invalid_grant")
            try await provider.store.revokeGrants(of: "ada", by: AuditActor("ada"))
            #expect(try await provider.refresh(token, client).error == "invalid_grant")
        }
    }

    @Test("gives one successor to all who use a refresh token at the same time", arguments: DatabaseKind.tested)
    func race(kind: DatabaseKind) async throws {
        try await withProvider(kind) { provider in
            try await provider.addPerson("ada")
            let token = try #require(try await provider.signIn("ada", "terrapi")["refresh_token"])
            let next = try await withThrowingTaskGroup(of: String?.self) { group in
                for _ in 0..<10 { group.addTask { try await provider.refresh(token, "terrapi")["refresh_token"] } }
                return try await group.reduce(into: Set<String?>()) { $0.insert($1) }
            }
            #expect(next.count == 1 && next != [token] && next != [nil])
        }
    }

    @Test("gives programs tokens of their service account, by either way to send a secret")
    func clientCredentials() async throws {
        try await withProvider { provider in
            let secret = try await provider.addConfidentialClient()
            let posted = try await provider.post(
                "/auth/token",
                ["grant_type": "client_credentials", "client_id": "harvester", "client_secret": secret])
            #expect(posted.status == 200 && posted["refresh_token"] == nil && posted["id_token"] == nil)
            let claims = try await provider.claims(
                try #require(posted["access_token"]), type: "at+jwt", audience: "harvester")
            #expect(claims["sub"] == "robot" && claims["scope"] == "collections:read openid")
            #expect(claims["groups"] == nil)
            let narrowed = try await provider.post(
                "/auth/token", ["grant_type": "client_credentials", "scope": "collections:read collections:write"],
                headers: [.authorization: basic("harvester", secret)])
            #expect(narrowed["scope"] == "collections:read")
            let nothing = try await provider.post(
                "/auth/token", ["grant_type": "client_credentials", "scope": "collections:write"],
                headers: [.authorization: basic("harvester", secret)])
            #expect(nothing.error == "invalid_scope")
            try await provider.store.setDisabled(true, "robot", by: .operator)
            let refused = try await provider.post(
                "/auth/token", ["grant_type": "client_credentials"],
                headers: [.authorization: basic("harvester", secret)])
            #expect(refused.error == "invalid_grant")
        }
    }

    @Test("names 100 groups at most, and how many more there are") func groups() async throws {
        try await withProvider { provider in
            try await provider.addPerson("ada")
            for number in 0..<120 {
                let id = "c\(number + 100)"
                try await provider.store.addContainer(id, title: "", by: .operator)
                try await provider.store.setMember("ada", of: id, .ro, by: .operator)
            }
            let response = try await provider.signIn("ada", "terrapi", scope: "openid groups")
            let token = try #require(response["access_token"])
            let claims = try await provider.claims(token, type: "at+jwt", audience: "terrapi")
            #expect(claims["groups"]?.array?.count == 100 && claims["groups"]?[0] == "/dss/c100-ro")
            #expect(claims["groups_omitted"] == 20)
            let info = try await provider.userInfo(token)
            #expect(info.json["groups"]?.array?.count == 120)
        }
    }

    @Test("refuses secrets in the URL, other bodies than forms, and parameters that occur twice")
    func requests() async throws {
        try await withProvider { provider in
            let form: HTTPFields = [.contentType: "application/x-www-form-urlencoded; charset=utf-8"]
            let body = "grant_type=refresh_token&client_id=terrapi&refresh_token=x"
            let cases: [(String, HTTPFields, String, String)] = [
                ("/auth/token?client_secret=x", form, body, "invalid_request"),
                ("/auth/token?", form, body, "invalid_request"),
                ("/auth/token", [.contentType: "application/json"], "{}", "invalid_request"),
                ("/auth/token", [:], body, "invalid_request"),
                ("/auth/token", form, body + "&client_id=terrapi", "invalid_request"),
                ("/auth/token", form, body + "&x=%zz", "invalid_request"),
                ("/auth/token", form, body + "&x=%ff", "invalid_request"),
                ("/auth/token", form, String(repeating: "a=&", count: 60) + body, "invalid_request"),
                ("/auth/token", form, "client_id=terrapi&refresh_token=x", "invalid_request"),
                ("/auth/token", form, "grant_type=&client_id=terrapi", "invalid_request"),
                ("/auth/token", form, "grant_type=refresh_token&client_id=terrapi", "invalid_request"),
                ("/auth/token", form, "grant_type=password&client_id=terrapi", "unsupported_grant_type"),
                ("/auth/token", form, "grant_type=client_credentials&client_id=terrapi", "unauthorized_client"),
                ("/auth/token", form, "grant_type=refresh_token&refresh_token=x", "invalid_request"),
                ("/auth/token", form, "grant_type=refresh_token&client_id=nobody", "invalid_client"),
                ("/auth/token", form, body + "&client_secret=", "invalid_grant"),
                ("/auth/token", form, body, "invalid_grant"),
            ]
            for (path, headers, body, error) in cases {
                let response = try await provider.send(.post, path, headers: headers, body: body)
                #expect(response.error == error, "\(path) \(body)")
                #expect(response.status == (error == "invalid_client" ? 401 : 400), "\(path) \(body)")
                #expect(response["error_description"]?.isEmpty == false)
                #expect(response.headers[.cacheControl] == "no-store")
            }
        }
    }

    @Test("asks clients with a secret for it, and no others") func secrets() async throws {
        try await withProvider { provider in
            let secret = try await provider.addConfidentialClient()
            func send(_ id: String?, _ posted: String, _ header: String?) async throws -> TestProvider.Response {
                try await provider.post(
                    "/auth/token",
                    ["grant_type": "client_credentials", "client_id": id ?? "", "client_secret": posted],
                    headers: header.map { [.authorization: $0] } ?? [:])
            }
            #expect(try await send("harvester", secret, nil).status == 200)
            let cases: [(String?, String, String?, String)] = [
                ("harvester", "", nil, "invalid_client"), ("harvester", secret + "x", nil, "invalid_client"),
                ("terrapi", secret, nil, "invalid_client"), (nil, "", basic("harvester", "x"), "invalid_client"),
                (nil, "", basic("nobody", secret), "invalid_client"),
                (nil, "", basic("terrapi", "x"), "invalid_client"),
                (nil, "", "Basic !", "invalid_client"), (nil, "", "Bearer x", "invalid_client"),
                (nil, secret, basic("harvester", secret), "invalid_request"),
                ("terrapi", "", basic("harvester", secret), "invalid_request"),
            ]
            for (id, posted, header, error) in cases {
                let response = try await send(id, posted, header)
                #expect(response.error == error, "\(id ?? "") \(posted) \(header ?? "")")
                let challenge = response.headers[.wwwAuthenticate]
                #expect((challenge != nil) == (header != nil && error == "invalid_client"))
            }
            // Those that name a client.
            #expect(try await provider.outcomes(.clientChecked).count == 6)
        }
    }

    private func basic(_ id: String, _ secret: String) -> String {
        let bytes = Array("\(id):\(secret)".utf8)
        let text = Base64URL.encode(bytes).map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 }
        return "Basic " + String(text) + String(repeating: "=", count: (3 - bytes.count % 3) % 3)
    }
}
