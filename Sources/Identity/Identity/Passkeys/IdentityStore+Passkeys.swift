import JSON
import SQLDatabase
import Temporal
public import WebAuthn

extension IdentityStore {
    /// The most that an account may have.
    static let passkeyLimit = 20

    /// The oldest first.
    public func passkeys(of name: String) async throws -> [Passkey] {
        try await database.read { try $0.passkeys("WHERE account = ?", [.text(name)]) }
    }

    /// - Parameter id: Of the credential.
    /// - Returns: `nil`: nobody has it.
    public func passkey(_ id: [UInt8]) async throws -> Passkey? {
        try await database.read { try $0.passkeys("WHERE credential = ?", [.bytes(id)]).first }
    }

    /// The user's id for passkeys, which never changes and says nothing about the user: 32 random bytes.
    ///
    /// - Throws: `IdentityError.noSuchAccount`.
    public func passkeyUserHandle(of name: String) async throws -> [UInt8] {
        let handle = Secret.randomBytes(32)
        return try await database.write { transaction in
            _ = try transaction.existingAccount(name)
            try transaction.execute(
                "INSERT INTO identity_passkey_users (account, handle) VALUES (?, ?) ON CONFLICT (account) DO NOTHING",
                name, handle)
            return try transaction.value("SELECT handle FROM identity_passkey_users WHERE account = ?", name)
        }
    }

    /// - Parameter label: For people.
    /// - Returns: Recovery codes, which are shown once, if this is the account's first second factor; else none.
    /// - Throws: `IdentityError`: `noSuchAccount`; `invalidValue` for one that somebody has, and for too many.
    public func addPasskey(
        _ credential: WebAuthn.Credential, of name: String, label: String, by actor: AuditActor
    ) async throws -> [String] {
        let codes = Self.newRecoveryCodes()
        let label = try Self.checkedLabel(label)
        return try await database.write { transaction in
            _ = try transaction.existingAccount(name)
            let factorCount = try transaction.secondFactorCount(of: name)
            guard factorCount < Self.passkeyLimit else {
                throw IdentityError(.invalidValue, "An account has at most \(Self.passkeyLimit) second factors.")
            }
            let count = try transaction.execute(
                """
                INSERT INTO identity_passkeys (account, label, credential, public_key, sign_count, transports,
                    is_user_verified, is_backup_eligible, is_backed_up, aaguid, created_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (credential) DO NOTHING
                """, name, label, credential.id, credential.key.cose, Int64(credential.signCount),
                credential.transports.prefix(10).joined(separator: " "), credential.isUserVerified,
                credential.isBackupEligible, credential.isBackedUp, credential.aaguid, transaction.currentTime())
            guard count == 1 else {
                throw IdentityError(.invalidValue, "This passkey has been added already.")
            }
            try transaction.record(.passkeyAdded, of: name, by: actor, .success, ["label": .string(label)])
            guard factorCount == 0 else { return [] }
            try transaction.replaceRecoveryCodes(codes, of: name)
            return codes
        }
    }

    /// Stores what a right answer says about a passkey.
    ///
    /// - Parameter authentication: Of this passkey, verified.
    /// - Returns: `accepted`; `refused` for an account that is disabled or has ended; `wrong` if the passkey is gone.
    public func recordUse(
        of passkey: Passkey, _ authentication: WebAuthn.Authentication, address: String?
    ) async throws -> SecretCheck {
        let actor = AuditActor(passkey.account, address: address)
        return try await database.write { transaction in
            let credential = authentication.credential
            let count = try transaction.execute(
                "UPDATE identity_passkeys SET sign_count = ?, is_backed_up = ?, last_used_at = ? WHERE id = ?",
                Int64(credential.signCount), credential.isBackedUp, transaction.currentTime(), passkey.id)
            let state = try transaction.account(passkey.account)?.state(at: transaction.currentTime())
            let check: SecretCheck =
                switch state {
                case .disabled, .ended: .refused(state ?? .disabled)
                case .active, .locked: count == 1 ? .accepted : .wrong
                case nil: .wrong
                }
            let details: JSONObject = ["passkey": JSONValue(Int(passkey.id)), "label": .string(passkey.label)]
            if authentication.mayBeCloned {
                // A signal and no proof: some authenticators stop counting.
                try transaction.record(.passkeyCounterWentBack, of: passkey.account, by: actor, .success, details)
            }
            try transaction.record(.passkeyChecked, of: passkey.account, by: actor, check.outcome, details)
            return check
        }
    }

