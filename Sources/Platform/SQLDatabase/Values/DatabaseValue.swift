public import Temporal

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A value of a row or parameter.
public enum DatabaseValue: Sendable, Hashable {
    case null
    case integer(Int64)
    case double(Double)
    case text(String)
    case bytes([UInt8])
    /// Read from PostgreSQL only: SQLite has 0 and 1.
    case boolean(Bool)
    /// Read from PostgreSQL only: SQLite has a text.
    case timestamp(Timestamp)

    /// For messages.
    var typeName: String {
        switch self {
        case .null: "null"
        case .integer: "integer"
        case .double: "double"
        case .text: "text"
        case .bytes: "bytes"
        case .boolean: "boolean"
        case .timestamp: "timestamp"
        }
    }

    /// - Throws: `DatabaseError` for what one of the databases cannot store as it is.
    func check(parameter number: Int) throws(DatabaseError) {
        func refusal(_ kind: DatabaseError.Kind, _ fault: String) -> DatabaseError {
            DatabaseError(kind, "Parameter \(number) \(fault).")
        }
        switch self {
        case .text(let text):
            guard text.utf8.count <= DatabaseLimits.valueByteCount else { throw tooLarge(text.utf8.count) }
            guard !text.containsNUL else {
                throw refusal(
                    .invalidValue, "is a text with a NUL character, which PostgreSQL cannot store; store bytes")
            }
        case .bytes(let bytes):
            guard bytes.count <= DatabaseLimits.valueByteCount else { throw tooLarge(bytes.count) }
        case .double(let value):
            guard !value.isNaN else {
                throw refusal(.invalidValue, "is not a number (NaN), of which SQLite makes null; store null")
            }
        case .timestamp(let time):
            guard Self.times.contains(time) else {
                throw refusal(.invalidValue, "is a timestamp outside of the years 0 to 9999")
            }
        case .null, .integer, .boolean: break
        }
        func tooLarge(_ count: Int) -> DatabaseError {
            refusal(.tooLarge, "has \(count) bytes; the limit is \(DatabaseLimits.valueByteCount) bytes")
        }
    }

    private static let times =
        Timestamp(year: 0, month: 1, day: 1)!...Timestamp(
            year: 9999, month: 12, day: 31, hour: 23, minute: 59, second: 59, microsecond: 999_999)!
}

extension String {
    fileprivate var containsNUL: Bool {
        var text = self
        return text.withUTF8 { memchr($0.baseAddress ?? UnsafePointer(bitPattern: 1)!, 0, $0.count) != nil }
    }
}

extension [DatabaseValue] {
    func check() throws(DatabaseError) {
        for (index, value) in enumerated() { try value.check(parameter: index + 1) }
    }
}
