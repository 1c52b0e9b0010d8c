public import Access
import JSON
import SQLDatabase
public import Temporal

extension IdentityStore {
    /// - Parameters:
    ///   - label: For people.
    ///   - end: From when on it is not accepted; `nil`: never.
    /// - Returns: The token, which is shown once.
    /// - Throws: `IdentityError.noSuchAccount`.
    public func makeToken(
        for name: String, label: String, scopes: Set<Scope>, end: Timestamp?, by actor: AuditActor
    ) async throws -> String {
        let token = APIToken.prefix + Base32.text(Secret.randomBytes(32)).lowercased()
        try await database.write { transaction in
            _ = try transaction.existingAccount(name)
            let id: Int64 = try transaction.value(
                """
                INSERT INTO identity_tokens (account, label, hash, scopes, created_at, end_at)
                VALUES (?, ?, ?, ?, ?, ?) RETURNING id
                """, name, label, Secret.hash(token), Self.text(scopes), transaction.currentTime(), end)
            try transaction.record(
                .tokenMade, of: name, by: actor, .success, ["token": JSONValue(Int(id)), "label": .string(label)])
        }
        return token
    }

    /// The token, if it may be used now: it is not revoked, has not ended, and its account is neither disabled nor ended.
    /// Its scopes are the most that it may do; what the account may do is `rights`.
    public func token(_ token: String) async throws -> APIToken? {
        guard token.hasPrefix(APIToken.prefix) else { return nil }
        let found = try await database.read { transaction -> (APIToken, isUseNoted: Bool)? in
            let now = try transaction.currentTime()
            let row = try transaction.row(
                """
                SELECT t.* FROM identity_tokens t JOIN identity_accounts a ON a.name = t.account
                WHERE t.hash = ? AND t.revoked_at IS NULL AND (t.end_at IS NULL OR t.end_at > ?)
                    AND NOT a.is_disabled AND (a.end_at IS NULL OR a.end_at > ?)
                """, Secret.hash(token), now, now)
            guard let found = try row.map(APIToken.init) else { return nil }
            // One write a minute, however many requests there are.
            return (found, found.lastUse.map { now.microseconds - $0.microseconds < 60_000_000 } ?? false)
        }
        guard let (token, isUseNoted) = found else { return nil }
        if !isUseNoted {
            try await database.write(.readCommitted) { transaction in
                _ = try transaction.execute(
                    "UPDATE identity_tokens SET last_used_at = ? WHERE id = ?", transaction.currentTime(), token.id)
            }
        }
        return token
    }

    /// All of an account, also those that are revoked or have ended; the newest first.
    public func tokens(of name: String) async throws -> [APIToken] {
        try await database.read {
            try $0.rows("SELECT * FROM identity_tokens WHERE account = ? ORDER BY id DESC", name).map(APIToken.init)
        }
    }

    /// - Parameter name: Whose token it is.
    /// - Throws: `IdentityError.noSuchToken`, also for one that is revoked.
    public func revokeToken(_ id: Int64, of name: String, by actor: AuditActor) async throws {
        try await database.write { transaction in
            guard
                try transaction.execute(
                    "UPDATE identity_tokens SET revoked_at = ? WHERE id = ? AND account = ? AND revoked_at IS NULL",
                    transaction.currentTime(), id, name) == 1
            else { throw IdentityError(.noSuchToken, "'\(name)' has no token \(id) that could be revoked.") }
            try transaction.record(.tokenRevoked, of: name, by: actor, .success, ["token": JSONValue(Int(id))])
        }
    }

    private static func text(_ scopes: Set<Scope>) -> String {
        scopes.map(\.rawValue).sorted().joined(separator: " ")
    }
}

extension APIToken {
    fileprivate init(_ row: Row) throws {
        id = try row["id"]
        account = try row["account"]
        label = try row["label"]
        scopes = Set((try row["scopes"] as String).split(separator: " ").map { Scope(String($0)) })
        creation = try row["created_at"]
        end = try row["end_at"]
        revocation = try row["revoked_at"]
        lastUse = try row["last_used_at"]
    }
}
