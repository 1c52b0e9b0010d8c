import HTTPEdge
import JSON

/// A schema in a few words.
struct SchemaText {
    private let schema: JSONValue

    init(_ schema: JSONValue) {
        self.schema = schema
    }

    var html: HTML {
        if let reference = schema["$ref"]?.string?.split(separator: "/").last {
            return "<a href=\"#schema-\(String(reference))\">\(String(reference))</a>"
        }
        if let value = schema["const"]?.string { return "<code>\(value)</code>" }
        if let values = schema["enum"]?.array { return joined(values.map(value)) }
        guard let type = schema["type"] else { return choices }
        let names = type.array?.compactMap(\.string) ?? [type.string ?? ""]
        return "\(joined(names.map(kind)))\(bounds)\(standard)"
    }

    private var choices: HTML {
        let choices = schema["oneOf"]?.array ?? schema["anyOf"]?.array ?? []
        return choices.isEmpty ? "anything" : joined(choices.map { SchemaText($0).html })
    }

    private func kind(_ type: String) -> HTML {
        switch type {
        case "array": return schema["items"].map { "array of \(SchemaText($0).html)" } ?? "array"
        case "string" where schema["format"] != nil: return "string (\(schema["format"]?.string ?? ""))"
        case "object":
            // For a geometry, the type member matters most.
            if let name = schema["properties"]?["type"]?["const"]?.string { return "<code>\(name)</code>" }
            return schema["additionalProperties"]?.object.map { "object of \(SchemaText(.object($0)).html)" }
                ?? "object"
        default: return "\(type)"
        }
    }

    private var bounds: HTML {
        let (least, most) = (schema["minimum"]?.int, schema["maximum"]?.int)
        if let above = schema["exclusiveMinimum"]?.int { return " above \(above)" }
        return switch (least, most) {
        case (let least?, let most?): ", \(least) to \(most)"
        case (let least?, nil): ", \(least) or more"
        default: ""
        }
    }

    private var standard: HTML {
        switch schema["default"] {
        case .number(let number): ", else \(number.text)"
        case .string(let text): ", else \(text)"
        default: ""
        }
    }

    private func value(_ value: JSONValue) -> HTML {
        let text = value.string ?? "null"
        return "<code>\(text)</code>"
    }

    private func joined(_ parts: [HTML]) -> HTML {
        guard let first = parts.first else { return "" }
        return "\(first)\(parts.dropFirst().map { ", \($0)" as HTML })"
    }
}
