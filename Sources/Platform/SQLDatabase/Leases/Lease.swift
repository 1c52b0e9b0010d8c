public import Temporal

/// The right of one holder among all nodes to do something, until it expires: a row of the table `leases`.
public struct Lease: Sendable, Hashable {
    /// Of what is done by one holder at a time.
    public let name: String
    /// The last holder, also after the end of the lease.
    public let holder: String
    /// Of this lease; each one that is taken has a higher token than all earlier ones of the name.
    public let token: Int64
    /// By the database's clock.
    public let expiresAt: Timestamp
    /// When a holder last was done with what the lease is for, by the database's clock; `nil`: never.
    public let doneAt: Timestamp?

    init(_ row: Row) throws {
        name = try row["name"]
        holder = try row["holder"]
        token = try row["token"]
        expiresAt = try row["expires_at"]
        doneAt = try row["done_at"]
    }
}

/// What came of the wish to take a lease.
public enum LeaseOutcome: Sendable, Hashable {
    case taken(Lease)
    /// Somebody else holds it, and does so for as long at least, unless it is released.
    case held(Lease, remaining: Duration)
    /// Nobody holds it; but it was done not long ago, and is due again after the remaining time.
    case notDue(remaining: Duration)
}
