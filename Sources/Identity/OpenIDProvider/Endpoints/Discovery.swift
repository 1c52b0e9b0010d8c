import Access
import Identity
import IdentityHosting
import JOSE
import JSON

/// What the provider can do, and where.
///
/// Sources: [OpenID Connect Discovery, section 3](https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata),
/// [RFC 8414, section 2](https://www.rfc-editor.org/rfc/rfc8414#section-2).
struct Discovery {
    let location: ProviderLocation

    var document: JSONValue {
        func url(_ path: String) -> JSONValue { .string(location.origin + path) }
        func list(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }
        let secrets = ClientAuthentication.methods.filter { $0 != "none" }
        return [
            "issuer": .string(location.issuer),
            "authorization_endpoint": url(ProviderEndpoints.Path.authorization),
            "token_endpoint": url(ProviderEndpoints.Path.token),
            "device_authorization_endpoint": url(ProviderEndpoints.Path.deviceAuthorization),
            "revocation_endpoint": url(ProviderEndpoints.Path.revocation),
            "introspection_endpoint": url(ProviderEndpoints.Path.introspection),
            "userinfo_endpoint": url(ProviderEndpoints.Path.userInfo),
            "jwks_uri": url(ProviderEndpoints.Path.keys),
            "end_session_endpoint": url(ProviderEndpoints.Path.endSession),
            "scopes_supported": list(Scope.identity.union(Scope.resources).map(\.rawValue).sorted()),
            "claims_supported": list(UserClaims.supported),
            "response_types_supported": ["code"], "response_modes_supported": ["query"],
            "grant_types_supported": list(OAuthClient.GrantType.allCases.map(\.rawValue)),
            "code_challenge_methods_supported": ["S256"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": list(ClientAuthentication.methods),
            "revocation_endpoint_auth_methods_supported": list(ClientAuthentication.methods),
            "introspection_endpoint_auth_methods_supported": list(secrets),
            "authorization_response_iss_parameter_supported": true,
            "request_parameter_supported": false, "request_uri_parameter_supported": false,
            "claims_parameter_supported": false,
        ]
    }
}
