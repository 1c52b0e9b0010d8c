import JSON
import SQLDatabase
import Temporal

extension IdentityStore {
    /// Invites a partner. Whether the actor may do so for this sponsor and these containers is the caller's to decide.
    ///
    /// - Returns: The secret of the link, which is shown once, and accepted for 7 days.
    /// - Throws: `IdentityError`: `invalidValue`, `noSuchAccount` for the sponsor, `noSuchContainer`.
    public func invite(_ draft: InvitationDraft, by actor: AuditActor) async throws -> String {
        guard IdentityName.isPlausibleEmail(draft.email) else {
            throw IdentityError(.invalidValue, "'\(draft.email)' is no e-mail address.")
        }
        let token = Base32.text(Secret.randomBytes(32)).lowercased()
        let secret = try secrets.seal(TOTP().secret, for: Self.context(ofInvitation: token))
        try await database.write { transaction in
            try transaction.checkSponsor(draft.sponsor)
            let now = try transaction.currentTime()
            guard draft.end > now else {
                throw IdentityError(.invalidValue, "The account would have ended already.")
            }
            let id: Int64 = try transaction.value(
                """
                INSERT INTO identity_invitations (hash, email, sponsor, project, account_end_at, expires_at, secret)
                VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id
                """, Secret.hash(token), draft.email, draft.sponsor, draft.project, draft.end,
                Timestamp(microseconds: now.microseconds + Invitation.lifetime * 1_000_000), secret)
            for (container, level) in draft.members {
                try transaction.checkContainer(container)
                try transaction.execute(
                    "INSERT INTO identity_invitation_members (invitation, container, level) VALUES (?, ?, ?)",
                    id, container, level)
            }
            try transaction.record(
                .invitationMade, of: draft.email, by: actor, .success,
                [
                    "invitation": JSONValue(Int(id)), "sponsor": .string(draft.sponsor),
                    "project": .string(draft.project),
                    "containers": .array(draft.members.keys.sorted().map { .string($0) }),
                ])
        }
        return token
    }

    /// Opens an invitation, as often as one likes: only `acceptInvitation` uses it up.
    ///
    /// - Returns: `nil`: it does not exist, has expired, or was accepted.
    public func invitation(_ token: String) async throws -> Invitation? {
        let secrets = secrets
        return try await database.read { try $0.invitation(token, secrets) }
    }

    /// Those that can be accepted; the newest first.
    public func invitations() async throws -> [PendingInvitation] {
        try await database.read { transaction in
            let rows = try transaction.rows(
                """
                SELECT i.id, i.email, i.sponsor, i.project, i.account_end_at, i.expires_at, m.container, m.level
                FROM identity_invitations i LEFT JOIN identity_invitation_members m ON m.invitation = i.id
                WHERE i.accepted_at IS NULL AND i.expires_at > ? ORDER BY i.id DESC
                """, transaction.currentTime())
            var invitations: [PendingInvitation] = []
            for row in rows {
                let id: Int64 = try row["id"]
                var members: [String: Container.Level] = [:]
                if invitations.last?.id == id { members = invitations.removeLast().members }
                if let container: String = try row["container"] { members[container] = try row["level"] }
                invitations.append(
                    PendingInvitation(
                        id: id, email: try row["email"], sponsor: try row["sponsor"], project: try row["project"],
                        end: try row["account_end_at"], expiry: try row["expires_at"], members: members))
            }
            return invitations
        }
    }

    /// - Throws: `IdentityError.noSuchInvitation`, also for one that was accepted.
    public func withdrawInvitation(_ id: Int64, by actor: AuditActor) async throws {
        try await database.write { transaction in
            let row = try transaction.row(
                "DELETE FROM identity_invitations WHERE id = ? AND accepted_at IS NULL RETURNING email", id)
            guard let row else { throw IdentityError.noSuchInvitation }
            try transaction.record(
                .invitationWithdrawn, of: row["email"], by: actor, .success, ["invitation": JSONValue(Int(id))])
        }
    }

    /// Makes the account of an invitation, with its password, second factor and memberships. On an error, it may be tried
    /// again.
    ///
    /// - Returns: Recovery codes, which are shown once.
    /// - Throws: `IdentityError`: `noSuchInvitation`; `nameTaken`, `invalidName`, `invalidPassword`, `invalidValue`, `wrongCode`.
    public func acceptInvitation(
        _ token: String, _ reply: InvitationReply, address: String?
    ) async throws -> [String] {
        // Before a hash is computed for somebody who is not invited.
        guard try await invitation(token) != nil else { throw IdentityError.noSuchInvitation }
        let hash = try await passwords.hash(reply.password)
        let codes = Self.newRecoveryCodes()
        let (actor, secrets) = (AuditActor(reply.name, address: address), secrets)
        try await database.write { transaction in
            guard let invitation = try transaction.invitation(token, secrets),
                try transaction.execute(
                    "UPDATE identity_invitations SET accepted_at = ? WHERE id = ? AND accepted_at IS NULL",
                    transaction.currentTime(), invitation.id) == 1
            else { throw IdentityError.noSuchInvitation }
            guard let step = invitation.totp.step(of: reply.code, at: try transaction.currentSecond()) else {
                throw IdentityError.wrongCode
            }
            var draft = AccountDraft(reply.name, .partner, fullName: reply.fullName, email: invitation.email)
            (draft.sponsor, draft.project, draft.end) = (invitation.sponsor, invitation.project, invitation.end)
            try draft.check()
            try transaction.insertAccount(draft, passwordHash: hash, by: actor)
            try transaction.execute(
                "INSERT INTO identity_totp (account, secret, last_step) VALUES (?, ?, ?)", reply.name,
                secrets.seal(invitation.totp.secret, for: TOTP.context(of: reply.name)), step)
            try transaction.replaceRecoveryCodes(codes, of: reply.name)
            let members = try transaction.rows(
                "SELECT container, level FROM identity_invitation_members WHERE invitation = ?", invitation.id)
            for row in members {
                try transaction.setMember(reply.name, of: row["container"], row["level"], by: actor)
            }
            try transaction.record(
                .invitationAccepted, of: reply.name, by: actor, .success,
                ["invitation": JSONValue(Int(invitation.id))])
        }
        return codes
    }

    /// What the secret of an invitation's second factor is encrypted for.
    fileprivate static func context(ofInvitation token: String) -> String { "invitation \(token)" }
}

extension ReadTransaction {
    /// One that can be accepted now.
    fileprivate func invitation(_ token: String, _ secrets: SecretBox) throws -> Invitation? {
        let now = try currentTime()
        return try row(
            """
            SELECT i.* FROM identity_invitations i JOIN identity_accounts a ON a.name = i.sponsor
            WHERE i.hash = ? AND i.accepted_at IS NULL AND i.expires_at > ? AND i.account_end_at > ?
                AND NOT a.is_disabled AND (a.end_at IS NULL OR a.end_at > ?)
            """, Secret.hash(token), now, now, now
        ).map { row in
            Invitation(
                email: try row["email"], sponsor: try row["sponsor"], project: try row["project"],
                end: try row["account_end_at"], expiry: try row["expires_at"],
                totp: TOTP(
                    secret: try secrets.open(row["secret"], for: IdentityStore.context(ofInvitation: token))),
                id: try row["id"])
        }
    }

    /// - Throws: `IdentityError`: `noSuchAccount`; `invalidValue` for one that is not internal.
    func checkSponsor(_ name: String) throws {
        guard try existingAccount(name).kind == .internal else {
            throw IdentityError(.invalidValue, "'\(name)' is no internal account, which sponsors are.")
        }
    }
}
