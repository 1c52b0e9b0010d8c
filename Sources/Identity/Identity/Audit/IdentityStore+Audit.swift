import JSON
import SQLDatabase
public import Temporal

/// Which events of the audit log are wanted: those that have all that is given.
public struct AuditQuery: Sendable {
    public var actor: String?
    public var subject: String?
    public var action: AuditAction?
    public var start: Timestamp?
    /// Not included.
    public var end: Timestamp?
    /// Events with smaller ids: the next page begins before the last event of the one before.
    public var before: Int64?
    public var limit = 100

    public init() {}
}

/// The audit log is append-only by construction: nothing here updates or deletes events. Neither database has a trigger or
/// rule in SQL that the other one understands; on PostgreSQL, an operator may also withdraw those rights from the role.
extension IdentityStore {
    /// The newest first.
    public func events(_ query: AuditQuery = AuditQuery()) async throws -> [AuditEvent] {
        try await database.read { transaction in
            var (conditions, values): ([String], [DatabaseValue]) = ([], [])
            func add(_ condition: String, _ value: (any DatabaseConvertible)?) {
                guard let value else { return }
                conditions.append(condition)
                values.append(value.databaseValue)
            }
            add("actor = ?", query.actor)
            add("subject = ?", query.subject)
            add("action = ?", query.action)
            add("at >= ?", query.start)
            add("at < ?", query.end)
            add("id < ?", query.before)
            let filter = conditions.isEmpty ? "" : "WHERE \(conditions.joined(separator: " AND "))"
            return try transaction.rows(
                "SELECT * FROM identity_audit \(filter) ORDER BY id DESC LIMIT ?",
                values: values + [query.limit.databaseValue]
            ).map(AuditEvent.init)
        }
    }
}

extension AuditEvent {
    init(_ row: Row) throws {
        id = try row["id"]
        time = try row["at"]
        actor = AuditActor(try row["actor"], address: try row["address"])
        action = try row["action"]
        subject = try row["subject"]
        outcome = try row["outcome"]
        details = (try row["details"] as JSONValue).object ?? [:]
    }
}

extension WriteTransaction {
    /// Writes an event of this transaction to the audit log.
    func record(
        _ action: AuditAction, of subject: String, by actor: AuditActor, _ outcome: AuditOutcome = .success,
        _ details: JSONObject = [:]
    ) throws {
        try execute(
            """
            INSERT INTO identity_audit (at, actor, address, action, subject, outcome, details)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """, currentTime(), actor.name, actor.address, action, subject, outcome, JSONValue.object(details))
    }
}
