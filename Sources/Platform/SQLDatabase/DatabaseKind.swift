/// The two databases of the layer.
public enum DatabaseKind: String, Sendable, Hashable, CaseIterable {
    case sqlite = "SQLite"
    case postgreSQL = "PostgreSQL"
}

/// Bounds that are the same for both databases.
public enum DatabaseLimits {
    /// Largest text or byte string, in bytes. PostgreSQL's own limit is 1 GB for the whole row.
    public static let valueByteCount = 256 << 20
    /// Parameters of a statement; SQLite's own limit.
    public static let parameterCount = 32_766
    /// Largest payload of a notification, in bytes: PostgreSQL's limit.
    public static let payloadByteCount = 7_999
    /// Prepared statements that a connection keeps.
    static let statementCount = 256
    /// Attempts at a transaction that others are in the way of.
    static let attemptCount = 12
}
