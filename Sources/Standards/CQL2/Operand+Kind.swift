import JSON

extension Operand {
    /// A name of the operand's kind, for messages.
    var kindName: String {
        switch self {
        case .property(let name): "property '\(name)'"
        case .string: "a string"
        case .number(let number): number.text
        case .bool(let value): value ? "TRUE" : "FALSE"
        case .timestamp: "a timestamp"
        case .date: "a date"
        case .interval: "an interval"
        case .geometry, .boundingBox: "a geometry"
        case .array: "an array"
        case .arithmetic: "an arithmetic expression"
        case .casei, .accenti: "a string"
        case .function(let name, _): "function '\(name)'"
        case .expression: "a condition"
        }
    }
}
