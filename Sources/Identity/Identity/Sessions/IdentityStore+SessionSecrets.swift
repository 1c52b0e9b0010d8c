import SQLDatabase
import Temporal

/// What a session keeps for its next step.
extension IdentityStore {
    /// A challenge for a passkey, instead of the one before. One for `signIn` needs no session: there is one afterwards.
    ///
    /// - Returns: `nil`: there is no session.
    public func makeChallenge(
        _ purpose: ChallengePurpose, in token: SessionToken, _ client: SessionClient, _ limits: SessionLimits
    ) async throws -> [UInt8]? {
        let challenge = Secret.randomBytes(32)
        return try await database.write { transaction in
            let end = try transaction.currentTime().adding(seconds: limits.signInSeconds)
            if try transaction.session(token) == nil {
                guard purpose == .signIn else { return nil }
                try transaction.deleteOldSessions()
                try transaction.insertSession(token, of: nil, .anonymous, [], client, limits)
            }
            try transaction.execute(
                """
                UPDATE identity_sessions SET challenge = ?, challenge_purpose = ?, challenge_end_at = ? WHERE hash = ?
                """, challenge, purpose, end, token.hash)
            return challenge
        }
    }

    /// The challenge, once.
    ///
    /// - Returns: `nil`: there is none for this purpose, or it is too old.
    public func takeChallenge(_ purpose: ChallengePurpose, in token: SessionToken) async throws -> [UInt8]? {
        try await database.write { transaction in
            guard try transaction.session(token) != nil,
                let row = try transaction.row(
                    """
                    SELECT challenge FROM identity_sessions
                    WHERE hash = ? AND challenge_purpose = ? AND challenge_end_at > ?
                    """, token.hash, purpose, transaction.currentTime()),
                let challenge: [UInt8] = try row["challenge"]
            else { return nil }
            // Of two requests at once, one changes the row.
            let count = try transaction.execute(
                "UPDATE identity_sessions SET challenge = NULL WHERE hash = ? AND challenge = ?", token.hash, challenge)
            return count == 1 ? challenge : nil
        }
    }

    /// The second factor that this session is enrolling, the same until it ends: another session that knows the password
    /// has another one.
    ///
    /// - Returns: `nil`: there is no session.
    public func enrollingTOTP(in token: SessionToken) async throws -> TOTP? {
        let new = TOTP()
        return try await database.write { transaction in
            guard let name = try transaction.session(token)?.account else { return nil }
            if let sealed = try transaction.enrollingSecret(in: token) { return try totp(sealed, name) }
            try transaction.execute(
                "UPDATE identity_sessions SET totp_secret = ? WHERE hash = ?",
                secrets.seal(new.secret, for: TOTP.context(of: name)), token.hash)
            return new
        }
    }

    /// Enrols that second factor, with a code that proves that the telephone has the secret. The code cannot be used again.
    ///
    /// - Returns: New recovery codes, which are shown once.
    /// - Throws: `IdentityError.wrongCode`, also when none is being enrolled.
    public func confirmTOTP(_ code: String, in token: SessionToken, by actor: AuditActor) async throws -> [String] {
        let codes = Self.newRecoveryCodes()
        try await database.write { transaction in
            guard let name = try transaction.session(token)?.account,
                let sealed = try transaction.enrollingSecret(in: token),
                let step = try totp(sealed, name).step(of: code, at: transaction.currentSecond())
            else { throw IdentityError.wrongCode }
            try transaction.execute(
                """
                INSERT INTO identity_totp (account, secret, last_step) VALUES (?, ?, ?)
                ON CONFLICT (account) DO UPDATE SET
                    secret = excluded.secret, last_step = excluded.last_step, pending_secret = NULL
                """, name, sealed, step)
            try transaction.execute("UPDATE identity_sessions SET totp_secret = NULL WHERE hash = ?", token.hash)
            try transaction.forgetAttempts(name, .totp)
            try transaction.replaceRecoveryCodes(codes, of: name)
            try transaction.record(.factorEnrolled, of: name, by: actor)
        }
        return codes
    }
}

extension ReadTransaction {
    /// As it is stored.
    fileprivate func enrollingSecret(in token: SessionToken) throws -> [UInt8]? {
        try row("SELECT totp_secret FROM identity_sessions WHERE hash = ?", token.hash).flatMap {
            try $0["totp_secret"]
        }
    }
}
