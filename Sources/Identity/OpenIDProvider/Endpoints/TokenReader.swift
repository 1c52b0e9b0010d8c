import Access
import Identity
import IdentityHosting
import JOSE
import JSON
import Temporal

/// Verifies tokens that this provider has signed.
struct TokenReader: Sendable {
    /// An access token whose grant is valid now.
    struct Reading: Sendable {
        let claims: Claims
        let grant: Grant
        var scopes: Set<Scope> { Scope.set(claims["scope"]?.string ?? "") }
    }

    let store: IdentityStore
    let location: ProviderLocation
    private let keys: KeySource

    init(_ store: IdentityStore, _ location: ProviderLocation) {
        self.store = store
        self.location = location
        // They are in the database, so that looking for them costs little.
        keys = KeySource(retrySeconds: 1, ageLimitSeconds: 5) { try await store.publicKeys() }
    }

    /// - Returns: `nil`: it is no access token of this provider, has ended, or was revoked.
    func accessToken(_ token: String) async throws -> Reading? {
        let claims = try await claims(
            token, audience: location.audience, type: TokenIssuer.accessTokenType, required: ["sub", "scope"])
        guard let claims, let grant = try await grant(of: claims) else { return nil }
        return Reading(claims: claims, grant: grant)
    }

    /// The id of the grant of a reusable refresh token, which may have been revoked.
    ///
    /// - Returns: `nil`: it is no refresh token of the client, or has ended.
    func refreshToken(_ token: String, client: OAuthClient) async throws -> Int64? {
        let claims = try await claims(
            token, audience: location.issuer, type: TokenIssuer.refreshTokenType, required: ["sub"])
        guard let claims, claims["client_id"]?.string == client.id else { return nil }
        return claims["sid"]?.string.flatMap { Int64($0) }
    }

    private func claims(
        _ token: String, audience: String, type: String, required: [String]
    ) async throws -> Claims? {
        // Clocks of nodes may differ by some seconds.
        let validation = ClaimValidation(
            issuer: location.issuer, audiences: [audience], types: [type], leewaySeconds: 5,
            requiredClaims: required + ["client_id", "sid", "iat", "jti"])
        let now = Double(try await store.now().microseconds) / 1_000_000
        do {
            let header = try SignedToken(token).header
            return try VerifiedToken(
                token, keys: await keys.keys(for: header, now: now), validation: validation, now: now
            ).claims
        } catch is TokenError {
            return nil
        } catch is ClaimError {
            return nil
        }
    }

    private func grant(of claims: Claims) async throws -> Grant? {
        guard let id = claims["sid"]?.string.flatMap({ Int64($0) }), let grant = try await store.grant(id),
            grant.account == claims.subject, grant.client == claims["client_id"]?.string
        else { return nil }
        return grant
    }
}
