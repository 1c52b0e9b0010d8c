import SQLDatabase
import Temporal

extension IdentityStore {
    /// Warnings that are due now and that nobody has sent: of each account the latest one, not those that were missed.
    ///
    /// - Parameter days: How many days before an account's end somebody is told.
    public func dueEndWarnings(days: [Int]) async throws -> [EndWarning] {
        try await database.read { transaction in
            let now = try transaction.currentTime().microseconds
            var warnings: [String: EndWarning] = [:]
            for days in days.sorted(by: >) {
                let rows = try transaction.rows(
                    """
                    SELECT a.name, a.email, a.end_at, a.sponsor, w.account AS sent FROM identity_accounts a
                    LEFT JOIN identity_end_warnings w ON w.account = a.name AND w.end_at = a.end_at AND w.days = ?
                    WHERE a.end_at > ? AND a.end_at <= ? AND NOT a.is_disabled AND a.email IS NOT NULL
                    """, Int64(days), Timestamp(microseconds: now),
                    Timestamp(microseconds: now + Int64(days) * 86_400_000_000))
                for row in rows {
                    let name: String = try row["name"]
                    let sent: String? = try row["sent"]
                    warnings[name] =
                        sent != nil
                        ? nil
                        : EndWarning(
                            account: name, email: try row["email"], end: try row["end_at"],
                            sponsor: try row["sponsor"], days: days)
                }
            }
            return warnings.values.sorted { $0.account < $1.account }
        }
    }

    /// - Returns: Whether the caller is to send it: of several nodes, one is.
    public func claim(_ warning: EndWarning) async throws -> Bool {
        try await database.write { transaction in
            guard try transaction.account(warning.account)?.end == warning.end else { return false }
            return try transaction.execute(
                """
                INSERT INTO identity_end_warnings (account, end_at, days) VALUES (?, ?, ?)
                ON CONFLICT (account, end_at, days) DO NOTHING
                """, warning.account, warning.end, Int64(warning.days)) == 1
        }
    }

    /// Gives a claim back, since sending has failed.
    public func release(_ warning: EndWarning) async throws {
        try await database.write { transaction in
            _ = try transaction.execute(
                "DELETE FROM identity_end_warnings WHERE account = ? AND end_at = ? AND days = ?", warning.account,
                warning.end, Int64(warning.days))
        }
    }
}
