import JSON
import SQLDatabase

/// The platform's terms of use, of which a version is accepted once.
extension IdentityStore {
    public func hasAcceptedTerms(_ version: String, _ name: String) async throws -> Bool {
        try await database.read {
            try $0.value(
                "SELECT count(*) AS found FROM identity_terms WHERE account = ? AND version = ?", name, version) == 1
        }
    }

    /// - Throws: `IdentityError.noSuchAccount`.
    public func acceptTerms(_ version: String, of name: String, by actor: AuditActor) async throws {
        try await database.write { transaction in
            _ = try transaction.existingAccount(name)
            let count = try transaction.execute(
                """
                INSERT INTO identity_terms (account, version, accepted_at) VALUES (?, ?, ?)
                ON CONFLICT (account, version) DO NOTHING
                """, name, version, transaction.currentTime())
            guard count == 1 else { return }
            try transaction.record(.termsAccepted, of: name, by: actor, .success, ["version": .string(version)])
        }
    }
}
