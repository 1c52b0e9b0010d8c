import Identity
import IdentityHosting
import JOSE
import JSON

/// An id_token that a client sends back to say who signs out, and who asks. It may have ended.
///
/// Source: [OpenID Connect RP-Initiated Logout 1.0, section 2](https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RPLogout).
struct IDTokenHint: Sendable {
    /// Name of the account.
    let account: String
    /// Id of the client.
    let client: String

    /// - Returns: `nil`: it is no id_token of this provider.
    static func read(
        _ token: String, _ store: IdentityStore, _ location: ProviderLocation
    ) async throws -> IDTokenHint? {
        let keys = try await store.publicKeys()
        guard let signed = try? SignedToken(token), signed.header.type == "JWT", let key = try? signed.key(among: keys),
            let payload = try? signed.payload(verifiedWith: key), let claims = try? JSONValue(parsing: payload),
            claims["iss"]?.string == location.issuer, claims["auth_time"] != nil,
            let account = claims["sub"]?.string, let client = claims["azp"]?.string
        else { return nil }
        return IDTokenHint(account: account, client: client)
    }
}
