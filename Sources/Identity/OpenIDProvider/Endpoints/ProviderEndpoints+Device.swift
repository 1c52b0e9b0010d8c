import Access
import HTTPEdge
import HTTPTypes
import Identity
import IdentityHosting
import JSON

extension ProviderEndpoints {
    /// Seconds between two polls, to begin with.
    private static let pollInterval = 5

    /// Source: [RFC 8628, section 3.1](https://www.rfc-editor.org/rfc/rfc8628#section-3.1).
    func deviceCodes(_ request: ProviderRequest) async throws -> EdgeResponse {
        try request.require(.deviceCode)
        let challenge = try CodeChallenge.read(request.parameters)
        let codes = try await store.makeDeviceRequest(
            request.client, scopes: request.client.grantedScopes(request.scopes() ?? []), challenge: challenge,
            address: request.address, userAgent: request.userAgent)
        guard let codes else {
            throw OAuthError(
                status: .tooManyRequests, code: "slow_down",
                description: "Too many devices have been signed in from here; try again in ten minutes.",
                headers: [.retryAfter: "600"])
        }
        let page = location.origin + Path.device
        return .json([
            "device_code": .string(codes.deviceCode), "user_code": .string("\(codes.userCode)"),
            "verification_uri": .string(page),
            "verification_uri_complete": .string("\(page)?user_code=\(codes.userCode)"),
            "expires_in": JSONValue(Int(DeviceRequest.lifetime)), "interval": JSONValue(Self.pollInterval),
        ])
    }
}

/// The parameters `code_challenge` and `code_challenge_method`.
///
/// Source: [RFC 7636, section 4.3](https://www.rfc-editor.org/rfc/rfc7636#section-4.3).
enum CodeChallenge {
    /// - Returns: `nil`: there is none.
    /// - Throws: `OAuthError.invalidRequest` for another method than `S256`: `plain`, which is meant when none is named, protects
    ///   nothing.
    static func read(_ parameters: FormParameters) throws(OAuthError) -> String? {
        let method = parameters["code_challenge_method"]
        guard let challenge = parameters["code_challenge"] else {
            guard method == nil else { throw .invalidRequest("There is a code_challenge_method without a challenge.") }
            return nil
        }
        guard method == "S256" else { throw .invalidRequest("The code_challenge_method must be S256.") }
        guard ProofKey.isChallenge(challenge) else {
            throw .invalidRequest("The code_challenge is not the base64url of a SHA-256.")
        }
        return challenge
    }
}
