/// Why something could not be read or stored. The kinds are the same for SQLite and PostgreSQL.
public struct DatabaseError: Error, Sendable, CustomStringConvertible {
    public enum Kind: String, Sendable, Hashable {
        /// A row with the same key exists: see `constraint` and `columns`.
        case uniqueViolation
        /// The row that is referred to does not exist, or rows still refer to the one deleted.
        case foreignKeyViolation
        case notNullViolation
        case checkViolation
        /// Other transactions changed what this one read or writes, in all its attempts.
        case serializationFailure
        case deadlock
        /// Another process was writing to the SQLite file all the time.
        case busy
        /// See `mayHaveCommitted`.
        case connectionLost
        /// There is no connection to be had: no server, no file, or wrong credentials.
        case unavailable
        /// All connections of the pool were in use all the time.
        case poolExhausted
        case timeout
        /// The statement was cancelled by an administrator. A cancelled task gets `CancellationError`.
        case cancelled
        case readOnly
        case diskFull
        /// A value, row or statement is larger than the layer or the database allows.
        case tooLarge
        /// A value cannot be stored: NUL in a text, NaN, a type that the column does not have.
        case invalidValue
        /// The database does not understand the statement, or it is not in the common subset of SQL.
        case invalidStatement
        case notPermitted
        /// A column is missing from a row, or its value does not have the type that was asked for.
        case rowMismatch
        /// The tables are newer than the program, or were made by other steps than it knows.
        case schemaMismatch
        /// Calls that the layer does not allow, such as a transaction inside another.
        case misuse
        case damaged
        case other
    }

    /// What may help: the same transaction again, at once or over another connection.
    enum Remedy: Sendable {
        case none
        /// Other transactions were in the way.
        case repeating
        /// The server is not there (yet), and has not committed the transaction.
        case reconnecting
        /// The server no longer knows a prepared statement, or not in this form.
        case preparing
    }

    public let kind: Kind
    /// A sentence: what, where, remedy. Without values and secrets.
    public let message: String
    /// The database's own words, for the log.
    public var detail: String?
    /// Name of the violated constraint. SQLite knows that of unique and check constraints only.
    public var constraint: String?
    public var table: String?
    /// Of a unique or not-null constraint, as far as the database names them.
    public var columns: [String] = []
    /// SQLSTATE of PostgreSQL, or SQLite's extended result code.
    public var code: String?
    /// The connection was lost while the transaction was being committed: look whether it has been.
    public var mayHaveCommitted = false
    var remedy = Remedy.none

    public init(_ kind: Kind, _ message: String, detail: String? = nil) {
        self.kind = kind
        self.message = message
        self.detail = detail
    }

    public var description: String {
        var text = message
        if let detail, !detail.isEmpty { text += " (\(detail))" }
        return text
    }

    func with(_ remedy: Remedy) -> DatabaseError {
        var copy = self
        copy.remedy = remedy
        return copy
    }
}
