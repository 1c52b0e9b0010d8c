import Temporal

/// All times are those at which transactions begin, by the database's clock. With PostgreSQL the transaction is
/// `readCommitted`, so that who comes second sees what the first one has done.
extension WriteTransaction {
    /// Takes a lease that is free, has expired, or is the same holder's; the holder's earlier one is void then.
    ///
    /// - Parameters:
    ///   - name: Of what is done by one holder at a time.
    ///   - holder: Unique among all that may hold it.
    ///   - duration: Until it expires.
    ///   - interval: From the end of what somebody has done under it to the next time.
    public func takeLease(
        _ name: String, by holder: String, for duration: Duration, every interval: Duration = .zero
    ) throws -> LeaseOutcome {
        let now = try currentTime()
        let taken = try row(
            """
            INSERT INTO leases (name, holder, token, expires_at) VALUES (?, ?, 1, ?)
            ON CONFLICT (name) DO UPDATE
            SET holder = excluded.holder, token = leases.token + 1, expires_at = excluded.expires_at
            WHERE (leases.expires_at <= ? OR leases.holder = excluded.holder)
                AND (leases.done_at IS NULL OR leases.done_at <= ?)
            RETURNING name, holder, token, expires_at, done_at
            """, name, holder, now + duration, now, now - interval)
        if let taken { return .taken(try Lease(taken)) }
        guard let other = try lease(name) else {
            throw DatabaseError(.other, "The lease '\(name)' was deleted while it was being taken.")
        }
        guard other.expiresAt <= now || other.holder == holder else {
            return .held(other, remaining: now.duration(to: other.expiresAt))
        }
        // Between the two statements another one may have been done with it.
        return .notDue(remaining: max(.zero, now.duration(to: (other.doneAt ?? now) + interval)))
    }

    /// Prolongs a lease that has not expired; never shortens it.
    ///
    /// - Parameter duration: From now to its end.
    /// - Returns: `nil` when it has expired or somebody else has it.
    public func renewLease(_ lease: Lease, for duration: Duration) throws -> Lease? {
        let now = try currentTime()
        let end = now + duration
        return try row(
            """
            UPDATE leases SET expires_at = CASE WHEN expires_at > ? THEN expires_at ELSE ? END
            WHERE name = ? AND holder = ? AND token = ? AND expires_at > ?
            RETURNING name, holder, token, expires_at, done_at
            """, end, end, lease.name, lease.holder, lease.token, now
        ).map { try Lease($0) }
    }

    /// Ends a lease, if it is still held.
    ///
    /// - Parameter isDone: Whether what it is for has been done: the interval to the next time begins.
    /// - Returns: Whether it was held.
    @discardableResult
    public func releaseLease(_ lease: Lease, isDone: Bool) throws -> Bool {
        let now = try currentTime()
        return try execute(
            """
            UPDATE leases SET expires_at = ?, done_at = CASE WHEN ? THEN ? ELSE done_at END
            WHERE name = ? AND holder = ? AND token = ? AND expires_at > ?
            """, now, isDone, now, lease.name, lease.holder, lease.token, now) > 0
    }
}

extension Timestamp {
    fileprivate static func + (time: Timestamp, duration: Duration) -> Timestamp {
        Timestamp(microseconds: time.microseconds + duration.microseconds)
    }

    fileprivate static func - (time: Timestamp, duration: Duration) -> Timestamp {
        Timestamp(microseconds: time.microseconds - duration.microseconds)
    }

    fileprivate func duration(to other: Timestamp) -> Duration { .microseconds(other.microseconds - microseconds) }
}

extension Duration {
    fileprivate var microseconds: Int64 { components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000 }
}
