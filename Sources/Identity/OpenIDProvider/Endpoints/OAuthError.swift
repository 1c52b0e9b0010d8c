import HTTPEdge
import HTTPTypes
import Identity
import JSON
import NIOCore

/// An error as clients of OAuth 2 expect it.
///
/// Sources: [RFC 6749, section 5.2](https://www.rfc-editor.org/rfc/rfc6749#section-5.2),
/// [RFC 8628, section 3.5](https://www.rfc-editor.org/rfc/rfc8628#section-3.5).
struct OAuthError: Error, Hashable {
    var status = HTTPResponse.Status.badRequest
    /// For programs: one of the registered names.
    let code: String
    /// One sentence for the person who has programmed the client.
    let description: String
    var headers = HTTPFields()

    static func invalidRequest(_ description: String) -> OAuthError {
        OAuthError(code: "invalid_request", description: description)
    }

    static func invalidGrant(_ description: String) -> OAuthError {
        OAuthError(code: "invalid_grant", description: description)
    }

    static func unauthorizedClient(_ description: String) -> OAuthError {
        OAuthError(code: "unauthorized_client", description: description)
    }

    /// - Parameter usedHeader: Whether the client has tried the header `Authorization`.
    static func invalidClient(_ description: String, usedHeader: Bool) -> OAuthError {
        OAuthError(
            status: .unauthorized, code: "invalid_client", description: description,
            headers: usedHeader ? [.wwwAuthenticate: "Basic realm=\"terrabyte\""] : [:])
    }

    static let invalidScope = OAuthError(
        code: "invalid_scope", description: "The scope may not have more than the grant has.")

    init(
        status: HTTPResponse.Status = .badRequest, code: String, description: String, headers: HTTPFields = [:]
    ) {
        self.status = status
        self.code = code
        self.description = description
        self.headers = headers
    }

    init(_ refusal: GrantRefusal) {
        self =
            switch refusal {
            case .unknown, .invalid:
                .invalidGrant("It does not exist, has ended, was revoked, or is another client's.")
            case .replayed: .invalidGrant("It was used before. What was made of it has been revoked.")
            case .wrongRedirectURI: .invalidGrant("The redirect_uri is not that of the authorization request.")
            case .wrongVerifier: .invalidGrant("The code_verifier does not belong to the code_challenge.")
            case .account: .invalidGrant("The account cannot be signed in now.")
            case .noSecondFactor: .invalidGrant("The account has no second factor; enrol one and sign in again.")
            case .pending:
                OAuthError(code: "authorization_pending", description: "The user has not decided yet.")
            case .slowDown: OAuthError(code: "slow_down", description: "Wait five seconds longer between requests.")
            case .denied: OAuthError(code: "access_denied", description: "The user has refused.")
            case .expired: OAuthError(code: "expired_token", description: "The device code has ended.")
            case .wrongScope: .invalidScope
            }
    }

    var response: EdgeResponse {
        var response = EdgeResponse.json(["error": .string(code), "error_description": .string(description)])
        response.status = status
        for field in headers { response.headers[field.name] = field.value }
        return response
    }
}

extension EdgeResponse {
    /// A JSON document that nobody may keep.
    static func json(_ value: JSONValue) -> EdgeResponse {
        EdgeResponse(
            status: .ok,
            headers: [
                .contentType: "application/json", .cacheControl: "no-store", HTTPField.Name("Pragma")!: "no-cache",
            ],
            body: ByteBuffer(bytes: value.serialized()))
    }

    /// A JSON document that caches may keep for so many seconds.
    static func json(_ value: JSONValue, age: Int) -> EdgeResponse {
        var response = json(value)
        response.headers[.cacheControl] = "public, max-age=\(age)"
        response.headers[HTTPField.Name("Pragma")!] = nil
        return response
    }
}
