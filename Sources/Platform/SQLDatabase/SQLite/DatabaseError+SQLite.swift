import GRDBSQLite

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Result codes that are macros with arithmetic in C, which Swift does not import.
///
/// Source: [SQLite, result codes](https://www.sqlite.org/rescode.html).
private enum ExtendedCode {
    static let check = SQLITE_CONSTRAINT | 1 << 8
    static let foreignKey = SQLITE_CONSTRAINT | 3 << 8
    static let notNull = SQLITE_CONSTRAINT | 5 << 8
    static let primaryKey = SQLITE_CONSTRAINT | 6 << 8
    /// RAISE, and ON DELETE RESTRICT.
    static let trigger = SQLITE_CONSTRAINT | 7 << 8
    static let unique = SQLITE_CONSTRAINT | 8 << 8
    static let rowNumber = SQLITE_CONSTRAINT | 10 << 8
    static let logIndexSize = SQLITE_IOERR | 19 << 8
}

extension DatabaseError {
    /// - Parameter path: Of the file, while it is opened.
    init(sqlite code: Int32, _ connection: OpaquePointer?, opening path: String) {
        self.init(sqlite: code, connection, statement: nil, path: path)
    }

    init(sqlite code: Int32, _ connection: OpaquePointer?, statement: String) {
        self.init(sqlite: code, connection, statement: statement, path: nil)
    }

    private init(sqlite code: Int32, _ connection: OpaquePointer?, statement: String?, path: String?) {
        let words = connection.flatMap { sqlite3_errmsg($0) }.map { String(cString: $0) } ?? ""
        let systemError = connection.map { sqlite3_system_errno($0) } ?? 0
        let file = path.map { " '\($0)'" } ?? ""
        // Behind the last colon of "UNIQUE constraint failed: jobs.name, jobs.kind".
        let subject = words.split(separator: ":", maxSplits: 1).last.map { $0.drop { $0 == " " } } ?? ""
        let (kind, message): (Kind, String) =
            switch (code, code & 0xff) {
            case (ExtendedCode.unique, _), (ExtendedCode.primaryKey, _), (ExtendedCode.rowNumber, _):
                (.uniqueViolation, "A row with the same \(subject) exists.")
            case (ExtendedCode.foreignKey, _), (ExtendedCode.trigger, _):
                (
                    .foreignKeyViolation,
                    "A row that is referred to does not exist, or rows still refer to the one deleted."
                )
            case (ExtendedCode.notNull, _): (.notNullViolation, "\(subject) must not be null.")
            case (ExtendedCode.check, _): (.checkViolation, "A row violates the constraint \(subject).")
            case (_, SQLITE_CONSTRAINT), (_, SQLITE_MISMATCH), (_, SQLITE_RANGE):
                (.invalidValue, "A value cannot be stored.")
            case (_, SQLITE_BUSY), (_, SQLITE_LOCKED):
                (.busy, "Another process is writing to the database file\(file); try again later.")
            case (_, SQLITE_IOERR) where [ENOSPC, EDQUOT, EFBIG].contains(systemError), (ExtendedCode.logIndexSize, _),
                (_, SQLITE_FULL):
                (.diskFull, "The disk of the database file\(file) is full.")
            case (_, SQLITE_READONLY): (.readOnly, "The database\(file), or this transaction, may only be read.")
            case (_, SQLITE_CANTOPEN), (_, SQLITE_PERM), (_, SQLITE_AUTH):
                (
                    .unavailable,
                    "The database file\(file) cannot be opened; see that its directory exists and may be written."
                )
            case (_, SQLITE_NOTADB): (.damaged, "The file\(file) is no SQLite database.")
            case (_, SQLITE_CORRUPT): (.damaged, "The database file\(file) is damaged; restore a backup.")
            case (_, SQLITE_TOOBIG): (.tooLarge, "A value or statement is too large.")
            case (_, SQLITE_INTERRUPT): (.cancelled, "The statement was cancelled.")
            case (_, SQLITE_ERROR): (.invalidStatement, "The statement cannot be run.")
            default: (.other, "The database file\(file) cannot be used.")
            }
        let place = statement.map { ": \($0.prefix(200))" } ?? ""
        self.init(kind, message, detail: "SQLite \(code), \(words)\(place)")
        self.code = "\(code)"
        switch kind {
        case .uniqueViolation, .notNullViolation:
            if subject.hasPrefix("index '") {
                constraint = String(subject.dropFirst("index '".count).dropLast())
                break
            }
            let names = subject.split(separator: ",").map { $0.drop { $0 == " " }.split(separator: ".", maxSplits: 1) }
            table = names.first?.first.map(String.init)
            columns = names.compactMap { $0.count == 2 ? String($0[1]) : nil }
        case .checkViolation: constraint = String(subject)
        default: break
        }
    }

    /// A statement with another number of values than parameters.
    init(_ kind: Kind, parameters given: Int, of expected: Int, _ sql: String) {
        self.init(
            kind, "A statement has \(expected) parameters and was given \(given) values.",
            detail: String(sql.prefix(200)))
    }
}
