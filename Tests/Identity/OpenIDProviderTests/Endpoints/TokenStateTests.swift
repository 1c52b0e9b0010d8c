import Access
import HTTPTypes
import JSON
import Testing

@testable import Identity
@testable import OpenIDProvider

@Suite("Revocation, introspection, user info and discovery") struct TokenStateTests {
    @Test("Revoking any of a grant's tokens ends all of them", arguments: ["terrapi", "de.lrz.terrabyte.stac"])
    func revocation(client: String) async throws {
        try await withProvider { provider in
            try await provider.addPerson("ada")
            for name in ["refresh_token", "access_token"] {
                let tokens = try await provider.signIn("ada", client)
                let other = try await provider.signIn("ada", client)
                let token = try #require(tokens[name])
                let foreign = try await provider.post("/auth/revoke", ["client_id": "openeo-python", "token": token])
                #expect(foreign.status == 200)
                #expect(try await provider.userInfo(try #require(tokens["access_token"])).status == 200)
                let response = try await provider.post("/auth/revoke", ["client_id": client, "token": token])
                #expect(response.status == 200)
                #expect(try await provider.userInfo(try #require(tokens["access_token"])).status == 401)
                #expect(
                    try await provider.refresh(try #require(tokens["refresh_token"]), client).error == "invalid_grant")
                #expect(try await provider.userInfo(try #require(other["access_token"])).status == 200)
            }
            #expect(try await provider.post("/auth/revoke", ["client_id": client, "token": "x"]).status == 200)
            #expect(try await provider.post("/auth/revoke", ["client_id": client]).error == "invalid_request")
            #expect(try await provider.post("/auth/revoke", ["token": "x"]).error == "invalid_request")
        }
    }

    @Test("Introspection tells clients with a secret whether a token is valid") func introspection() async throws {
        try await withProvider { provider in
            try await provider.addPerson("ada")
            let secret = try await provider.addConfidentialClient()
            func ask(_ token: String) async throws -> TestProvider.Response {
                try await provider.post(
                    "/auth/introspect", ["client_id": "harvester", "client_secret": secret, "token": token])
            }
            let tokens = try await provider.signIn("ada", "terrapi")
            let token = try #require(tokens["access_token"])
            let active = try await ask(token)
            #expect(active.json["active"] == true && active["sub"] == "ada" && active["client_id"] == "terrapi")
            #expect(active["scope"] == tokens["scope"] && active.json["exp"]?.int != nil)
            // Another client's.
            #expect(try await ask(try #require(tokens["refresh_token"])).json == ["active": false])
            #expect(try await ask("x").json == ["active": false])
            try await provider.store.revokeGrants(of: "ada", by: AuditActor("ada"))
            #expect(try await ask(token).json == ["active": false])
            let anonymous = try await provider.post("/auth/introspect", ["client_id": "terrapi", "token": token])
            #expect(anonymous.status == 401 && anonymous.error == "invalid_client")
        }
    }

    @Test("User info says what the scopes allow") func userInfo() async throws {
        try await withProvider { provider in
            try await provider.addPerson("ada")
            func info(_ scope: String) async throws -> TestProvider.Response {
                try await provider.userInfo(
                    try #require(try await provider.signIn("ada", "terrapi", scope: scope)["access_token"]))
            }
            #expect(try await info("openid").json == ["sub": "ada"])
            #expect(
                try await info("openid profile email groups").json == [
                    "sub": "ada", "preferred_username": "ada", "name": "Ada Lovelace", "email": "ada@example.org",
                    "groups": [],
                ])
            let other = try await info("profile")
            #expect(other.status == 403 && other.error == "insufficient_scope")
            let missing = try await provider.send(.post, "/auth/userinfo")
            #expect(missing.status == 401 && missing.headers[.wwwAuthenticate] == "Bearer")
            #expect(try await provider.send(.get, "/auth/userinfo?access_token=x").status == 401)
        }
    }

    @Test("Discovery is the same at each of its places, whatever the host of the request") func discovery() async throws
    {
        try await withProvider { provider in
            let documents = try await [
                "/auth/.well-known/openid-configuration", "/auth/realms/terrabyte/.well-known/openid-configuration",
                "/.well-known/oauth-authorization-server/auth",
            ].asyncMap { try await provider.send(.get, $0).json }
            #expect(Set(documents).count == 1)
            let document = documents[0]
            #expect(document["issuer"] == "https://terrabyte.example/auth")
            for (name, path) in [
                ("authorization", "authorize"), ("token", "token"), ("device_authorization", "device_authorization"),
                ("revocation", "revoke"), ("introspection", "introspect"), ("userinfo", "userinfo"),
                ("end_session", "logout"),
            ] {
                #expect(document["\(name)_endpoint"]?.string == "https://terrabyte.example/auth/\(path)")
            }
            #expect(document["id_token_signing_alg_values_supported"] == ["RS256"])
            #expect(document["scopes_supported"]?.array?.contains("offline_access") == true)
            #expect(document["code_challenge_methods_supported"] == ["S256"])
            let keys = try await provider.send(.get, "/auth/jwks").json["keys"]?.array ?? []
            #expect(Set(keys.compactMap { $0["alg"]?.string }) == ["ES256", "RS256"])
            #expect(keys.allSatisfy { $0["d"] == nil && $0["kid"] != nil && $0["use"] == "sig" })
        }
    }
}

extension Sequence {
    fileprivate func asyncMap<Result>(_ transform: (Element) async throws -> Result) async throws -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}
