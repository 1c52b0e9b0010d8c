public import Access

/// What an authorization code is bound to, as the client has asked for it.
public struct CodeRequest: Sendable, Hashable {
    /// Id of the client.
    public let client: String
    /// As the client has sent it.
    public let redirectURI: String
    /// As granted.
    public let scopes: Set<Scope>
    /// By the method `S256`; `nil`: none, which only confidential clients may have.
    public let codeChallenge: String?
    public let nonce: String?

    public init(client: String, redirectURI: String, scopes: Set<Scope>, codeChallenge: String?, nonce: String?) {
        self.client = client
        self.redirectURI = redirectURI
        self.scopes = scopes
        self.codeChallenge = codeChallenge
        self.nonce = nonce
    }
}
