import SQLDatabase
import Temporal

extension IdentityStore {
    /// How long ended grants, codes and requests are kept, in seconds, so that using them again is noticed.
    static let keptSeconds: Int64 = 7 * 86_400

    /// Deletes what has ended, and replaces signing keys that have become old. Any number of nodes may do so.
    public func sweep() async throws {
        try await database.write(.readCommitted) { transaction in
            let now = try transaction.currentTime()
            let oldest = now.adding(seconds: -Self.keptSeconds)
            try transaction.execute("DELETE FROM identity_codes WHERE expires_at < ?", oldest)
            try transaction.execute("DELETE FROM identity_device_requests WHERE expires_at < ?", oldest)
            // With their refresh tokens.
            try transaction.execute("DELETE FROM identity_grants WHERE end_at < ? OR revoked_at < ?", oldest, oldest)
            try transaction.deleteOldSessions()
            try transaction.execute(
                "DELETE FROM identity_guesses WHERE window_number < ?",
                now.microseconds / 1_000_000 / GuessLimit.windowSeconds)
        }
        try await rotateDueSigningKeys()
    }
}
