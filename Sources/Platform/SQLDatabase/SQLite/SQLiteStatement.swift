import GRDBSQLite

/// A prepared statement of SQLite; valid until its connection closes.
final class SQLiteStatement {
    private let handle: OpaquePointer
    private let connection: OpaquePointer
    private var columns: Row.Columns
    /// How often SQLite has prepared it again, because tables have changed.
    private var repetitions: Int32 = 0
    private let parameterCount: Int
    private let isReadOnly: Bool

    init(_ sql: String, on connection: OpaquePointer) throws {
        var handle: OpaquePointer?
        let code = sqlite3_prepare_v3(connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
        guard code == SQLITE_OK, let handle else { throw DatabaseError(sqlite: code, connection, statement: sql) }
        self.handle = handle
        self.connection = connection
        columns = Self.columns(of: handle)
        parameterCount = Int(sqlite3_bind_parameter_count(handle))
        isReadOnly = sqlite3_stmt_readonly(handle) != 0
    }

    private static func columns(of handle: OpaquePointer) -> Row.Columns {
        Row.Columns(
            (0..<sqlite3_column_count(handle)).map { sqlite3_column_name(handle, $0).map { String(cString: $0) } ?? "" }
        )
    }

    func finalize() { sqlite3_finalize(handle) }

    /// - Returns: The number of rows that were inserted, updated or deleted.
    func run(_ values: [DatabaseValue], onRow: (Row) throws -> Void) throws -> Int {
        guard values.count == parameterCount else {
            throw DatabaseError(.invalidStatement, parameters: values.count, of: parameterCount, sql)
        }
        defer {
            sqlite3_reset(handle)
            // Large values are not kept.
            sqlite3_clear_bindings(handle)
        }
        for (index, value) in values.enumerated() { try bind(value, at: Int32(index + 1)) }
        let before = sqlite3_total_changes(connection)
        while true {
            switch sqlite3_step(handle) {
            case SQLITE_ROW:
                let repetitions = sqlite3_stmt_status(handle, SQLITE_STMTSTATUS_REPREPARE, 0)
                if repetitions != self.repetitions {
                    (columns, self.repetitions) = (Self.columns(of: handle), repetitions)
                }
                try onRow(Row(columns: columns, values: row()))
            case SQLITE_DONE:
                let hasChanged = !isReadOnly && sqlite3_total_changes(connection) != before
                return hasChanged ? Int(sqlite3_changes(connection)) : 0
            case let code: throw DatabaseError(sqlite: code, connection, statement: sql)
            }
        }
    }

    private var sql: String { sqlite3_sql(handle).map { String(cString: $0) } ?? "" }

    private func bind(_ value: DatabaseValue, at index: Int32) throws {
        let code =
            switch value {
            case .null: sqlite3_bind_null(handle, index)
            case .integer(let number): sqlite3_bind_int64(handle, index, number)
            case .double(let number): sqlite3_bind_double(handle, index, number)
            case .boolean(let flag): sqlite3_bind_int64(handle, index, flag ? 1 : 0)
            case .timestamp(let time): bind(text: time.sortableText, at: index)
            case .text(let text): bind(text: text, at: index)
            case .bytes(let bytes):
                bytes.withUnsafeBytes {
                    // A null pointer would mean NULL.
                    $0.isEmpty
                        ? sqlite3_bind_zeroblob(handle, index, 0)
                        : sqlite3_bind_blob64(handle, index, $0.baseAddress, UInt64($0.count), Self.transient)
                }
            }
        guard code == SQLITE_OK else { throw DatabaseError(sqlite: code, connection, statement: sql) }
    }

    private func bind(text: String, at index: Int32) -> Int32 {
        var text = text
        return text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) {
                sqlite3_bind_text64(
                    handle, index, $0.baseAddress ?? UnsafePointer(bitPattern: 1), UInt64($0.count), Self.transient,
                    UInt8(SQLITE_UTF8))
            }
        }
    }

    /// SQLite copies the value.
    private static var transient: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

    private func row() throws -> [DatabaseValue] {
        var values: [DatabaseValue] = []
        values.reserveCapacity(columns.names.count)
        for column in 0..<Int32(columns.names.count) {
            switch sqlite3_column_type(handle, column) {
            case SQLITE_INTEGER: values.append(.integer(sqlite3_column_int64(handle, column)))
            case SQLITE_FLOAT: values.append(.double(sqlite3_column_double(handle, column)))
            case SQLITE_TEXT:
                let start = sqlite3_column_text(handle, column)
                let bytes = UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column)))
                guard let text = String(validating: bytes, as: UTF8.self) else {
                    throw DatabaseError(
                        .damaged, "Column '\(columns.names[Int(column)])' has a text that is not valid UTF-8.",
                        detail: sql)
                }
                values.append(.text(text))
            case SQLITE_BLOB:
                let start = sqlite3_column_blob(handle, column)
                let count = Int(sqlite3_column_bytes(handle, column))
                values.append(.bytes(Array(UnsafeRawBufferPointer(start: start, count: count))))
            default: values.append(.null)
            }
        }
        return values
    }
}
