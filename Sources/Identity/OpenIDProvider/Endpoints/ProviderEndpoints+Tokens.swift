import Access
import HTTPEdge
import HTTPTypes
import Identity
import JOSE
import JSON
import Temporal

extension ProviderEndpoints {
    /// Ends the grant of a token with all of its tokens. The response is the same whether the token existed.
    ///
    /// Source: [RFC 7009, section 2](https://www.rfc-editor.org/rfc/rfc7009#section-2).
    func revoke(_ request: ProviderRequest) async throws -> EdgeResponse {
        let token = try request.parameters.required("token")
        let (client, address) = (request.client, request.address)
        if try await !store.revokeRefreshToken(token, client: client, address: address) {
            if let grant = try await reader.refreshToken(token, client: client) {
                try await store.revokeGrant(grant, client: client, address: address)
            } else if let reading = try await reader.accessToken(token), reading.grant.client == client.id {
                try await store.revokeGrant(reading.grant.id, client: client, address: address)
            }
        }
        return .json([:])
    }

    /// Tells a client with a secret about a token: any access token, or a refresh token of its own.
    ///
    /// Source: [RFC 7662, section 2](https://www.rfc-editor.org/rfc/rfc7662#section-2).
    func introspect(_ request: ProviderRequest) async throws -> EdgeResponse {
        guard request.client.kind == .confidential else {
            throw OAuthError.invalidClient("Only clients with a secret may ask about tokens.", usedHeader: false)
        }
        let token = try request.parameters.required("token")
        if let reading = try await reader.accessToken(token) {
            var response: JSONObject = ["active": true, "token_type": "Bearer"]
            for name in ["iss", "sub", "aud", "client_id", "exp", "iat", "jti", "scope"] {
                response[name] = reading.claims[name]
            }
            response["username"] = reading.claims["preferred_username"]
            return .json(.object(response))
        }
        if let grant = try await refreshTokenGrant(token, request.client) {
            return .json([
                "active": true, "client_id": .string(grant.client), "sub": .string(grant.account),
                "scope": .string(Scope.text(grant.scopes)), "exp": JSONValue(Int(grant.end.seconds)),
            ])
        }
        return .json(["active": false])
    }

    private func refreshTokenGrant(_ token: String, _ client: OAuthClient) async throws -> Grant? {
        if let grant = try await store.refreshTokenGrant(token, client: client) { return grant }
        guard let id = try await reader.refreshToken(token, client: client) else { return nil }
        return try await store.grant(id)
    }

    /// Source: [OpenID Connect Core, section 5.3](https://openid.net/specs/openid-connect-core-1_0.html#UserInfo).
    @Sendable func userInfo(_ request: EdgeRequest) async throws -> EdgeResponse {
        let header = request.head.headerFields[.authorization]?.split(separator: " ", maxSplits: 1)
        guard let header, header.count == 2, header[0].lowercased() == "bearer" else {
            return bearerError(
                .unauthorized, nil, "This needs an access token in the header Authorization: Bearer TOKEN.")
        }
        guard let reading = try await reader.accessToken(String(header[1])),
            let account = try await store.account(reading.grant.account)
        else {
            let address = trustedProxies.client(request.head.headerFields, peer: request.peer)
            try await failures.recordClient("userinfo", "invalid access token", address: address)
            return bearerError(.unauthorized, "invalid_token", "The access token is not valid, or not any more.")
        }
        guard reading.scopes.contains(.openID) else {
            return bearerError(.forbidden, "insufficient_scope", "The access token does not have the scope openid.")
        }
        var response: JSONObject = ["sub": .string(account.name)]
        for (name, value) in UserClaims.of(account, reading.scopes) { response[name] = value }
        if reading.scopes.contains(.groups) {
            let groups = try await store.rights(of: account.name).groups.sorted()
            response["groups"] = .array(groups.map { .string($0) })
        }
        return .json(.object(response))
    }

    /// Source: [RFC 6750, section 3](https://www.rfc-editor.org/rfc/rfc6750#section-3).
    private func bearerError(_ status: HTTPResponse.Status, _ code: String?, _ description: String) -> EdgeResponse {
        let challenge = code.map { "Bearer error=\"\($0)\", error_description=\"\(description)\"" } ?? "Bearer"
        return OAuthError(
            status: status, code: code ?? "invalid_request", description: description,
            headers: [.wwwAuthenticate: challenge]
        ).response
    }
}
