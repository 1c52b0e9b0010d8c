import SQLDatabase
import Temporal

extension IdentityStore {
    /// Begins setting a password by a link: for new accounts, and for people who have forgotten theirs. The password before
    /// counts until then.
    ///
    /// - Returns: The secret of the link, which is shown once, and accepted for 24 hours, once. The account's links before it
    ///   end.
    /// - Throws: `IdentityError`: `noSuchAccount`; `invalidValue` for a service.
    public func makePasswordReset(of name: String, by actor: AuditActor) async throws -> String {
        let token = Base32.text(Secret.randomBytes(32)).lowercased()
        try await database.write { transaction in
            guard try transaction.existingAccount(name).kind != .service else {
                throw IdentityError(.invalidValue, "A service has tokens, and no password.")
            }
            let end = try transaction.currentTime().microseconds + Self.passwordResetLifetime * 1_000_000
            try transaction.execute(
                """
                INSERT INTO identity_password_resets (account, hash, expires_at) VALUES (?, ?, ?)
                ON CONFLICT (account) DO UPDATE SET hash = excluded.hash, expires_at = excluded.expires_at
                """, name, Secret.hash(token), Timestamp(microseconds: end))
            try transaction.record(.passwordResetMade, of: name, by: actor)
        }
        return token
    }

    /// Opens a link, as often as one likes.
    ///
    /// - Returns: The name of its account; `nil`: the link does not exist, has expired or was used, or the account is not
    ///   active.
    public func passwordReset(_ token: String) async throws -> String? {
        try await database.read { try $0.passwordReset(token) }
    }

    /// Sets the password of a link's account, and uses the link up.
    ///
    /// - Throws: `IdentityError`: `noSuchPasswordReset`, `invalidPassword`.
    public func resetPassword(_ token: String, to password: String, address: String?) async throws {
        let missing = IdentityError(
            .noSuchPasswordReset, "The link to set a password does not exist, has expired, or was used.")
        // Before a hash is computed for somebody who has no link.
        guard try await passwordReset(token) != nil else { throw missing }
        let hash = try await passwords.hash(password)
        try await database.write { transaction in
            guard let name = try transaction.passwordReset(token),
                try transaction.execute("DELETE FROM identity_password_resets WHERE hash = ?", Secret.hash(token)) == 1
            else { throw missing }
            try transaction.execute("UPDATE identity_accounts SET password = ? WHERE name = ?", hash, name)
            let actor = AuditActor(name, address: address)
            try transaction.forgetAttempts(name, .password)
            try transaction.endSessions(of: name)
            try transaction.revokeGrants(of: name, by: actor, reason: "password changed")
            try transaction.record(.passwordChanged, of: name, by: actor)
        }
    }

    /// How long a link is accepted, in seconds.
    private static let passwordResetLifetime: Int64 = 86_400
}

extension ReadTransaction {
    fileprivate func passwordReset(_ token: String) throws -> String? {
        let now = try currentTime()
        return try row(
            """
            SELECT r.account FROM identity_password_resets r JOIN identity_accounts a ON a.name = r.account
            WHERE r.hash = ? AND r.expires_at > ? AND NOT a.is_disabled AND (a.end_at IS NULL OR a.end_at > ?)
            """, Secret.hash(token), now, now
        ).map { try $0["account"] }
    }
}
