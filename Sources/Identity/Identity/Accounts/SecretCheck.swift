public import Temporal

/// Whether a password or code is right. Only `accepted` lets anybody in.
public enum SecretCheck: Sendable, Hashable {
    case accepted
    /// It is wrong, was used before, or there is none.
    case wrong
    /// Nothing was compared. The time tells nothing about whether there is an account.
    case locked(until: Timestamp)
    /// It is right, but the account is disabled or has ended.
    case refused(Account.State)

    var outcome: AuditOutcome {
        switch self {
        case .accepted: .success
        case .wrong: .failure
        case .locked: .locked
        case .refused: .refused
        }
    }
}
