import SQLDatabase

extension IdentityStore {
    /// Checks a password, counts failures, and stores a right one's hash anew if it has another cost than new ones.
    ///
    /// - Parameter address: The client's.
    public func checkPassword(_ password: String, of name: String, address: String?) async throws -> SecretCheck {
        // No account has such a name, so that there is nothing to count; it takes as long.
        guard IdentityName.isAccount(name) else {
            _ = try await passwords.verify(password, nil)
            return .wrong
        }
        let actor = AuditActor(name, address: address)
        let begun = try await database.write(.readCommitted) { transaction in
            guard let attempt = try transaction.beginAttempt(name, .password) else {
                let check = SecretCheck.locked(until: try transaction.lockEnd(name, .password))
                try transaction.record(.passwordChecked, of: name, by: actor, check.outcome)
                return (nil as Attempt?, nil as String?, check)
            }
            return (attempt, try transaction.passwordHash(of: name), .wrong)
        }
        guard let attempt = begun.0 else { return begun.2 }
        let isRight = try await passwords.verify(password, begun.1)
        let newHash = isRight && passwords.isOutdated(begun.1 ?? "") ? try await passwords.hash(password) : nil
        return try await database.write(.readCommitted) { transaction in
            // The password may have been changed meanwhile.
            let isCurrent = try isRight && transaction.passwordHash(of: name) == begun.1
            let check = try isCurrent ? transaction.accept(attempt) : .wrong
            if isCurrent, let newHash {
                try transaction.execute("UPDATE identity_accounts SET password = ? WHERE name = ?", newHash, name)
            }
            try transaction.record(.passwordChecked, of: name, by: actor, check.outcome)
            return check
        }
    }

    /// Sets a password; failures with the one before are forgotten, and what is signed in ends.
    ///
    /// - Parameter session: The only one that goes on.
    /// - Throws: `IdentityError`: `noSuchAccount`, `invalidPassword`; `invalidValue` for a service.
    public func setPassword(
        _ password: String, of name: String, keeping session: SessionToken? = nil, by actor: AuditActor
    ) async throws {
        let hash = try await passwords.hash(password)
        try await database.write { transaction in
            guard try transaction.existingAccount(name).kind != .service else {
                throw IdentityError(.invalidValue, "A service has tokens, and no password.")
            }
            try transaction.execute("UPDATE identity_accounts SET password = ? WHERE name = ?", hash, name)
            try transaction.forgetAttempts(name, .password)
            try transaction.endSessions(of: name, except: session)
            try transaction.revokeGrants(of: name, by: actor, reason: "password changed")
            try transaction.record(.passwordChanged, of: name, by: actor)
        }
    }
}

extension ReadTransaction {
    fileprivate func passwordHash(of name: String) throws -> String? {
        try row("SELECT password FROM identity_accounts WHERE name = ?", name).flatMap { try $0["password"] }
    }
}

extension WriteTransaction {
    /// Takes back the attempt with the right secret.
    func accept(_ attempt: Attempt) throws -> SecretCheck {
        try takeBack(attempt)
        let state = try account(attempt.name)?.state(at: currentTime())
        switch state {
        case .disabled, .ended: return .refused(state ?? .disabled)
        case .active, .locked: return .accepted
        case nil: return .wrong
        }
    }
}
