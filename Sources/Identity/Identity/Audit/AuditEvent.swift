public import JSON
public import SQLDatabase
public import Temporal

/// Who does something, and from where.
public struct AuditActor: Sendable, Hashable {
    /// Name of an account; `operator` of the operator's commands; empty: nobody who is known yet.
    public let name: String
    /// The client's, as far as it has one.
    public let address: String?

    public init(_ name: String, address: String? = nil) {
        self.name = name
        self.address = address
    }

    /// Who runs commands where the database is.
    public static let `operator` = AuditActor("operator")
}

public enum AuditAction: String, Sendable, Hashable, CaseIterable, DatabaseConvertible {
    case accountAdded = "account.added"
    case accountDeleted = "account.deleted"
    case accountDisabled = "account.disabled"
    case accountEnabled = "account.enabled"
    case accountEndChanged = "account.end-changed"
    case rolesChanged = "account.roles-changed"
    case passwordChanged = "password.changed"
    case passwordChecked = "password.checked"
    case factorEnrolled = "factor.enrolled"
    case factorChecked = "factor.checked"
    case factorReset = "factor.reset"
    case factorRemoved = "factor.removed"
    case passkeyAdded = "passkey.added"
    case passkeyRemoved = "passkey.removed"
    case passkeyChecked = "passkey.checked"
    /// There may be a copy of its authenticator.
    case passkeyCounterWentBack = "passkey.counter-went-back"
    case sessionStarted = "session.started"
    case sessionEnded = "session.ended"
    case termsAccepted = "terms.accepted"
    case recoveryCodesMade = "recovery-codes.made"
    case recoveryCodeChecked = "recovery-code.checked"
    case containerAdded = "container.added"
    case containerDeleted = "container.deleted"
    case memberAdded = "member.added"
    case memberRemoved = "member.removed"
    case quotaChanged = "quota.changed"
    case tokenMade = "token.made"
    case tokenRevoked = "token.revoked"
    case invitationMade = "invitation.made"
    case invitationAccepted = "invitation.accepted"
    case clientAdded = "client.added"
    case clientDeleted = "client.deleted"
    case clientSecretReset = "client.secret-reset"
    case clientChecked = "client.checked"
    case grantMade = "grant.made"
    case grantRefused = "grant.refused"
    case accessTokenRefused = "access-token.refused"
    case authorizationRefused = "authorization.refused"
    case formRefused = "form.refused"
    case grantRevoked = "grant.revoked"
    case userCodeChecked = "user-code.checked"
    case deviceApproved = "device.approved"
    case deviceDenied = "device.denied"
    case signingKeyMade = "signing-key.made"
    case signingKeyDeleted = "signing-key.deleted"
    case invitationWithdrawn = "invitation.withdrawn"
    case passwordResetMade = "password-reset.made"
    case datasetAdded = "dataset.added"
    case datasetDeleted = "dataset.deleted"
    case licenceChanged = "licence.changed"
    case licenceAccepted = "licence.accepted"
}

public enum AuditOutcome: String, Sendable, Hashable, DatabaseConvertible {
    case success, failure
    /// Not even tried, since there were too many failures.
    case locked
    /// The secret was right, but the account is disabled or has ended.
    case refused
}

/// An entry of the audit log.
public struct AuditEvent: Sendable, Hashable {
    /// Grows; of two nodes' events that were written at the same time, the later may have the smaller one.
    public let id: Int64
    public let time: Timestamp
    public let actor: AuditActor
    public let action: AuditAction
    /// Name of the account or id of the container that it was done to.
    public let subject: String
    public let outcome: AuditOutcome
    /// Without secrets.
    public let details: JSONObject
}
