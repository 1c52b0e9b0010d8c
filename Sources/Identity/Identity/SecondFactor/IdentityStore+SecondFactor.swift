import SQLDatabase
import Temporal

extension IdentityStore {
    /// Begins the enrolment of a second factor. The one before, if any, counts until the new one is confirmed.
    ///
    /// - Returns: What the user's telephone has to be told. It is shown once.
    /// - Throws: `IdentityError.noSuchAccount`.
    public func beginTOTP(of name: String) async throws -> TOTP {
        let totp = TOTP()
        let secret = try secrets.seal(totp.secret, for: TOTP.context(of: name))
        try await database.write { transaction in
            _ = try transaction.existingAccount(name)
            try transaction.execute(
                """
                INSERT INTO identity_totp (account, last_step, pending_secret) VALUES (?, 0, ?)
                ON CONFLICT (account) DO UPDATE SET pending_secret = excluded.pending_secret
                """, name, secret)
        }
        return totp
    }

    /// Ends the enrolment, with a code that proves that the telephone has the secret. The code cannot be used again.
    ///
    /// - Returns: New recovery codes, which are shown once.
    /// - Throws: `IdentityError.wrongCode`, also when none is being enrolled.
    public func confirmTOTP(_ code: String, of name: String, by actor: AuditActor) async throws -> [String] {
        let codes = Self.newRecoveryCodes()
        try await database.write { transaction in
            let row = try transaction.row("SELECT pending_secret FROM identity_totp WHERE account = ?", name)
            let pending: [UInt8]? = try row.flatMap { try $0["pending_secret"] }
            guard let pending, let step = try totp(pending, name).step(of: code, at: transaction.currentSecond()) else {
                throw IdentityError.wrongCode
            }
            try transaction.execute(
                "UPDATE identity_totp SET secret = pending_secret, pending_secret = NULL, last_step = ? WHERE account = ?",
                step, name)
            try transaction.forgetAttempts(name, .totp)
            try transaction.replaceRecoveryCodes(codes, of: name)
            try transaction.record(.factorEnrolled, of: name, by: actor)
        }
        return codes
    }

    /// Checks a code of the second factor, which is accepted once, and counts failures.
    public func checkTOTP(_ code: String, of name: String, address: String?) async throws -> SecretCheck {
        try await check(.totp, of: name, .factorChecked, address) { transaction in
            let row = try transaction.row("SELECT secret FROM identity_totp WHERE account = ?", name)
            let secret: [UInt8]? = try row.flatMap { try $0["secret"] }
            guard let secret, let step = try totp(secret, name).step(of: code, at: transaction.currentSecond()) else {
                return false
            }
            // RFC 6238, section 5.2: of two attempts with one code, one changes the row.
            return try transaction.execute(
                "UPDATE identity_totp SET last_step = ? WHERE account = ? AND last_step < ? AND secret = ?",
                step, name, step, secret) == 1
        }
    }

    /// Checks a recovery code, which is gone afterwards, and counts failures.
    public func checkRecoveryCode(_ code: String, of name: String, address: String?) async throws -> SecretCheck {
        let hash = RecoveryCode.hash(code)
        return try await check(.recoveryCode, of: name, .recoveryCodeChecked, address) { transaction in
            try transaction.execute(
                "DELETE FROM identity_recovery_codes WHERE account = ? AND hash = ?", name, hash) == 1
        }
    }

    /// - Returns: New recovery codes instead of those before; they are shown once.
    /// - Throws: `IdentityError.noSuchAccount`.
    public func makeRecoveryCodes(of name: String, by actor: AuditActor) async throws -> [String] {
        let codes = Self.newRecoveryCodes()
        try await database.write { transaction in
            _ = try transaction.existingAccount(name)
            try transaction.replaceRecoveryCodes(codes, of: name)
            try transaction.record(.recoveryCodesMade, of: name, by: actor)
        }
        return codes
    }

    /// Whether the account has a second factor that is confirmed: a TOTP or a passkey.
    public func hasSecondFactor(_ name: String) async throws -> Bool {
        try await database.read { try $0.hasSecondFactor(name) }
    }

    /// Removes all second factors with their recovery codes, so that a new one is enrolled, and ends what is signed in.
    ///
    /// - Throws: `IdentityError.noSuchAccount`.
    public func resetSecondFactor(of name: String, by actor: AuditActor) async throws {
        try await database.write { transaction in
            _ = try transaction.existingAccount(name)
            try transaction.execute("DELETE FROM identity_totp WHERE account = ?", name)
            try transaction.execute("DELETE FROM identity_passkeys WHERE account = ?", name)
            try transaction.execute("DELETE FROM identity_recovery_codes WHERE account = ?", name)
            try transaction.forgetAttempts(name, .totp)
            try transaction.forgetAttempts(name, .recoveryCode)
            try transaction.endSessions(of: name)
            try transaction.revokeGrants(of: name, by: actor, reason: "second factor reset")
            try transaction.record(.factorReset, of: name, by: actor)
        }
    }

    /// In one transaction, since deciding takes no time.
    ///
    /// - Parameter decide: Whether the code is right; uses it up.
    private func check(
        _ factor: Factor, of name: String, _ action: AuditAction, _ address: String?,
        decide: @escaping @Sendable (WriteTransaction) throws -> Bool
    ) async throws -> SecretCheck {
        let actor = AuditActor(name, address: address)
        return try await database.write(.readCommitted) { transaction in
            let check: SecretCheck
            if let attempt = try transaction.beginAttempt(name, factor) {
                check = try decide(transaction) ? transaction.accept(attempt) : .wrong
            } else {
                check = .locked(until: try transaction.lockEnd(name, factor))
            }
            try transaction.record(action, of: name, by: actor, check.outcome)
            return check
        }
    }

    /// - Parameter secret: As it is stored.
    func totp(_ secret: [UInt8], _ name: String) throws -> TOTP {
        TOTP(secret: try secrets.open(secret, for: TOTP.context(of: name)))
    }

    static func newRecoveryCodes() -> [String] { (0..<RecoveryCode.count).map { _ in RecoveryCode.random() } }
}

extension ReadTransaction {
    func hasSecondFactor(_ name: String) throws -> Bool {
        try secondFactorCount(of: name) > 0
    }
}

extension WriteTransaction {
    func currentSecond() throws -> Int64 { try currentTime().microseconds / 1_000_000 }

    func replaceRecoveryCodes(_ codes: [String], of name: String) throws {
        try execute("DELETE FROM identity_recovery_codes WHERE account = ?", name)
        try execute(
            "INSERT INTO identity_recovery_codes (account, hash) VALUES (?, ?)",
            batch: codes.map { [.text(name), .bytes(RecoveryCode.hash($0))] })
        try forgetAttempts(name, .recoveryCode)
    }
}
