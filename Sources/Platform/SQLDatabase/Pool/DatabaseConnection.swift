/// How much of what others write a transaction sees.
public enum TransactionIsolation: Sendable, Hashable {
    /// As if transactions ran one after the other. PostgreSQL ends those of which that is not true, and they are
    /// repeated.
    case serializable
    /// Each statement sees what was committed before it. For queues with `SKIP LOCKED`, for locks by name, and for large
    /// loads. With SQLite, where one transaction writes at a time, the same as `serializable`.
    case readCommitted
}

enum TransactionMode: Sendable {
    case read
    /// One statement that reads, and is a transaction of its own.
    case statement
    /// As `read`, without a limit in time.
    case snapshot
    case write(TransactionIsolation)
}

/// A connection to a database; used by one thread at a time.
protocol DatabaseConnection: AnyObject {
    /// Whether it may be used for another transaction.
    var isUsable: Bool { get }
    /// Looks, without waiting for the server, whether it is still connected.
    func isAlive() -> Bool

    func begin(_ mode: TransactionMode, _ call: Call) throws
    /// - Parameter streams: Whether rows are handed on while they arrive, rather than all of them in the end.
    /// - Returns: The number of rows that were inserted, updated or deleted.
    func run(_ sql: String, _ values: [DatabaseValue], streams: Bool, onRow: (Row) throws -> Void) throws -> Int
    /// Runs a statement with each of the lists of values.
    func run(_ sql: String, batch: [[DatabaseValue]]) throws -> Int
    /// Runs statements one after the other.
    func run(_ statements: [(sql: String, values: [DatabaseValue])]) throws -> Int
    /// Inserts rows until there is no next one.
    func copy(into table: String, _ columns: [String], next: () throws -> [DatabaseValue]?) throws -> Int
    /// - Throws: With `mayHaveCommitted` where that is so.
    func commit() throws
    func rollback()
    func close()
}
