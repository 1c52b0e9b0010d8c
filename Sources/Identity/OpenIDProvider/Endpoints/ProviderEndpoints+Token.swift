import Access
import HTTPEdge
import Identity
import JSON

extension ProviderEndpoints {
    /// Sources: [RFC 6749, sections 4.1.3, 4.4.2 and 6](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3),
    /// [RFC 8628, section 3.4](https://www.rfc-editor.org/rfc/rfc8628#section-3.4).
    func token(_ request: ProviderRequest) async throws -> EdgeResponse {
        let name = try request.parameters.required("grant_type", byteLimit: 100)
        guard let grantType = OAuthClient.GrantType(rawValue: name) else {
            throw OAuthError(
                code: "unsupported_grant_type", description: "There is no grant_type '\(name.prefix(50))'.")
        }
        try request.require(grantType)
        return .json(
            try await {
                switch grantType {
                case .authorizationCode: try await codeResponse(request)
                case .deviceCode: try await deviceResponse(request)
                case .refreshToken: try await refreshResponse(request)
                case .clientCredentials: try await clientCredentialsResponse(request)
                }
            }())
    }

    private func codeResponse(_ request: ProviderRequest) async throws -> JSONValue {
        let result = try await store.redeemCode(
            request.parameters.required("code", byteLimit: 200), client: request.client,
            redirectURI: request.parameters.optional("redirect_uri", byteLimit: RedirectURI.byteLimit),
            verifier: request.parameters.optional("code_verifier", byteLimit: 200), lifetimes,
            address: request.address)
        return try await issuer.response(basis(result, request), client: request.client, isFirst: true)
    }

    private func deviceResponse(_ request: ProviderRequest) async throws -> JSONValue {
        let result = try await store.redeemDeviceCode(
            request.parameters.required("device_code", byteLimit: 200), client: request.client,
            verifier: request.parameters.optional("code_verifier", byteLimit: 200), lifetimes,
            address: request.address)
        return try await issuer.response(basis(result, request), client: request.client, isFirst: true)
    }

    private func refreshResponse(_ request: ProviderRequest) async throws -> JSONValue {
        let token = try request.parameters.required("refresh_token")
        let scopes = try request.scopes()
        let result: Result<TokenBasis, GrantRefusal>
        switch request.client.refreshPolicy {
        case .rotated:
            result = try await store.refresh(token, client: request.client, scopes: scopes, address: request.address)
        case .reusable:
            if let grant = try await reader.refreshToken(token, client: request.client) {
                result = try await store.refresh(
                    grant: grant, client: request.client, scopes: scopes, address: request.address)
            } else {
                result = .failure(.unknown)
            }
        }
        return try await issuer.response(
            basis(result, request), client: request.client, scopes: scopes,
            refreshToken: request.client.refreshPolicy == .reusable ? token : nil, isFirst: false)
    }

    private func clientCredentialsResponse(_ request: ProviderRequest) async throws -> JSONValue {
        // What it may not have is left out, as RFC 6749, section 3.3, allows.
        let scopes = try request.scopes().map { $0.intersection(request.client.scopes) }
        guard scopes?.isEmpty != true else {
            throw OAuthError(code: "invalid_scope", description: "None of the scopes is one that the client may have.")
        }
        let result = try await store.clientCredentialsGrant(request.client, lifetimes, address: request.address)
        return try await issuer.response(
            basis(result, request), client: request.client, scopes: scopes, isFirst: false)
    }

    /// - Throws: `OAuthError` of a refusal.
    private func basis(
        _ result: Result<TokenBasis, GrantRefusal>, _ request: ProviderRequest
    ) async throws -> TokenBasis {
        switch result {
        case .success(let basis): return basis
        case .failure(let refusal):
            if refusal == .unknown {
                try await failures.recordRefusal(
                    refusal.reason, client: request.client, address: request.address)
            }
            throw OAuthError(refusal)
        }
    }
}
