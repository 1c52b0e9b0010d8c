import Geo
import JSON
import Temporal

/// The values of an Item that its columns cannot hold, by their positions as JSON Pointers.
///
/// `set` has the values that replace those of the columns, `remove` the positions to remove.
///
/// Source: [RFC 6901](https://www.rfc-editor.org/rfc/rfc6901).
enum OverflowColumn {
    /// The changes that turn the Item assembled from the columns into `item`.
    static func text(of item: JSONElement, _ schema: ItemSchema) -> String {
        var overflow = Builder(schema: schema)
        overflow.compareItem(item)
        var object = JSONObject()
        if !overflow.values.isEmpty {
            object["set"] = .object(
                overflow.values.reduce(into: JSONObject()) { $0[$1.pointer] = $1.value })
        }
        if !overflow.removals.isEmpty { object["remove"] = .array(overflow.removals.map { .string($0) }) }
        return JSONValue.object(object).jsonText
    }

    /// Applies an overflow value to the Item assembled from the columns.
    ///
    /// - Throws: `JSONError` for a text that is none.
    static func apply(_ text: String, to item: inout JSONValue) throws(JSONError) {
        let overflow = try JSONValue(parsing: text)
        for pointer in overflow["remove"]?.array ?? [] {
            guard let pointer = pointer.string else { continue }
            change(&item, tokens(pointer)[...]) { _ in Optional.none }
        }
        for member in overflow["set"]?.object?.members ?? [] {
            change(&item, tokens(member.name)[...]) { _ in member.value }
        }
    }

    private static func tokens(_ pointer: String) -> [String] {
        pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map {
            String($0).replacing("~1", with: "/").replacing("~0", with: "~")
        }
    }

    static func token(_ name: String) -> String {
        "/" + name.replacing("~", with: "~0").replacing("/", with: "~1")
    }

    private static func change(
        _ value: inout JSONValue, _ tokens: ArraySlice<String>, _ change: (JSONValue?) -> JSONValue?
    ) {
        guard let first = tokens.first else {
            value = change(value) ?? .null
            return
        }
        let rest = tokens.dropFirst()
        switch value {
        case .object(var object):
            if rest.isEmpty {
                object[first] = change(object[first])
            } else if var inner = object[first] {
                Self.change(&inner, rest, change)
                object[first] = inner
            }
            value = .object(object)
        case .array(var array):
            guard let index = Int(first), array.indices.contains(index) else { return }
            if rest.isEmpty {
                array[index] = change(array[index]) ?? .null
            } else {
                Self.change(&array[index], rest, change)
            }
            value = .array(array)
        default: break
        }
    }

    private struct Builder {
        let schema: ItemSchema
        var values: [(pointer: String, value: JSONValue)] = []
        var removals: [String] = []

        mutating func set(_ pointer: String, _ value: JSONElement) {
            values.append((pointer, value.value()))
        }

        mutating func compareItem(_ item: JSONElement) {
            for (name, value) in item.members {
                let name = name.string ?? ""
                if name == "properties" {
                    guard value.kind == .object else {
                        set("/properties", value)
                        continue
                    }
                    compareMembers(value, schema.properties, "/properties") { ItemSchema.isReserved($0) }
                } else if let position = schema.top.firstIndex(where: { $0.name == name }) {
                    let isRegular =
                        name == "bbox"
                        ? BoundingBoxColumns.isRegular(value) : value.isNull || ItemShape.isRegular(value, at: position)
                    if !isRegular {
                        set(OverflowColumn.token(name), value)
                    } else if name != "bbox" {
                        compare(value, schema.top[position], OverflowColumn.token(name))
                    }
                } else {
                    set(OverflowColumn.token(name), value)
                }
            }
            for field in schema.top where field.meansNull && item[field.name] == nil {
                removals.append(OverflowColumn.token(field.name))
            }
            if item.member("properties") == nil { removals.append("/properties") }
        }

        mutating func compareMembers(
            _ object: JSONElement, _ fields: [ColumnType.Field], _ pointer: String,
            isExcluded: (String) -> Bool = { _ in false }
        ) {
            for (name, value) in object.members {
                let name = name.string ?? ""
                if !isExcluded(name), let field = fields.first(where: { $0.name == name }) {
                    compare(value, field, pointer + OverflowColumn.token(name))
                } else {
                    set(pointer + OverflowColumn.token(name), value)
                }
            }
            for field in fields where field.meansNull && object[field.name] == nil {
                removals.append(pointer + OverflowColumn.token(field.name))
            }
        }

        mutating func compare(_ value: JSONElement, _ field: ColumnType.Field, _ pointer: String) {
            if value.isNull {
                if !field.meansNull { set(pointer, value) }
                return
            }
            switch field.type {
            case .list(let element):
                let field = ColumnType.Field(name: "element", type: element, meansNull: true)
                for (position, part) in value.elements.enumerated() { compare(part, field, "\(pointer)/\(position)") }
            case .structure(let fields): compareMembers(value, fields, pointer)
            case .double: if !ItemRowWriter.isExact(value, value.double ?? .nan) { set(pointer, value) }
            case .time(let format): compareTime(value, format, pointer)
            case .geometry:
                var scratch: [UInt8] = []
                if !WKBTranscoder.append(value, to: &scratch) { set(pointer, value) }
            default: break
            }
        }

        mutating func compareTime(_ value: JSONElement, _ format: TimeFormat, _ pointer: String) {
            guard let text = value.plainStringBytes, let timestamp = Timestamp(text),
                format.matches(text, microseconds: timestamp.microseconds)
            else { return set(pointer, value) }
        }
    }
}
