/// A JSON value that preserves the order of members and the text of numbers, so that it round-trips.
///
/// Source: [RFC 8259](https://www.rfc-editor.org/rfc/rfc8259).
public enum JSONValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)

    /// - Throws: `JSONError` when `bytes` is not exactly one JSON value in UTF-8 by these rules.
    public init(parsing bytes: [UInt8], by rules: JSONRules = .iJSON) throws(JSONError) {
        do {
            self = try JSONReader(rules).read(bytes) { $0.value() }
        } catch {
            // The closure throws nothing else.
            throw error as? JSONError ?? JSONError(.unexpectedEnd, at: 0)
        }
    }

    public init(parsing text: String, by rules: JSONRules = .iJSON) throws(JSONError) {
        try self.init(parsing: Array(text.utf8), by: rules)
    }

    /// The member of that name, when this is an object that has it.
    public subscript(name: String) -> JSONValue? { object?[name] }

    /// The element at that position, when this is an array that long.
    public subscript(index: Int) -> JSONValue? {
        guard let array, array.indices.contains(index) else { return nil }
        return array[index]
    }

    public var isNull: Bool { self == .null }
    public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    public var string: String? { if case .string(let value) = self { value } else { nil } }
    public var number: JSONNumber? { if case .number(let value) = self { value } else { nil } }
    public var double: Double? { number?.double }
    public var int: Int? { number?.int }
    public var array: [JSONValue]? { if case .array(let value) = self { value } else { nil } }
    public var object: JSONObject? { if case .object(let value) = self { value } else { nil } }
}

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByStringInterpolation,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(nilLiteral: ()) { self = .null }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(integerLiteral value: Int) { self = .number(JSONNumber(value)) }
    public init(floatLiteral value: Double) { self = JSONNumber(value).map(JSONValue.number) ?? .null }
    public init(stringLiteral value: String) { self = .string(value) }
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        var object = JSONObject()
        for (name, value) in elements { object[name] = value }
        self = .object(object)
    }
}

extension JSONValue {
    public init(_ value: Int) { self = .number(JSONNumber(value)) }
    public init(_ value: String) { self = .string(value) }
    public init(_ value: Bool) { self = .bool(value) }
    /// `null` unless `value` is finite.
    public init(_ value: Double) { self = JSONNumber(value).map(JSONValue.number) ?? .null }
}