    /// Writes an answer that was not right to the audit log.
    public func recordRefusal(of passkey: Passkey, _ error: WebAuthnError, address: String?) async throws {
        try await database.write { transaction in
            try transaction.record(
                .passkeyChecked, of: passkey.account, by: AuditActor(passkey.account, address: address), .failure,
                ["passkey": JSONValue(Int(passkey.id)), "reason": .string("\(error)")])
        }
    }

    /// - Throws: `IdentityError`: `noSuchPasskey`, `invalidValue`.
    public func renamePasskey(_ id: Int64, of name: String, to label: String) async throws {
        let label = try Self.checkedLabel(label)
        try await database.write { transaction in
            guard
                try transaction.execute(
                    "UPDATE identity_passkeys SET label = ? WHERE id = ? AND account = ?", label, id, name) == 1
            else { throw IdentityError.noSuchPasskey }
        }
    }

    /// - Throws: `IdentityError`: `noSuchPasskey`; `lastFactor` if the account has no other second factor.
    public func removePasskey(_ id: Int64, of name: String, by actor: AuditActor) async throws {
        try await database.write { transaction in
            guard
                let passkey = try transaction.passkeys("WHERE account = ?", [.text(name)]).first(where: { $0.id == id })
            else { throw IdentityError.noSuchPasskey }
            try transaction.checkHasAnotherFactor(name)
            try transaction.execute("DELETE FROM identity_passkeys WHERE id = ?", id)
            try transaction.record(.passkeyRemoved, of: name, by: actor, .success, ["label": .string(passkey.label)])
        }
    }

    /// - Throws: `IdentityError.lastFactor` if the account has no other second factor.
    public func removeTOTP(of name: String, by actor: AuditActor) async throws {
        try await database.write { transaction in
            try transaction.checkHasAnotherFactor(name)
            try transaction.execute("DELETE FROM identity_totp WHERE account = ?", name)
            try transaction.forgetAttempts(name, .totp)
            try transaction.record(.factorRemoved, of: name, by: actor)
        }
    }

    /// Whether codes of a telephone are one of the account's second factors.
    public func hasTOTP(_ name: String) async throws -> Bool {
        try await database.read { try $0.hasTOTP(name) }
    }

    /// How many recovery codes are left.
    public func recoveryCodeCount(of name: String) async throws -> Int {
        try await database.read {
            try $0.value("SELECT count(*) AS found FROM identity_recovery_codes WHERE account = ?", name)
        }
    }

    private static func checkedLabel(_ label: String) throws(IdentityError) -> String {
        let label = String(label.drop { $0 == " " })
        guard (1...100).contains(label.utf8.count),
            !label.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else {
            throw IdentityError(.invalidValue, "The name of a passkey has 1 to 100 bytes, and no control characters.")
        }
        return label
    }
}

extension ReadTransaction {
    fileprivate func passkeys(_ filter: String, _ values: [DatabaseValue]) throws -> [Passkey] {
        try rows("SELECT * FROM identity_passkeys \(filter) ORDER BY id", values: values).map(Passkey.init)
    }

    fileprivate func hasTOTP(_ name: String) throws -> Bool {
        try value("SELECT count(*) AS found FROM identity_totp WHERE account = ? AND secret IS NOT NULL", name) == 1
    }

    func secondFactorCount(of name: String) throws -> Int {
        let passkeyCount: Int = try value("SELECT count(*) AS found FROM identity_passkeys WHERE account = ?", name)
        return passkeyCount + (try hasTOTP(name) ? 1 : 0)
    }

    fileprivate func checkHasAnotherFactor(_ name: String) throws {
        guard try secondFactorCount(of: name) > 1 else {
            throw IdentityError(.lastFactor, "This is your only second factor; add another one before you remove it.")
        }
    }
}

extension Passkey {
    fileprivate init(_ row: Row) throws {
        id = try row["id"]
        account = try row["account"]
        label = try row["label"]
        credential = WebAuthn.Credential(
            id: try row["credential"], key: try CredentialKey(cose: try row["public_key"]),
            signCount: UInt32(truncatingIfNeeded: try row["sign_count"] as Int64),
            isUserVerified: try row["is_user_verified"], isBackupEligible: try row["is_backup_eligible"],
            isBackedUp: try row["is_backed_up"],
            transports: (try row["transports"] as String).split(separator: " ").map(String.init),
            aaguid: try row["aaguid"])
        creation = try row["created_at"]
        lastUse = try row["last_used_at"]
    }
}
