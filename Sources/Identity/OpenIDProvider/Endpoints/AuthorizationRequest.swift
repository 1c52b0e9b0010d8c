import Access
import HTTPEdge
import Identity
import IdentityHosting

/// A client's wish for an authorization code, read and checked.
///
/// Sources: [RFC 6749, section 4.1.1](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.1),
/// [OpenID Connect Core, section 3.1.2.1](https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest).
struct AuthorizationRequest: Sendable {
    /// What became of reading one.
    enum Outcome: Sendable {
        case valid(AuthorizationRequest)
        /// To be shown: nobody knows that the redirect URI is the client's, so nothing may be sent there.
        case unredirectable(OAuthError)
        /// The browser is to be sent there, with the error.
        case redirect(String)
    }

    enum Prompt: String, Sendable {
        /// Nothing may be shown.
        case none
        case login, consent
        case selectAccount = "select_account"
    }

    let client: OAuthClient
    let code: CodeRequest
    let state: String?
    let prompts: Set<Prompt>
    /// Seconds that the sign-in may be old.
    let maximumAge: Int64?
    /// The name of the account that the client expects.
    let loginHint: String?
    private let issuer: String

    /// Reads the query of a request, or its form.
    ///
    /// - Throws: Errors of the store.
    static func read(
        _ text: String, _ store: IdentityStore, _ location: ProviderLocation
    ) async throws -> Outcome {
        let parameters: FormParameters
        do throws(OAuthError) { parameters = try FormParameters(text) } catch { return .unredirectable(error) }
        guard let id = parameters["client_id"], let client = try await store.client(id) else {
            return .unredirectable(.invalidRequest("The program that has sent you here is not known (client_id)."))
        }
        guard let uri = parameters["redirect_uri"], client.allowsRedirect(to: uri, origin: location.origin) else {
            return .unredirectable(
                .invalidRequest(
                    "The program that has sent you here wants you to go to an address that is not registered for it "
                        + "(redirect_uri)."))
        }
        let state = parameters["state"]
        do throws(OAuthError) {
            return .valid(try AuthorizationRequest(client, uri, state, parameters, location.issuer))
        } catch {
            return .redirect(errorURL(error, uri, state, location.issuer))
        }
    }

    private init(
        _ client: OAuthClient, _ uri: String, _ state: String?, _ parameters: FormParameters, _ issuer: String
    ) throws(OAuthError) {
        _ = try parameters.optional("state", byteLimit: 2_000)
        for name in ["request", "request_uri"] where parameters[name] != nil {
            throw OAuthError(code: "\(name)_not_supported", description: "The parameter '\(name)' is not supported.")
        }
        guard try parameters.required("response_type", byteLimit: 100) == "code" else {
            throw OAuthError(code: "unsupported_response_type", description: "The response_type must be code.")
        }
        guard parameters["response_mode"] == nil || parameters["response_mode"] == "query" else {
            throw .invalidRequest("The response_mode must be query.")
        }
        guard client.grantTypes.contains(.authorizationCode) else {
            throw .unauthorizedClient("The client may not use authorization codes.")
        }
        let challenge = try CodeChallenge.read(parameters)
        guard challenge != nil || client.kind == .confidential else {
            throw .invalidRequest("The client has no secret and must send a code_challenge (RFC 7636).")
        }
        var prompts: Set<Prompt> = []
        for name in (parameters["prompt"] ?? "").split(separator: " ") {
            guard let prompt = Prompt(rawValue: String(name)) else {
                throw .invalidRequest("There is no prompt '\(name.prefix(50))'.")
            }
            prompts.insert(prompt)
        }
        guard !prompts.contains(.none) || prompts.count == 1 else {
            throw .invalidRequest("The prompt none stands alone.")
        }
        self.maximumAge = try parameters["max_age"].map { text throws(OAuthError) in
            guard let seconds = Int64(text), (0...1_000_000_000).contains(seconds) else {
                throw .invalidRequest("The max_age is no number of seconds.")
            }
            return seconds
        }
        let scopes = client.grantedScopes(Scope.set(try parameters.optional("scope", byteLimit: 2_000) ?? ""))
        guard !scopes.isEmpty else {
            throw OAuthError(code: "invalid_scope", description: "None of the scopes is one that the client may have.")
        }
        self.client = client
        self.state = state
        self.prompts = prompts
        self.issuer = issuer
        loginHint = try parameters.optional("login_hint", byteLimit: 200)
        code = CodeRequest(
            client: client.id, redirectURI: uri, scopes: scopes, codeChallenge: challenge,
            nonce: try parameters.optional("nonce", byteLimit: 500))
    }

    // MARK: Answers

    /// Where the browser is sent with a code.
    ///
    /// Source: [RFC 9207, section 2](https://www.rfc-editor.org/rfc/rfc9207#section-2) for `iss`.
    func successURL(code: String) -> String {
        Self.url(self.code.redirectURI, [("code", code), ("state", state), ("iss", issuer)])
    }

    /// Where the browser is sent with an error, such as `access_denied`, `login_required` or `consent_required`.
    func errorURL(_ code: String, _ description: String) -> String {
        Self.errorURL(OAuthError(code: code, description: description), self.code.redirectURI, state, issuer)
    }

    /// Where the user has refused.
    var denialURL: String { errorURL("access_denied", "The user has refused.") }

    private static func errorURL(_ error: OAuthError, _ uri: String, _ state: String?, _ issuer: String) -> String {
        url(
            uri,
            [("error", error.code), ("error_description", error.description), ("state", state), ("iss", issuer)])
    }

    private static func url(_ uri: String, _ parameters: [(String, String?)]) -> String {
        let query = parameters.compactMap { name, value in value.map { "\(name)=\(percentEncoded($0))" } }
        return uri + (uri.contains("?") ? "&" : "?") + query.joined(separator: "&")
    }
}
