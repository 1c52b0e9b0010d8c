import Geo
public import JSON

extension Expression {
    /// Reads CQL2 JSON.
    ///
    /// Beyond the standard, and for the sake of filters in the wild: operators in any case, one argument without its
    /// array, and the `{"casei": …}`, `{"accenti": …}` and `{"function": …}` objects of earlier drafts.
    ///
    /// - Throws: `CQL2Error` with the path of the fault.
    ///
    /// Source: [CQL2 JSON encoding](https://docs.ogc.org/is/21-065r2/21-065r2.html#cql2-json).
    public init(json: JSONValue) throws(CQL2Error) {
        var parser = JSONParser()
        let operand = try parser.operand(json)
        guard let condition = operand.condition else { throw parser.expected("a condition", json) }
        self = condition
    }

    /// Reads CQL2 JSON from its text.
    ///
    /// - Throws: `CQL2Error`; `.notJSON` when the text is not even JSON.
    public init(jsonText: String) throws(CQL2Error) {
        let json: JSONValue
        do {
            json = try JSONValue(parsing: jsonText)
        } catch {
            throw CQL2Error(.notJSON(error))
        }
        try self.init(json: json)
    }
}

/// Reads CQL2 JSON and tracks the path for errors.
struct JSONParser {
    private enum Step {
        case member(String)
        case element(Int)
    }

    private var path: [Step] = []

    // MARK: Errors

    private var location: CQL2Error.Location {
        var text = ""
        for step in path {
            switch step {
            case .member(let name): text += (text.isEmpty ? "" : ".") + name
            case .element(let index): text += "[\(index)]"
            }
        }
        return .path(text)
    }

    func expected(_ expectation: String, _ found: JSONValue?) -> CQL2Error {
        CQL2Error(.expected(expectation, found: Self.describe(found)), at: location)
    }

