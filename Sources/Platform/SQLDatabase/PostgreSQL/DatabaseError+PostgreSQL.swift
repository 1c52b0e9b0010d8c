import CPostgreSQL

extension DatabaseError {
    /// From a result that is an error.
    init(_ result: OpaquePointer, statement: String?) {
        func field(_ pointer: UnsafePointer<CChar>?) -> String? { pointer.map { String(cString: $0) } }
        let state = field(cpostgresql_sqlstate(result)) ?? ""
        let words = field(cpostgresql_message(result)) ?? field(PQresultErrorMessage(result)) ?? ""
        let (table, column) = (field(cpostgresql_table(result)), field(cpostgresql_column(result)))
        let constraint = field(cpostgresql_constraint(result))
        // The detail of a unique violation has values in it: it gives the columns, and is not kept.
        let columns = column.map { [$0] } ?? Self.keyColumns(field(cpostgresql_detail(result)) ?? "")
        let subject = [table].compactMap { $0 } + columns
        let (kind, message, remedy) = Self.meaning(
            state, words, subject.joined(separator: ", "), constraint: constraint ?? "")
        let place = statement.map { ": \($0.prefix(200))" } ?? ""
        self.init(kind, message, detail: "PostgreSQL \(state), \(words)\(place)")
        self.remedy = remedy
        self.constraint = constraint
        self.table = table
        // SQLite does not know those of foreign keys.
        if kind == .uniqueViolation || kind == .notNullViolation { self.columns = columns }
        code = state
    }

    /// `name` and `kind` of `Key (name, kind)=(a, b) already exists.`
    private static func keyColumns(_ detail: String) -> [String] {
        guard let start = detail.firstIndex(of: "("), let end = detail.firstIndex(of: ")"), start < end,
            detail[end...].hasPrefix(")=")
        else { return [] }
        return detail[detail.index(after: start)..<end].split(separator: ",").map {
            String($0.drop { $0 == " " }.filter { $0 != "\"" })
        }
    }

    /// Source: [PostgreSQL, error codes](https://www.postgresql.org/docs/current/errcodes-appendix.html).
    private static func meaning(
        _ state: String, _ words: String, _ subject: String, constraint: String
    ) -> (Kind, String, Remedy) {
        switch state {
        case "23505": (.uniqueViolation, "A row with the same \(subject) exists.", .none)
        case "23503":
            (
                .foreignKeyViolation,
                "A row that is referred to does not exist, or rows still refer to the one deleted.", .none
            )
        case "23502": (.notNullViolation, "\(subject) must not be null.", .none)
        case "23514": (.checkViolation, "A row violates the constraint \(constraint).", .none)
        case "40001":
            (.serializationFailure, "Other transactions changed what this one used; try again.", .repeating)
        case "40P01": (.deadlock, "Transactions waited for each other; try again.", .repeating)
        case "55P03": (.timeout, "A lock that another transaction holds was not to be had in time.", .none)
        case "57014" where words.contains("statement timeout"):
            (.timeout, "The statement took too long and was cancelled.", .none)
        case "57014": (.cancelled, "The statement was cancelled by an administrator.", .none)
        case "25P03", "25P04", "57P05":
            (.timeout, "The transaction was idle for too long, and PostgreSQL has ended it.", .none)
        // The server stops or starts, and clients of the standby must reconnect.
        case "57P01", "57P02", "57P03": (.connectionLost, "PostgreSQL is restarting.", .reconnecting)
        case "53300": (.unavailable, "PostgreSQL has no connections left (max_connections).", .reconnecting)
        // After a failover, the connection leads to what is a standby now.
        case "25006": (.readOnly, "The database, or this transaction, may only be read.", .none)
        case "53100": (.diskFull, "The disk of the database is full.", .none)
        case "25P02": (.misuse, "The transaction has failed already and takes no more statements.", .none)
        case "26000", "42P05":
            (
                .invalidStatement,
                "PostgreSQL does not know a prepared statement of this connection: a pooler is between. Set "
                    + "database.preparedStatements to false.", .preparing
            )
        case "0A000" where words.contains("cached plan"):
            (.invalidStatement, "A table has changed since the statement was prepared.", .preparing)
        case "42501": (.notPermitted, "The user of the database may not do this; grant it to the user.", .none)
        case "42P18": (.invalidStatement, "PostgreSQL cannot tell the type of a null; write CAST(? AS TEXT).", .none)
        case "3D000": (.unavailable, "The database does not exist; create it.", .none)
        case "3F000":
            (.unavailable, "There is no schema to create tables in; see the user's search_path and its rights.", .none)
        default:
            switch state.prefix(2) {
            case "08": (.connectionLost, "The connection to the database was lost.", .reconnecting)
            case "22", "23": (.invalidValue, "A value cannot be stored or computed.", .none)
            case "28": (.unavailable, "PostgreSQL refuses the user or the password.", .none)
            case "42", "0A": (.invalidStatement, "The statement cannot be run.", .none)
            case "54": (.tooLarge, "A value, row or statement is too large.", .none)
            case "XX" where state != "XX000": (.damaged, "The database is damaged; restore a backup.", .none)
            default: (.other, "The database reports an error.", .none)
            }
        }
    }

    /// - Parameter words: libpq's.
    static func connectionLost(_ words: String) -> DatabaseError {
        DatabaseError(.connectionLost, "The connection to the database was lost.", detail: words.trimmingNewlines)
            .with(.reconnecting)
    }
}

extension String {
    var trimmingNewlines: String { split(whereSeparator: \.isNewline).joined(separator: " ") }
}
