import Synchronization

/// One state of a database for the lifetime of this object, on a connection of its own. Threads read one after the other.
///
/// Others write meanwhile; PostgreSQL cannot free what they replace, and SQLite's log grows: keep it no longer than needed.
/// After an error, all reads fail.
///
/// `@unchecked Sendable`: the transaction is used under the lock only.
public final class DatabaseSnapshot: @unchecked Sendable {
    private let transaction: ReadTransaction
    private let lock = Mutex(())

    init(_ connection: any DatabaseConnection, _ kind: DatabaseKind) throws {
        let call = Call(timeout: nil)
        try connection.begin(.snapshot, call)
        transaction = ReadTransaction(connection, kind, call)
        // The state is that of the first statement.
        _ = try transaction.rows(
            kind == .sqlite ? "SELECT count(*) AS count FROM sqlite_schema" : "SELECT 1 AS one", values: [])
    }

    deinit { transaction.connection.close() }

    /// The rows of a statement that reads. Blocks the calling thread.
    public func rows(_ sql: String, values: [DatabaseValue] = []) throws -> [Row] {
        try lock.withLock { _ in try transaction.rows(sql, values: values) }
    }

    /// Calls `body` with each row of a result, which may be larger than the memory. Other threads wait.
    public func forEachRow(_ sql: String, values: [DatabaseValue] = [], body: (Row) throws -> Void) throws {
        try lock.withLock { _ in try transaction.forEachRow(sql, values: values, body: body) }
    }
}
