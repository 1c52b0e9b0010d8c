import Access
import HTTPEdge
import Testing

@testable import Identity
@testable import OpenIDProvider

@Suite("Authorization requests") struct AuthorizationRequestTests {
    private static let parameters = [
        "response_type": "code", "client_id": "terrapi", "redirect_uri": TestProvider.redirectURI,
        "scope": "openid profile unknown", "state": "a b&c", "nonce": "n", "code_challenge": TestProvider.challenge,
        "code_challenge_method": "S256",
    ]

    /// - Parameter changes: Values instead of those of a valid request; empty ones remove a parameter.
    private func read(
        _ provider: TestProvider, _ changes: [String: String], suffix: String = ""
    ) async throws -> AuthorizationRequest.Outcome {
        let query = Self.parameters.merging(changes) { $1 }.map { "\($0)=\(percentEncoded($1))" }
        return try await AuthorizationRequest.read(
            query.joined(separator: "&") + suffix, provider.store, provider.location)
    }

    @Test("are read, and answered with code, state and issuer") func valid() async throws {
        try await withProvider { provider in
            let changes = ["prompt": "login consent", "max_age": "60", "login_hint": "ada"]
            guard case .valid(let request) = try await read(provider, changes) else {
                Issue.record("the request is not valid")
                return
            }
            #expect(request.client.id == "terrapi")
            #expect(request.code.scopes == Scope.resources.union([.openID, .profile]))
            #expect(request.code.codeChallenge == TestProvider.challenge && request.code.nonce == "n")
            #expect(request.prompts == [.login, .consent])
            #expect(request.maximumAge == 60 && request.loginHint == "ada")
            #expect(
                request.successURL(code: "xyz")
                    == "http://127.0.0.1:4711/callback?code=xyz&state=a%20b%26c"
                    + "&iss=https%3A%2F%2Fterrabyte.example%2Fauth")
            #expect(
                request.denialURL
                    == "http://127.0.0.1:4711/callback?error=access_denied"
                    + "&error_description=The%20user%20has%20refused.&state=a%20b%26c"
                    + "&iss=https%3A%2F%2Fterrabyte.example%2Fauth")
        }
    }

    @Test(
        "never send a browser to an address that is not the client's",
        arguments: [
            ["client_id": "nobody"], ["client_id": ""], ["redirect_uri": ""],
            ["redirect_uri": "https://evil.example/callback"],
            ["redirect_uri": "http://127.0.0.1:4711@evil.example/callback"],
            ["redirect_uri": "http://127.0.0.1.evil.example:4711/callback"],
            ["redirect_uri": "http://127.0.0.1:4711/callback/../x"],
            ["redirect_uri": "http://127.0.0.1:4711/callback?x=1"],
            ["redirect_uri": "http://127.0.0.1:4711/callback#x"],
            ["redirect_uri": "http://127.0.0.1:4711/CALLBACK"], ["redirect_uri": "//evil.example"],
            ["redirect_uri": "javascript:alert(1)"], ["redirect_uri": "http://127.0.0.1:4711/callback\r\nX: y"],
            ["redirect_uri": "https://terrabyte.example/portal/signed-in"],
        ])
    func openRedirects(changes: [String: String]) async throws {
        try await withProvider { provider in
            guard case .unredirectable(let error) = try await read(provider, changes) else {
                Issue.record("the browser is sent away")
                return
            }
            #expect(error.code == "invalid_request")
        }
    }

    @Test("with a parameter that occurs twice are not redirected") func duplicates() async throws {
        try await withProvider { provider in
            let suffix = "&redirect_uri=https%3A%2F%2Fevil.example"
            guard case .unredirectable = try await read(provider, [:], suffix: suffix) else {
                Issue.record("two redirect URIs are accepted")
                return
            }
        }
    }

    @Test(
        "that the client has made wrong are sent back to it",
        arguments: [
            (["response_type": ""], "invalid_request"), (["response_type": "token"], "unsupported_response_type"),
            (["response_type": "code id_token"], "unsupported_response_type"),
            (["response_mode": "fragment"], "invalid_request"), (["code_challenge": ""], "invalid_request"),
            (["code_challenge": "", "code_challenge_method": ""], "invalid_request"),
            (["code_challenge_method": ""], "invalid_request"), (["code_challenge_method": "plain"], "invalid_request"),
            (["code_challenge": "x"], "invalid_request"), (["prompt": "none login"], "invalid_request"),
            (["prompt": "select"], "invalid_request"), (["max_age": "-1"], "invalid_request"),
            (["request": "x"], "request_not_supported"), (["request_uri": "x"], "request_uri_not_supported"),
            (["nonce": String(repeating: "x", count: 501)], "invalid_request"),
        ])
    func errors(changes: [String: String], code: String) async throws {
        try await withProvider { provider in
            guard case .redirect(let url) = try await read(provider, changes) else {
                Issue.record("the browser is not sent back")
                return
            }
            #expect(url.hasPrefix("http://127.0.0.1:4711/callback?error=\(code)&error_description="))
            #expect(url.hasSuffix("&state=a%20b%26c&iss=https%3A%2F%2Fterrabyte.example%2Fauth"))
        }
    }

    @Test("of registered clients get what they ask for and may have") func scopes() async throws {
        try await withProvider { provider in
            _ = try await provider.addConfidentialClient()
            let changes = [
                "client_id": "harvester", "redirect_uri": "https://harvester.example/cb", "code_challenge": "",
                "code_challenge_method": "", "scope": "openid administration",
            ]
            guard case .valid(let request) = try await read(provider, changes) else {
                Issue.record("the request is not valid")
                return
            }
            #expect(request.code.scopes == [.openID] && request.code.codeChallenge == nil)
            guard
                case .redirect(let url) = try await read(provider, changes.merging(["scope": "administration"]) { $1 })
            else {
                Issue.record("a client gets what it may not have")
                return
            }
            #expect(url.hasPrefix("https://harvester.example/cb?error=invalid_scope"))
        }
    }
}
