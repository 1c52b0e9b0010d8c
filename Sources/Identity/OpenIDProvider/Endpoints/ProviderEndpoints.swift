import Access
import HTTPEdge
import HTTPTypes
import Identity
import IdentityHosting
import JOSE
import JSON

/// The routes of the OpenID provider that programs use. Those that people use are pages.
struct ProviderEndpoints: Sendable {
    let store: IdentityStore
    let location: ProviderLocation
    let authentication: ClientAuthentication
    let failures: FailureLog
    let issuer: TokenIssuer
    let reader: TokenReader
    let lifetimes: TokenLifetimes
    let trustedProxies: IPNetworks

    init(
        _ store: IdentityStore, _ location: ProviderLocation, _ lifetimes: TokenLifetimes, trustedProxies: IPNetworks
    ) {
        self.store = store
        self.location = location
        self.lifetimes = lifetimes
        self.trustedProxies = trustedProxies
        failures = FailureLog(store)
        authentication = ClientAuthentication(store: store, failures: failures)
        issuer = TokenIssuer(store: store, location: location, keys: SigningKeyCache(store), lifetimes: lifetimes)
        reader = TokenReader(store, location)
    }

    /// Paths below the origin. The route of the first, of the device's page, of the account's and of the end of sessions are
    /// pages.
    enum Path {
        static let authorization = "/auth/authorize"
        static let token = "/auth/token"
        static let deviceAuthorization = "/auth/device_authorization"
        static let device = "/auth/device"
        static let revocation = "/auth/revoke"
        static let introspection = "/auth/introspect"
        static let userInfo = "/auth/userinfo"
        static let keys = "/auth/jwks"
        static let endSession = "/auth/logout"
        static let account = "/auth/account"
        static let discovery = "/auth/.well-known/openid-configuration"
        /// Where clients look that were written for Keycloak.
        static let realmDiscovery = "/auth/realms/terrabyte/.well-known/openid-configuration"
        /// Source: [RFC 8414, section 3.1](https://www.rfc-editor.org/rfc/rfc8414#section-3.1).
        static let metadata = "/.well-known/oauth-authorization-server/auth"
    }

    func add(to routes: inout RouteGroup) {
        let (crossOrigin, hidesQuery) = (routes.crossOrigin, routes.hidesQuery)
        defer { (routes.crossOrigin, routes.hidesQuery) = (crossOrigin, hidesQuery) }
        routes.crossOrigin = .anyOrigin
        // Secrets do not belong there; who sends them all the same need not find them in the log.
        routes.hidesQuery = true
        for (path, name) in [
            (Path.discovery, "configuration"), (Path.realmDiscovery, "realmConfiguration"), (Path.metadata, "metadata"),
        ] {
            routes.get(path, OpenAPIOperation(name, "What the OpenID provider can do")) { _ in
                .json(Discovery(location: location).document, age: 300)
            }
        }
        routes.get(Path.keys, OpenAPIOperation("keys", "The public keys of tokens")) { _ in
            .json(try await store.publicKeys().jwks, age: 300)
        }
        addForm(Path.token, "token", "Get tokens", to: &routes, token)
        addForm(Path.deviceAuthorization, "deviceAuthorization", "Begin to sign a device in", to: &routes, deviceCodes)
        addForm(Path.revocation, "revoke", "Revoke a token", to: &routes, revoke)
        let userInfo = OpenAPIOperation("userInfo", "Who an access token is for")
        routes.get(Path.userInfo, userInfo) { try await self.userInfo($0) }
        var posted = userInfo
        posted.id = "postedUserInfo"
        routes.add(.post, Path.userInfo, bodyLimit: FormParameters.bodyLimit, posted, .inline(self.userInfo))
        routes.crossOrigin = .sameOrigin
        addForm(Path.introspection, "introspect", "Whether a token is valid", to: &routes, introspect)
    }

    /// A route that takes a form of a client, and answers errors as OAuth has them.
    private func addForm(
        _ path: String, _ id: String, _ summary: String, to routes: inout RouteGroup,
        _ respond: @escaping @Sendable (ProviderRequest) async throws -> EdgeResponse
    ) {
        var operation = OpenAPIOperation(id, summary)
        operation.members["requestBody"] = [
            "required": true, "content": .object([FormParameters.mediaType: ["schema": ["type": "object"]]]),
        ]
        routes.add(
            .post, path, bodyLimit: FormParameters.bodyLimit, operation,
            .inline { request in
                do {
                    let parameters = try FormParameters(body: request)
                    let address = trustedProxies.client(request.head.headerFields, peer: request.peer)
                    let client = try await authentication.client(request, parameters, address: address)
                    return try await respond(
                        ProviderRequest(
                            client: client, parameters: parameters, address: address,
                            userAgent: request.head.headerFields[.userAgent]))
                } catch let error as OAuthError {
                    return error.response
                }
            })
    }
}

/// A request of a client that is known and, if it has a secret, authenticated.
struct ProviderRequest: Sendable {
    let client: OAuthClient
    let parameters: FormParameters
    let address: String?
    let userAgent: String?

    /// - Throws: `OAuthError.unauthorizedClient`.
    func require(_ grantType: OAuthClient.GrantType) throws(OAuthError) {
        guard client.grantTypes.contains(grantType) else {
            throw .unauthorizedClient("The client may not use \(grantType.rawValue).")
        }
    }

    /// - Throws: `OAuthError.invalidRequest`.
    func scopes() throws(OAuthError) -> Set<Scope>? {
        try parameters.optional("scope", byteLimit: 2_000).map(Scope.set)
    }
}
