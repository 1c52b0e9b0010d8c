public import Temporal

/// What the closure of `read` reads with: one consistent state of the database. Not valid after the closure.
///
/// Statements are in the common subset of SQLite and PostgreSQL, with `?` for each parameter.
public class ReadTransaction {
    let connection: any DatabaseConnection
    public let databaseKind: DatabaseKind
    private let call: Call
    /// The first error of a statement: PostgreSQL takes no other statement after one, and therefore SQLite gets none.
    private(set) var failure: (any Error)?
    /// Whether the closure may be run again.
    var isRepeatable = true
    private var isOver = false
    private var isRunning = false
    private var time: Timestamp?

    init(_ connection: any DatabaseConnection, _ kind: DatabaseKind, _ call: Call) {
        self.connection = connection
        databaseKind = kind
        self.call = call
    }

    // MARK: Statements

    /// All rows of a result, in memory.
    ///
    /// - Throws: `DatabaseError`, of which also the transaction fails; `CancellationError`.
    @discardableResult
    public func rows(_ sql: String, _ values: (any DatabaseConvertible)?...) throws -> [Row] {
        try rows(sql, values: values.map { $0?.databaseValue ?? .null })
    }

    /// As above, with a list of values.
    @discardableResult
    public func rows(_ sql: String, values: [DatabaseValue]) throws -> [Row] {
        var rows: [Row] = []
        _ = try run(sql, values) { rows.append($0) }
        return rows
    }

    /// Calls `body` with each row of a result, which may be larger than the memory.
    ///
    /// - Throws: Errors of `body`, of which also the transaction fails.
    public func forEachRow(
        _ sql: String, _ values: (any DatabaseConvertible)?..., body: (Row) throws -> Void
    ) throws {
        _ = try run(sql, values.map { $0?.databaseValue ?? .null }, streams: true, body)
    }

    func forEachRow(_ sql: String, values: [DatabaseValue], body: (Row) throws -> Void) throws {
        _ = try run(sql, values, streams: true, body)
    }

    /// The only row of a result; `nil`: it has none.
    ///
    /// - Throws: `rowMismatch` for several rows.
    public func row(_ sql: String, _ values: (any DatabaseConvertible)?...) throws -> Row? {
        let rows = try rows(sql, values: values.map { $0?.databaseValue ?? .null })
        guard rows.count <= 1 else {
            throw DatabaseError(.rowMismatch, "One row was expected and there are \(rows.count).", detail: sql)
        }
        return rows.first
    }

    /// The value in the first column of a result's only row: `let count: Int = try transaction.value("SELECT count(*) …")`.
    ///
    /// - Throws: `rowMismatch` when there is not exactly one row, or its value is null or of another type.
    public func value<Value: DatabaseConvertible>(
        _ sql: String, _ values: (any DatabaseConvertible)?..., as type: Value.Type = Value.self
    ) throws -> Value {
        let rows = try rows(sql, values: values.map { $0?.databaseValue ?? .null })
        guard rows.count == 1, let name = rows[0].columnNames.first else {
            throw DatabaseError(.rowMismatch, "One row was expected and there are \(rows.count).", detail: sql)
        }
        return try rows[0][name]
    }

    /// The time at which the transaction began, by the database's clock, which all nodes share.
    public func currentTime() throws -> Timestamp {
        if let time { return time }
        let now: Timestamp =
            switch databaseKind {
            case .sqlite: .systemClock
            case .postgreSQL: try value("SELECT transaction_timestamp() AS now")
            }
        time = now
        return now
    }

    // MARK: Within the layer

    func run(
        _ sql: String, _ values: [DatabaseValue], streams: Bool = false, _ onRow: (Row) throws -> Void
    ) throws -> Int {
        try attempt {
            try values.check()
            return try connection.run(sql, values, streams: streams, onRow: onRow)
        }
    }

    /// Runs what may fail, after which the transaction has failed.
    func attempt<Result>(_ body: () throws -> Result) throws -> Result {
        try checkIsOpen()
        isRunning = true
        defer { isRunning = false }
        do {
            try call.check()
            return try body()
        } catch {
            failure = error
            throw error
        }
    }

    private func checkIsOpen() throws(DatabaseError) {
        guard !isOver else {
            throw DatabaseError(.misuse, "A transaction was used after the end of its closure.")
        }
        guard !isRunning else {
            throw DatabaseError(.misuse, "A statement was run while another one hands on its rows; collect them first.")
        }
        if let failure {
            throw DatabaseError(
                .misuse,
                "The transaction has failed already and takes no more statements; "
                    + "what may fail belongs into a savepoint.",
                detail: "\(failure)")
        }
    }

    /// Restores the state before a failure that the database has undone.
    func forgetFailure() { failure = nil }

    /// At the end of the closure, before the transaction is committed.
    ///
    /// - Throws: The error of a statement, also when the closure has caught it.
    func end() throws {
        isOver = true
        if let failure { throw failure }
    }
}
