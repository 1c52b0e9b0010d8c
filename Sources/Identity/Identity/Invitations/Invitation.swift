public import Temporal

/// What a partner is invited to: an account with an end, and containers.
public struct InvitationDraft: Sendable, Hashable {
    public var email: String
    /// Name of the internal account that answers for the partner.
    public var sponsor: String
    public var project: String
    /// When the account ends.
    public var end: Timestamp
    /// Levels by ids of containers.
    public var members: [String: Container.Level] = [:]

    public init(_ email: String, sponsor: String, project: String, end: Timestamp) {
        self.email = email
        self.sponsor = sponsor
        self.project = project
        self.end = end
    }
}

/// An invitation that can be accepted, as its link shows it.
public struct Invitation: Sendable, Hashable {
    /// How long it can be accepted, in seconds: 7 days.
    static let lifetime: Int64 = 7 * 86_400

    public let email: String
    public let sponsor: String
    public let project: String
    public let end: Timestamp
    public let expiry: Timestamp
    /// To be enrolled by the partner: the same whenever the link is opened.
    public let totp: TOTP
    let id: Int64
}

/// An invitation that nobody has accepted yet, as administrators see it.
public struct PendingInvitation: Sendable, Hashable {
    public let id: Int64
    public let email: String
    public let sponsor: String
    public let project: String
    /// When the account is to end.
    public let end: Timestamp
    /// When it can no longer be accepted.
    public let expiry: Timestamp
    /// Levels by ids of containers.
    public let members: [String: Container.Level]
}

/// What a partner fills in to accept an invitation.
public struct InvitationReply: Sendable {
    /// Of the account that is made.
    public var name: String
    public var fullName: String
    public var password: String
    /// Of the second factor that the invitation has shown.
    public var code: String

    public init(name: String, fullName: String, password: String, code: String) {
        self.name = name
        self.fullName = fullName
        self.password = password
        self.code = code
    }
}
