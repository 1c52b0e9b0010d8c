import Geo
public import JSON

extension Expression {
    /// The filter as CQL2 JSON, which reads back as an equal tree.
    ///
    /// `and` and `or` of one condition are written as that condition, of none as `true` and `false`.
    public var json: JSONValue {
        switch self {
        case .and(let parts): Self.chain("and", parts, ifEmpty: true)
        case .or(let parts): Self.chain("or", parts, ifEmpty: false)
        case .not(let inner): operation("not", [inner.json])
        case .comparison(let comparison, let left, let right): operation(comparison.rawValue, [left.json, right.json])
        case .like(let operand, let pattern): operation("like", [operand.json, pattern.json])
        case .between(let operand, let lower, let upper): operation("between", [operand.json, lower.json, upper.json])
        case .in(let operand, let list): operation("in", [operand.json, .array(list.map(\.json))])
        case .isNull(let operand): operation("isNull", [operand.json])
        case .spatial(let predicate, let left, let right): operation(predicate.jsonName, [left.json, right.json])
        case .temporal(let temporal, let left, let right): operation(temporal.jsonName, [left.json, right.json])
        case .array(let array, let left, let right): operation(array.jsonName, [left.json, right.json])
        case .boolean(let operand): operand.json
        }
    }

    private static func chain(_ name: String, _ parts: [Expression], ifEmpty: Bool) -> JSONValue {
        switch parts.count {
        case 0: .bool(ifEmpty)
        case 1: parts[0].json
        default: operation(name, parts.map(\.json))
        }
    }
}

extension Operand {
    /// The operand as CQL2 JSON.
    public var json: JSONValue {
        switch self {
        case .property(let name): ["property": .string(name)]
        case .string(let string): .string(string)
        case .number(let number): .number(number)
        case .bool(let value): .bool(value)
        case .timestamp(let literal): ["timestamp": .string(literal.text)]
        case .date(let literal): ["date": .string(literal.text)]
        case .interval(let start, let end): ["interval": [start.json, end.json]]
        case .geometry(let geometry): geometry.geoJSON
        case .boundingBox(let literal): ["bbox": .array(literal.numbers.map(JSONValue.number))]
        case .array(let elements): .array(elements.map(\.json))
        case .arithmetic(let arithmetic, let left, let right): operation(arithmetic.rawValue, [left.json, right.json])
        case .casei(let inner): operation("casei", [inner.json])
        case .accenti(let inner): operation("accenti", [inner.json])
        case .function(let name, let arguments): operation(name, arguments.map(\.json))
        case .expression(let expression): expression.json
        }
    }
}

extension IntervalBound {
    fileprivate var json: JSONValue {
        switch self {
        case .open: ".."
        case .date(let literal), .timestamp(let literal): .string(literal.text)
        case .computed(let operand): operand.json
        }
    }
}

private func operation(_ name: String, _ arguments: [JSONValue]) -> JSONValue {
    ["op": .string(name), "args": .array(arguments)]
}
