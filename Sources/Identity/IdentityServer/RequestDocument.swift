import HTTPEdge
import HTTPTypes
import Identity
import JSON
import Spelling
import Temporal

/// The JSON object of a request's body, whose members are all known.
struct RequestDocument {
    private let object: JSONObject

    /// - Parameter names: Members that may be there.
    /// - Throws: `Problem` for what is no object, and for a member that is not known.
    init(_ request: EdgeRequest, _ names: [String]) throws(Problem) {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: request.body)
        } catch {
            throw Problem(.badRequest, "InvalidJSON", "The request's body is \(error).")
        }
        guard let object = value.object else {
            throw Problem(.badRequest, "InvalidBody", "The request's body must be a JSON object.")
        }
        for member in object where !names.contains(member.name) {
            throw Self.invalid(member.name, "is not known\(suggestion(for: member.name, among: names))")
        }
        self.object = object
    }

    func has(_ name: String) -> Bool { object[name] != nil }

    /// - Returns: `nil` when it is missing or null.
    func text(_ name: String) throws(Problem) -> String? {
        guard let value = object[name], !value.isNull else { return nil }
        guard let text = value.string else { throw Self.invalid(name, "must be a text") }
        return text
    }

    func requiredText(_ name: String) throws(Problem) -> String {
        guard let text = try text(name) else { throw Self.invalid(name, "is missing") }
        return text
    }

    func bool(_ name: String) throws(Problem) -> Bool? {
        guard let value = object[name], !value.isNull else { return nil }
        guard let bool = value.bool else { throw Self.invalid(name, "must be true or false") }
        return bool
    }

    func integer(_ name: String) throws(Problem) -> Int? {
        guard let value = object[name], !value.isNull else { return nil }
        guard let integer = value.int else { throw Self.invalid(name, "must be a whole number") }
        return integer
    }

    /// A day, at whose begin (UTC) it is, or a time.
    func time(_ name: String) throws(Problem) -> Timestamp? {
        guard let text = try text(name) else { return nil }
        guard let time = Timestamp(text) ?? Timestamp(date: text) else {
            throw Self.invalid(name, "must be a day or a time, such as 2027-01-01 or 2027-01-01T12:00:00Z")
        }
        return time
    }

    func texts(_ name: String) throws(Problem) -> [String]? {
        guard let value = object[name], !value.isNull else { return nil }
        guard let array = value.array, array.count <= 1_000 else {
            throw Self.invalid(name, "must be an array of texts")
        }
        let texts = array.compactMap(\.string)
        guard texts.count == array.count else { throw Self.invalid(name, "must be an array of texts") }
        return texts
    }

    func objects(_ name: String) throws(Problem) -> [JSONObject]? {
        guard let value = object[name], !value.isNull else { return nil }
        let objects = value.array?.compactMap(\.object)
        guard let objects, objects.count == value.array?.count else {
            throw Self.invalid(name, "must be an array of objects")
        }
        return objects
    }

    func object(_ name: String) throws(Problem) -> JSONObject? {
        guard let value = object[name], !value.isNull else { return nil }
        guard let object = value.object else { throw Self.invalid(name, "must be an object") }
        return object
    }

    /// A value of a closed set.
    func value<Value: RawRepresentable & CaseIterable>(
        _ name: String, of type: Value.Type
    ) throws(Problem) -> Value? where Value.RawValue == String {
        guard let text = try text(name) else { return nil }
        return try Self.value(text, name, of: type)
    }

    func values<Value: RawRepresentable & CaseIterable & Hashable>(
        _ name: String, of type: Value.Type
    ) throws(Problem) -> Set<Value>? where Value.RawValue == String {
        guard let texts = try texts(name) else { return nil }
        var values: Set<Value> = []
        for text in texts { values.insert(try Self.value(text, name, of: type)) }
        return values
    }

    static func value<Value: RawRepresentable & CaseIterable>(
        _ text: String, _ name: String, of type: Value.Type
    ) throws(Problem) -> Value where Value.RawValue == String {
        guard let value = Value(rawValue: text) else {
            let known = type.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
            throw invalid(name, "must be one of \(known), not '\(text.prefix(64))'")
        }
        return value
    }

    static func invalid(_ name: String, _ fault: String) -> Problem {
        Problem(.badRequest, "InvalidMember", "The member '\(name.prefix(64))' of the request's body \(fault).")
    }
}
