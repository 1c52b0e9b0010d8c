import Access
import Identity
import JSON

/// What a client is told about a person, by the scopes that it has.
///
/// Source: [OpenID Connect Core, sections 5.1 and 5.4](https://openid.net/specs/openid-connect-core-1_0.html#StandardClaims).
enum UserClaims {
    static let supported = [
        "sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "amr", "azp", "at_hash", "sid", "preferred_username",
        "name", "email", "groups",
    ]

    static func of(_ account: Account, _ scopes: Set<Scope>) -> [(String, JSONValue)] {
        var claims: [(String, JSONValue)] = []
        if scopes.contains(.profile) {
            claims.append(("preferred_username", .string(account.name)))
            if !account.fullName.isEmpty { claims.append(("name", .string(account.fullName))) }
        }
        if scopes.contains(.email), let email = account.email { claims.append(("email", .string(email))) }
        return claims
    }
}
