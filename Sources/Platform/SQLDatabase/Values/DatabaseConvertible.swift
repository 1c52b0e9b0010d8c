public import JSON
public import Temporal

/// A type whose values are stored in columns.
public protocol DatabaseConvertible: Sendable {
    var databaseValue: DatabaseValue { get }
    /// - Returns: `nil` for a value of another type.
    init?(_ value: DatabaseValue)
}

extension Int64: DatabaseConvertible {
    public var databaseValue: DatabaseValue { .integer(self) }
    public init?(_ value: DatabaseValue) {
        guard case .integer(let number) = value else { return nil }
        self = number
    }
}

extension Int: DatabaseConvertible {
    public var databaseValue: DatabaseValue { .integer(Int64(self)) }
    public init?(_ value: DatabaseValue) {
        guard let number = Int64(value) else { return nil }
        self.init(exactly: number)
    }
}

extension Int32: DatabaseConvertible {
    public var databaseValue: DatabaseValue { .integer(Int64(self)) }
    public init?(_ value: DatabaseValue) {
        guard let number = Int64(value) else { return nil }
        self.init(exactly: number)
    }
}

extension Double: DatabaseConvertible {
    public var databaseValue: DatabaseValue { .double(self) }
    /// Also of an integer, which SQLite makes of some sums.
    public init?(_ value: DatabaseValue) {
        switch value {
        case .double(let number): self = number
        case .integer(let number): self.init(exactly: number)
        default: return nil
        }
    }
}

extension String: DatabaseConvertible {
    public var databaseValue: DatabaseValue { .text(self) }
    public init?(_ value: DatabaseValue) {
        guard case .text(let text) = value else { return nil }
        self = text
    }
}

extension Bool: DatabaseConvertible {
    public var databaseValue: DatabaseValue { .boolean(self) }
    /// Also of 0 and 1.
    public init?(_ value: DatabaseValue) {
        switch value {
        case .boolean(let flag): self = flag
        case .integer(0): self = false
        case .integer(1): self = true
        default: return nil
        }
    }
}

extension [UInt8]: DatabaseConvertible {
    public var databaseValue: DatabaseValue { .bytes(self) }
    public init?(_ value: DatabaseValue) {
        guard case .bytes(let bytes) = value else { return nil }
        self = bytes
    }
}

extension Timestamp: DatabaseConvertible {
    public var databaseValue: DatabaseValue { .timestamp(self) }
    /// Also of a text by RFC 3339.
    public init?(_ value: DatabaseValue) {
        switch value {
        case .timestamp(let time): self = time
        case .text(let text): self.init(text)
        default: return nil
        }
    }

    /// As SQLite stores it: of one length, so that texts are in the order of the times.
    var sortableText: String {
        let text = description
        // 2024-05-01T10:20:30Z, …30.024Z or …30.024000Z
        switch text.utf8.count {
        case 20: return text.dropLast() + ".000000Z"
        case 24: return text.dropLast() + "000Z"
        default: return text
        }
    }
}

/// JSON is stored as text.
extension JSONValue: DatabaseConvertible {
    public var databaseValue: DatabaseValue { .text(String(decoding: serialized(), as: UTF8.self)) }
    public init?(_ value: DatabaseValue) {
        guard case .text(let text) = value, let json = try? JSONValue(parsing: Array(text.utf8)) else { return nil }
        self = json
    }
}

/// Such as `enum State: String, DatabaseConvertible`.
extension DatabaseConvertible where Self: RawRepresentable, RawValue: DatabaseConvertible {
    public var databaseValue: DatabaseValue { rawValue.databaseValue }
    public init?(_ value: DatabaseValue) {
        guard let raw = RawValue(value) else { return nil }
        self.init(rawValue: raw)
    }
}
