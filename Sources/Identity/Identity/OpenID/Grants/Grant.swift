public import Access
public import Temporal

/// One sign-in of a client by an account. Its tokens name it as `sid`, and end with it.
public struct Grant: Sendable, Hashable {
    public let id: Int64
    public let account: String
    /// Id of the client.
    public let client: String
    /// The most that its tokens may do.
    public let scopes: Set<Scope>
    /// How the account was authenticated, such as `pwd` and `otp`; of programs empty.
    ///
    /// Source: [RFC 8176, section 2](https://www.rfc-editor.org/rfc/rfc8176#section-2).
    public let authenticationMethods: [String]
    /// When the account was authenticated.
    public let authenticationTime: Timestamp
    public let creation: Timestamp
    public let end: Timestamp
    public let revocation: Timestamp?
    /// To the minute.
    public let lastUse: Timestamp

    public func isValid(at time: Timestamp) -> Bool { revocation == nil && end > time }
}

/// How long tokens live, in seconds.
public struct TokenLifetimes: Sendable, Hashable {
    public var accessToken: Int64 = 3_600
    /// Of a grant with its refresh tokens.
    public var grant: Int64 = 30 * 86_400

    public init() {}
}

/// How an account has proved who it is.
public struct Authentication: Sendable, Hashable {
    public let account: String
    /// See `Grant.authenticationMethods`.
    public let methods: [String]
    public let time: Timestamp

    public init(_ account: String, methods: [String], at time: Timestamp) {
        self.account = account
        self.methods = methods
        self.time = time
    }
}

/// What tokens are made of.
public struct TokenBasis: Sendable, Hashable {
    public let grant: Grant
    public let account: Account
    public let rights: AccountRights
    /// Now, by the database's clock.
    public let time: Timestamp
    /// What the client gets to go on with; `nil`: nothing, or a reusable token, which is made of the grant.
    public let refreshToken: String?
    /// Whether the client gets a refresh token.
    public let isRefreshable: Bool
    /// Of the request that the grant was made of.
    public let nonce: String?
}

/// Why no tokens are given.
public enum GrantRefusal: Error, Sendable, Hashable {
    /// There is no such code or token. The store has not recorded it, as it records all others: anybody can do it.
    case unknown
    /// The code or token has ended, is another client's, or its grant was revoked.
    case invalid
    /// A code or a refresh token was used again: its grant has been revoked.
    case replayed
    /// The `redirect_uri` is not that of the code.
    case wrongRedirectURI
    /// The `code_verifier` is missing, wrong, or not asked for.
    case wrongVerifier
    /// The account is disabled, has ended, or is locked at the first grant.
    case account(Account.State)
    /// The account has no second factor any more.
    case noSecondFactor
    /// The user has not decided yet; not recorded.
    case pending
    /// As `pending`, and the client polls too often.
    case slowDown
    /// The user has refused.
    case denied
    /// The device code has ended; not recorded.
    case expired
    /// More scopes than the grant has.
    case wrongScope

    /// For the audit log.
    public var reason: String {
        switch self {
        case .unknown: "unknown"
        case .invalid: "invalid"
        case .replayed: "replayed"
        case .wrongRedirectURI: "wrong redirect URI"
        case .wrongVerifier: "wrong verifier"
        case .account(let state): state.rawValue
        case .noSecondFactor: "no second factor"
        case .pending: "pending"
        case .slowDown: "slow down"
        case .denied: "denied"
        case .expired: "expired"
        case .wrongScope: "wrong scope"
        }
    }
}
