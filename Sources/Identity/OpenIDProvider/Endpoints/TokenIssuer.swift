import Access
import Crypto
import Identity
import IdentityHosting
import JOSE
import JSON
import Temporal

/// Makes tokens of what the store has granted.
///
/// Access tokens are signed with `ES256`, which takes 32 µs where RSA takes a hundred times that; who has them does not read
/// them. id_tokens are signed with `RS256`, which every client can verify.
struct TokenIssuer: Sendable {
    static let accessTokenType = "at+jwt"
    static let refreshTokenType = "rt+jwt"
    /// Most groups in a token: servers refuse long headers. Rights are asked of the database, not of the token.
    static let groupLimit = 100
    /// Seconds for which an id_token proves a sign-in.
    static let idTokenLifetime: Int64 = 600

    let store: IdentityStore
    let location: ProviderLocation
    let keys: SigningKeyCache
    let lifetimes: TokenLifetimes

    /// The response to a token request.
    ///
    /// - Parameters:
    ///   - scopes: Of the access token: all or fewer than the grant has.
    ///   - refreshToken: A reusable one that the client has sent and keeps.
    ///   - isFirst: Whether the grant was made by this request: then there is an id_token.
    func response(
        _ basis: TokenBasis, client: OAuthClient, scopes: Set<Scope>? = nil, refreshToken: String? = nil, isFirst: Bool
    ) async throws -> JSONValue {
        let scopes = scopes ?? basis.grant.scopes
        let end = min(basis.time.seconds + lifetimes.accessToken, basis.grant.end.seconds)
        let accessToken = try await accessToken(basis, client, scopes, end: end)
        var response: JSONObject = [
            "access_token": .string(accessToken), "token_type": "Bearer",
            "expires_in": JSONValue(Int(end - basis.time.seconds)), "scope": .string(Scope.text(scopes)),
        ]
        if basis.isRefreshable {
            if let refreshToken = refreshToken ?? basis.refreshToken {
                response["refresh_token"] = .string(refreshToken)
            } else {
                response["refresh_token"] = .string(try await reusableToken(basis))
            }
            response["refresh_expires_in"] = JSONValue(Int(basis.grant.end.seconds - basis.time.seconds))
        }
        if isFirst, scopes.contains(.openID) {
            response["id_token"] = .string(try await idToken(basis, client, accessToken))
        }
        return .object(response)
    }

    /// Source: [RFC 9068, section 2](https://www.rfc-editor.org/rfc/rfc9068#section-2).
    private func accessToken(
        _ basis: TokenBasis, _ client: OAuthClient, _ scopes: Set<Scope>, end: Int64
    ) async throws -> String {
        var claims = claims(basis, client, end: end)
        // The platform, which takes it, and the client, which old clients look for.
        claims["aud"] = [.string(location.audience), .string(client.id)]
        claims["client_id"] = .string(client.id)
        claims["jti"] = .string(Self.newID())
        claims["scope"] = .string(Scope.text(scopes))
        claims["preferred_username"] = .string(basis.account.name)
        if client.isFirstParty || scopes.contains(.groups) {
            let groups = basis.rights.groups.sorted()
            claims["groups"] = .array(groups.prefix(Self.groupLimit).map { .string($0) })
            if groups.count > Self.groupLimit { claims["groups_omitted"] = JSONValue(groups.count - Self.groupLimit) }
        }
        return try await sign(claims, .es256, type: Self.accessTokenType)
    }

    /// Sources: [OpenID Connect Core, section 2](https://openid.net/specs/openid-connect-core-1_0.html#IDToken),
    /// [3.1.3.6](https://openid.net/specs/openid-connect-core-1_0.html#CodeIDToken) for `at_hash`.
    private func idToken(_ basis: TokenBasis, _ client: OAuthClient, _ accessToken: String) async throws -> String {
        var claims = claims(basis, client, end: basis.time.seconds + Self.idTokenLifetime)
        claims["auth_time"] = JSONValue(Int(basis.grant.authenticationTime.seconds))
        claims["amr"] = .array(basis.grant.authenticationMethods.map { .string($0) })
        let hash = Array(SHA256.hash(data: Array(accessToken.utf8)))
        claims["at_hash"] = .string(Base64URL.encode(hash.prefix(16)))
        if let nonce = basis.nonce { claims["nonce"] = .string(nonce) }
        for (name, value) in UserClaims.of(basis.account, basis.grant.scopes) { claims[name] = value }
        return try await sign(claims, .rs256, type: "JWT")
    }

    /// For clients that keep one refresh token: it can be used until its end. Its header and its audience distinguish it
    /// from an access token.
    private func reusableToken(_ basis: TokenBasis) async throws -> String {
        let claims: JSONObject = [
            "iss": .string(location.issuer), "sub": .string(basis.account.name), "aud": .string(location.issuer),
            "client_id": .string(basis.grant.client), "iat": JSONValue(Int(basis.time.seconds)),
            "exp": JSONValue(Int(basis.grant.end.seconds)), "jti": .string(Self.newID()),
            "sid": .string("\(basis.grant.id)"), "typ": "Refresh",
        ]
        return try await sign(claims, .es256, type: Self.refreshTokenType)
    }

    /// Those of all tokens for the client.
    private func claims(_ basis: TokenBasis, _ client: OAuthClient, end: Int64) -> JSONObject {
        [
            "iss": .string(location.issuer), "sub": .string(basis.account.name), "aud": .string(client.id),
            "azp": .string(client.id), "iat": JSONValue(Int(basis.time.seconds)), "exp": JSONValue(Int(end)),
            "sid": .string("\(basis.grant.id)"),
        ]
    }

    private func sign(_ claims: JSONObject, _ algorithm: SignatureAlgorithm, type: String) async throws -> String {
        let key = try await keys.key(algorithm)
        return try key.token(payload: JSONValue.object(claims).serialized(), type: type)
    }

    /// 128 random bits.
    private static func newID() -> String {
        var generator = SystemRandomNumberGenerator()
        return Base64URL.encode((0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) })
    }
}

extension Timestamp {
    /// Since 1970, as tokens have it.
    var seconds: Int64 { microseconds / 1_000_000 }
}
