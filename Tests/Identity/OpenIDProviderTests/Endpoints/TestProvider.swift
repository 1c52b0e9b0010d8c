import Access
import Crypto
import DatabaseTestKit
import HTTPEdge
import HTTPTypes
import JOSE
import JSON
import NIOCore
import SQLDatabase
import Temporal
import Testing

@testable import Identity
@testable import IdentityHosting
@testable import OpenIDProvider
@testable import ServiceModule

/// The endpoints of a provider, called without a server.
struct TestProvider: Sendable {
    static let origin = "https://terrabyte.example"
    static let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    static let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    static let redirectURI = "http://127.0.0.1:4711/callback"
    static let device = "urn:ietf:params:oauth:grant-type:device_code"

    let store: IdentityStore
    let location: ProviderLocation
    let endpoints: ProviderEndpoints
    private let routes: [Route]

    init(_ database: Database, origin: String = Self.origin) async throws {
        var store = IdentityStore(
            database, passwords: try PasswordHasher(PasswordCost(memoryKibibytes: 8, passCount: 1, laneCount: 1)))
        store.rsaBits = 2_048
        self.store = store
        try await store.migrate()
        var configuration = EdgeConfiguration()
        configuration.publicURL = origin
        location = ProviderLocation(configuration, RunningServer(serviceNames: []))
        endpoints = ProviderEndpoints(store, location, TokenLifetimes(), trustedProxies: IPNetworks())
        var group = RouteGroup("auth", timeout: .seconds(10))
        endpoints.add(to: &group)
        routes = group.routes
    }

    // MARK: Requests

    func send(
        _ method: HTTPRequest.Method, _ path: String, headers: HTTPFields = [:], body: String = ""
    ) async throws -> Response {
        let head = HTTPRequest(
            method: method, scheme: "https", authority: "anything.example", path: path, headerFields: headers)
        let route = routes.first { $0.method == method && $0.path == path.prefix { $0 != "?" } }
        guard case .inline(let handler) = try #require(route).handler else { throw CommandError("not inline") }
        return Response(try await handler(EdgeRequest(head, body: Array(body.utf8))))
    }

    func post(
        _ path: String, _ parameters: KeyValuePairs<String, String>, headers: HTTPFields = [:]
    ) async throws -> Response {
        var headers = headers
        headers[.contentType] = "application/x-www-form-urlencoded"
        let body = parameters.map { "\(percentEncoded($0))=\(percentEncoded($1))" }.joined(separator: "&")
        return try await send(.post, path, headers: headers, body: body)
    }

    func userInfo(_ token: String) async throws -> Response {
        try await send(.get, "/auth/userinfo", headers: [.authorization: "Bearer \(token)"])
    }

    struct Response {
        let status: Int
        let headers: HTTPFields
        let json: JSONValue

        init(_ response: EdgeResponse) {
            status = response.status.code
            headers = response.headers
            json = (try? JSONValue(parsing: String(buffer: response.body))) ?? .null
        }

        subscript(name: String) -> String? { json[name]?.string }
        var error: String? { self["error"] }
    }

    // MARK: Accounts and grants

    func addPerson(_ name: String) async throws {
        var draft = AccountDraft(name, fullName: "Ada Lovelace", email: "\(name)@example.org")
        draft.roles = [.curator]
        try await store.addAccount(draft, by: .operator)
        try await store.database.write { transaction in
            _ = try transaction.execute(
                "INSERT INTO identity_totp (account, secret, last_step) VALUES (?, ?, 0)", name, TOTP().secret)
        }
    }

    func code(_ name: String, _ client: String, scope: String = "openid offline_access") async throws -> String {
        let query = [
            "response_type=code", "client_id=\(client)", "redirect_uri=\(percentEncoded(Self.redirectURI))",
            "scope=\(percentEncoded(scope))", "state=xyz", "nonce=n-1", "code_challenge=\(Self.challenge)",
            "code_challenge_method=S256",
        ].joined(separator: "&")
        guard case .valid(let request) = try await AuthorizationRequest.read(query, store, location) else {
            throw CommandError("the authorization request is not valid")
        }
        return try await store.makeAuthorizationCode(
            for: request.code, Authentication(name, methods: ["pwd", "otp"], at: store.now()))
    }

    func redeem(_ code: String, _ client: String, verifier: String = Self.verifier) async throws -> Response {
        try await post(
            "/auth/token",
            [
                "grant_type": "authorization_code", "client_id": client, "code": code, "redirect_uri": Self.redirectURI,
                "code_verifier": verifier,
            ])
    }

    func signIn(
        _ name: String, _ client: String, scope: String = "openid profile email offline_access"
    ) async throws -> Response {
        try await redeem(code(name, client, scope: scope), client)
    }

    func refresh(
        _ token: String, _ client: String, scope: String = "", headers: HTTPFields = [:]
    ) async throws -> Response {
        try await post(
            "/auth/token",
            ["grant_type": "refresh_token", "client_id": client, "refresh_token": token, "scope": scope],
            headers: headers)
    }

    /// A registered client with a secret, and that secret.
    func addConfidentialClient(_ id: String = "harvester") async throws -> String {
        try await store.addAccount(AccountDraft("robot", .service), by: .operator)
        let client = OAuthClient(
            id, title: "Harvester", .confidential, redirectURIs: [try RedirectURI("https://harvester.example/cb")],
            grantTypes: [.clientCredentials, .authorizationCode, .refreshToken],
            scopes: [.openID, Scope("collections:read")], serviceAccount: "robot")
        return try #require(try await store.addClient(client, by: .operator))
    }

    func outcomes(_ action: AuditAction) async throws -> [AuditOutcome] {
        var query = AuditQuery()
        query.action = action
        return try await store.events(query).map(\.outcome)
    }

    /// The claims of a token, whose signature and kind are checked as a client of ours would.
    func claims(_ token: String, type: String?, audience: String) async throws -> JSONObject {
        let validation = ClaimValidation(
            issuer: location.issuer, audiences: [audience], types: type.map { [$0] }, requiredClaims: ["sub", "sid"])
        let now = Double(try await store.now().microseconds) / 1_000_000
        return try VerifiedToken(token, keys: await store.publicKeys(), validation: validation, now: now).claims.object
    }
}

/// Runs `body` with a provider on a new database.
func withProvider(
    _ kind: DatabaseKind = .sqlite, _ body: (TestProvider) async throws -> Void
) async throws {
    try await withDatabase(kind) { try await body(TestProvider($0)) }
}
