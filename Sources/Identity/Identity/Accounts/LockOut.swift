import SQLDatabase
import Temporal

/// What is guessed.
enum Factor: String, Sendable, DatabaseConvertible {
    case password, totp
    case recoveryCode = "recovery-code"
}

/// Slows down guessing, by name and factor: the fifth failure locks for 1 s, the next for 2 s, then 4 s, and so on to 15
/// minutes. A day without attempts forgets all of it, so that nobody is locked out for good.
///
/// An attempt is counted as a failure before it is decided, in one statement, so that attempts at the same time count, too.
/// The right secret takes back its own attempt and no other: the failures of an attacker stay counted while the user signs
/// in elsewhere. Names without an account are counted alike, so that being locked does not tell which accounts exist.
enum LockOut {
    /// Failures that lock nothing.
    static let freeFailureCount = 4
    static let longest: Int64 = 15 * 60
    /// Seconds without attempts after which failures are forgotten.
    static let memory: Int64 = 86_400

    /// Seconds that are locked by the failure of this number, from 1.
    static func seconds(afterFailure number: Int) -> Int64 {
        guard number > freeFailureCount else { return 0 }
        return min(1 << min(Int64(number - freeFailureCount - 1), 20), longest)
    }

    /// The end of the lock by the failure after those that a row has: 0 for none, so that attempts at the same time, whose
    /// clocks are those of their begins, are not in each other's way.
    fileprivate static let end: String = {
        let cases = (freeFailureCount...).lazy.map { ($0, seconds(afterFailure: $0 + 1)) }.prefix { $0.1 < longest }
        let steps = cases.map {
            "WHEN identity_attempts.failure_count = \($0) THEN excluded.last_at + \($1 * 1_000_000)"
        }
        return "WHEN identity_attempts.failure_count < \(freeFailureCount) THEN 0 " + steps.joined(separator: " ")
            + " ELSE excluded.last_at + \(longest * 1_000_000)"
    }()
}

/// An attempt that was counted.
struct Attempt: Sendable {
    let name: String
    let factor: Factor
    /// Microseconds since 1970, as it is set by this attempt.
    fileprivate let lockEnd: Int64
}

extension WriteTransaction {
    /// Counts an attempt. The transaction must be `readCommitted`, so that attempts at the same time wait for each other.
    ///
    /// - Returns: `nil`: the factor is locked, and nothing may be compared.
    func beginAttempt(_ name: String, _ factor: Factor) throws -> Attempt? {
        let now = try currentTime().microseconds
        let oldest = now - LockOut.memory * 1_000_000
        let row = try row(
            """
            INSERT INTO identity_attempts (name, factor, failure_count, last_at, locked_until) VALUES (?, ?, 1, ?, 0)
            ON CONFLICT (name, factor) DO UPDATE SET
                failure_count =
                    CASE WHEN identity_attempts.last_at < ? THEN 1 ELSE identity_attempts.failure_count + 1 END,
                last_at = excluded.last_at,
                locked_until = CASE WHEN identity_attempts.last_at < ? THEN 0 \(LockOut.end) END
            WHERE identity_attempts.locked_until <= excluded.last_at
            RETURNING locked_until
            """, name, factor, now, oldest, oldest)
        // Names are chosen by whoever asks; without this, they would accumulate.
        try execute("DELETE FROM identity_attempts WHERE last_at < ?", oldest)
        return try row.map { Attempt(name: name, factor: factor, lockEnd: try $0["locked_until"]) }
    }

    /// The secret was right.
    func takeBack(_ attempt: Attempt) throws {
        try execute(
            """
            UPDATE identity_attempts SET failure_count = failure_count - 1,
                locked_until = CASE WHEN locked_until = ? THEN 0 ELSE locked_until END
            WHERE name = ? AND factor = ? AND failure_count > 0
            """, attempt.lockEnd, attempt.name, attempt.factor)
    }

    /// For an account that has got a new secret, or is gone.
    func forgetAttempts(_ name: String, _ factor: Factor? = nil) throws {
        if let factor {
            try execute("DELETE FROM identity_attempts WHERE name = ? AND factor = ?", name, factor)
        } else {
            try execute("DELETE FROM identity_attempts WHERE name = ?", name)
        }
    }
}

extension ReadTransaction {
    func lockEnd(_ name: String, _ factor: Factor) throws -> Timestamp {
        let end: Int64? = try row(
            "SELECT locked_until FROM identity_attempts WHERE name = ? AND factor = ?", name, factor
        ).map { try $0["locked_until"] }
        return try end.map { Timestamp(microseconds: $0) } ?? currentTime()
    }
}
