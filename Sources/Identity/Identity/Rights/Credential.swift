public import Access

/// What an account proves with a request who it is with, once it is known to be genuine.
public enum Credential: Sendable, Hashable {
    /// An access token of a sign-in.
    ///
    /// - Parameter id: The sign-in's own; `nil`: another provider's, which knows itself what it has withdrawn.
    case grant(account: String, id: Int64?)
    /// An API token, by its SHA-256.
    case token(hash: [UInt8])

    /// - Parameter token: `terrabyte_…`
    public static func token(_ token: String) -> Credential { .token(hash: Secret.hash(token)) }
}

/// What a credential is good for, now.
public struct CredentialRights: Sendable, Hashable {
    /// Name.
    public let account: String
    public let rights: AccountRights
    /// Of an API token, the most that it may do; `nil`: what its access token says.
    public let scopes: Set<Scope>?
}