    private static func describe(_ value: JSONValue?) -> String {
        switch value {
        case nil: "none"
        case .null, .bool, .number: value?.jsonText ?? ""
        case .string(let text): text.count <= 40 ? JSONValue.string(text).jsonText : "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }

    /// Runs `body` with the path one step deeper.
    private mutating func at<Result>(
        _ step: Step, _ body: (inout JSONParser) throws(CQL2Error) -> Result
    ) throws(CQL2Error) -> Result {
        path.append(step)
        // Steps alternate with containers, so that this bounds the recursion too.
        guard path.count <= Expression.depthLimit else {
            throw CQL2Error(.tooDeep(limit: Expression.depthLimit), at: location)
        }
        let result = try body(&self)
        path.removeLast()
        return result
    }

    // MARK: Values

    mutating func operand(_ json: JSONValue) throws(CQL2Error) -> Operand {
        switch json {
        case .string(let string): return .string(string)
        case .number(let number): return .number(number)
        case .bool(let value): return .bool(value)
        case .array(let elements): return .array(try operands(elements))
        case .object(let object): return try self.object(object)
        case .null: throw expected("a value (isNull tests for null)", json)
        }
    }

    private mutating func operands(_ elements: [JSONValue]) throws(CQL2Error) -> [Operand] {
        var operands: [Operand] = []
        operands.reserveCapacity(elements.count)
        for (index, element) in elements.enumerated() {
            operands.append(
                try at(.element(index)) { (parser) throws(CQL2Error) in try parser.operand(element) })
        }
        return operands
    }

    private mutating func object(_ object: JSONObject) throws(CQL2Error) -> Operand {
        if let name = object["op"] { return try operation(name, object["args"], argumentsName: "args") }
        if let property = object["property"] {
            return .property(
                try member("property", property, "a property's name") { $0.string.flatMap { $0.isEmpty ? nil : $0 } })
        }
        if let text = object["timestamp"] {
            return .timestamp(
                try member("timestamp", text, "a timestamp such as \"2024-05-01T00:00:00Z\"") {
                    $0.string.flatMap { TemporalLiteral(timestamp: $0) }
                })
        }
        if let text = object["date"] {
            return .date(
                try member("date", text, "a date such as \"2024-05-01\"") {
                    $0.string.flatMap { TemporalLiteral(date: $0) }
                })
        }
        if let bounds = object["interval"] { return try interval(bounds) }
        if let numbers = object["bbox"], object["type"] == nil { return try boundingBox(numbers) }
        if object["type"] != nil { return try geometry(object) }
        for name in ["casei", "accenti"] {
            if let argument = object[name] { return try operation(.string(name), argument, argumentsName: name) }
        }
        if let function = object["function"] {
            return try at(.member("function")) { (parser) throws(CQL2Error) in
                try parser.operation(function["name"], function["args"] ?? [], argumentsName: "args")
            }
        }
        throw expected("an object with \"op\", \"property\", a geometry or a temporal literal", .object(object))
    }

    private mutating func member<Result>(
        _ name: String, _ json: JSONValue, _ expectation: String, _ read: (JSONValue) -> Result?
    ) throws(CQL2Error) -> Result {
        guard let result = read(json) else {
            path.append(.member(name))
            throw expected(expectation, json)
        }
        return result
    }

    private mutating func operation(
        _ name: JSONValue?, _ arguments: JSONValue?, argumentsName: String
    ) throws(CQL2Error) -> Operand {
        guard let name = name?.string, !name.isEmpty else {
            path.append(.member("op"))
            throw expected("an operator's or function's name", name)
        }
        let operation = Operation(name)
        let list: [JSONValue]
        switch arguments {
        case .array(let arguments)?: list = arguments
        case let argument? where operation != nil: list = [argument]
        default:
            path.append(.member(argumentsName))
            throw expected("an array", arguments)
        }
        return try at(.member(argumentsName)) { (parser) throws(CQL2Error) in
            let operands = try parser.operands(list)
            guard let operation else { return .function(name, operands) }
            do throws(Operation.ArgumentError) {
                return try operation.applied(to: operands)
            } catch {
                guard let index = error.index else {
                    throw CQL2Error(.expected(error.expected, found: "\(operands.count)"), at: parser.location)
                }
                parser.path.append(.element(index))
                throw CQL2Error(.expected(error.expected, found: operands[index].kindName), at: parser.location)
            }
        }
    }

    // MARK: Literals

    private mutating func interval(_ json: JSONValue) throws(CQL2Error) -> Operand {
        try at(.member("interval")) { (parser) throws(CQL2Error) in
            guard let bounds = json.array, bounds.count == 2 else {
                throw parser.expected("an array of start and end", json)
            }
            return .interval(try parser.intervalBound(0, bounds[0]), try parser.intervalBound(1, bounds[1]))
        }
    }

    private mutating func intervalBound(_ index: Int, _ json: JSONValue) throws(CQL2Error) -> IntervalBound {
        try at(.element(index)) { (parser) throws(CQL2Error) in
            // An open end is null in many interfaces, such as the extent of a STAC Collection.
            if json.isNull { return .open }
            guard let bound = IntervalBound(try parser.operand(json)) else {
                throw parser.expected(IntervalBound.expectation, json)
            }
            return bound
        }
    }

    private mutating func boundingBox(_ json: JSONValue) throws(CQL2Error) -> Operand {
        try at(.member("bbox")) { (parser) throws(CQL2Error) in
            let numbers = json.array?.compactMap(\.number) ?? []
            guard let array = json.array, numbers.count == array.count else {
                throw parser.expected("an array of four or six numbers", json)
            }
            do throws(GeoError) {
                return .boundingBox(try BoundingBoxLiteral(numbers))
            } catch {
                throw CQL2Error(.invalidGeometry("\(error)"), at: parser.location)
            }
        }
    }

    private func geometry(_ object: JSONObject) throws(CQL2Error) -> Operand {
        do {
            return .geometry(try Geometry(geoJSON: .object(object)))
        } catch {
            throw CQL2Error(.invalidGeometry("\(error)"), at: location)
        }
    }
}
