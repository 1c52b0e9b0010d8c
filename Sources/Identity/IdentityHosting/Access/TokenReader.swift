public import Access

/// Reads access tokens of one issuer: our own provider's, or another one's.
public protocol TokenReader: Sendable {
    /// What a token says, once its signature and its claims are verified.
    ///
    /// - Throws: `InvalidToken` for one that is not accepted; anything else when that cannot be decided now.
    func statement(of token: String) async throws -> TokenStatement
}

/// What a genuine token says about its holder. What the account may do is the database's matter.
public struct TokenStatement: Sendable, Hashable {
    /// Name of the account.
    public var account: String
    /// The most that the token may do.
    public var scopes: Set<Scope>
    /// Groups that another issuer vouches for, as `/dss/CONTAINER` and `/dss/CONTAINER-ro`; they add to the memberships
    /// that the database has. `nil`: none, as of our own tokens.
    public var groups: Set<String>?
    /// The sign-in that it is of, if that is ours to revoke.
    public var grant: Int64?

    public init(account: String, scopes: Set<Scope>, groups: Set<String>? = nil, grant: Int64? = nil) {
        self.account = account
        self.scopes = scopes
        self.groups = groups
        self.grant = grant
    }
}

/// A credential that is not accepted, and not for want of asking.
public struct InvalidToken: Error, Sendable, CustomStringConvertible {
    /// For the metrics: few values.
    public enum Reason: String, Sendable, CaseIterable {
        /// It is no token, or none of ours.
        case malformed
        case expired
        /// It, its sign-in or its account has ended or was revoked, or there is none.
        case revoked
    }

    public let reason: Reason
    /// Follows "The token is not accepted: ".
    public let description: String

    /// Whose it is, where that is sure.
    public let account: String?

    public init(_ reason: Reason, _ description: String, account: String? = nil) {
        self.reason = reason
        self.description = description
        self.account = account
    }
}
