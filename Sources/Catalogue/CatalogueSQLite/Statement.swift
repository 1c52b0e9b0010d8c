import Catalogue
import GRDB
import GRDBSQLite

/// A prepared statement, used through SQLite's C API: GRDB boxes each value of each row, which for millions of Items
/// costs more than SQLite itself.
final class Statement {
    private let handle: OpaquePointer

    init(_ sql: String, on connection: OpaquePointer) throws {
        var handle: OpaquePointer?
        let code = sqlite3_prepare_v3(connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
        guard code == SQLITE_OK, let handle else { throw DatabaseError(code, on: connection) }
        self.handle = handle
    }

    deinit { sqlite3_finalize(handle) }

    // MARK: Parameters, numbered from 1

    func bind(_ value: Int64, at index: Int32) {
        check(sqlite3_bind_int64(handle, index, value))
    }

    /// The text must not move until the statement is reset.
    func bind(text: UnsafeBufferPointer<UInt8>, at index: Int32) {
        // The last argument, SQLITE_STATIC, lets SQLite read the text in place.
        text.withMemoryRebound(to: CChar.self) { text in
            check(sqlite3_bind_text(handle, index, text.baseAddress ?? Self.nowhere, Int32(text.count), nil))
        }
    }

    /// The bytes must not move until the statement is reset.
    func bind(blob: UnsafeRawBufferPointer, at index: Int32) throws {
        let start = blob.baseAddress ?? UnsafeRawPointer(Self.nowhere)
        let code = sqlite3_bind_blob64(handle, index, start, UInt64(blob.count), nil)
        guard code != SQLITE_TOOBIG else { throw DatabaseError(code, on: sqlite3_db_handle(handle)) }
        check(code)
    }

    // MARK: Running

    /// Steps to the next row; `false`: there is none, and the statement is reset.
    func step() throws -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE:
            sqlite3_reset(handle)
            return false
        case let code:
            let error = DatabaseError(code, on: sqlite3_db_handle(handle))
            sqlite3_reset(handle)
            throw error
        }
    }

    /// Runs a statement without rows.
    func run() throws {
        while try step() {}
    }

    func reset() { sqlite3_reset(handle) }

    /// The number of rows that the connection's last `INSERT`, `UPDATE` or `DELETE` changed.
    var changes: Int { Int(sqlite3_changes(sqlite3_db_handle(handle))) }

    // MARK: Columns, numbered from 0

    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

    /// Valid until the next step or reset.
    func bytes(_ column: Int32) -> UnsafeRawBufferPointer {
        let start = sqlite3_column_blob(handle, column)
        return UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column)))
    }

    /// Whether a row's checksum is the given one.
    ///
    /// - Parameter mayLack: Whether a row without one is accepted: it was written before there were checksums.
    func hasChecksum(_ expected: Int64, at column: Int32, mayLack: Bool = false) -> Bool {
        isNull(column) ? mayLack : integer(column) == expected
    }

    func text(_ column: Int32) -> String { String(decoding: bytes(column), as: UTF8.self) }

    /// A non-null pointer for an empty value, since SQLite takes a null pointer for NULL.
    private static var nowhere: UnsafePointer<CChar> { UnsafePointer(bitPattern: 1)! }

    private func check(_ code: Int32) {
        // Binding small values fails only for a wrong index or a statement that is running.
        precondition(code == SQLITE_OK, "SQLite refused a parameter (\(code))")
    }
}

extension DatabaseError {
    init(_ code: Int32, on connection: OpaquePointer?) {
        let message = connection.flatMap { sqlite3_errmsg($0) }.map { String(cString: $0) }
        self.init(resultCode: ResultCode(rawValue: code), message: message)
    }
}
