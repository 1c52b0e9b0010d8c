public import Access
public import Temporal

/// A secret with which a program acts for an account, without a login. Only its hash is stored.
public struct APIToken: Sendable, Hashable {
    public let id: Int64
    public let account: String
    /// For people.
    public let label: String
    public let scopes: Set<Scope>
    public let creation: Timestamp
    /// `nil`: it lives until it is revoked.
    public let end: Timestamp?
    public let revocation: Timestamp?
    /// To the minute.
    public let lastUse: Timestamp?

    /// By which tokens are recognised, also by programs that look for secrets in source code.
    public static let prefix = "terrabyte_"
}
