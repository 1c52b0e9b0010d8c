import Geo
import JSON

extension TextParser {
    /// A literal, a property, a function or something in parentheses.
    ///
    /// Nestable constructs have functions of their own, here and below: this limits the size of frames, and so the
    /// stack.
    mutating func primary() throws(CQL2Error) -> Parsed {
        switch token.kind {
        case .sign("("): try group()
        case .name, .quotedName: try named()
        case .keyword(.in), .keyword(.like), .keyword(.between), .keyword(.div):
            if isCall { try call() } else { throw unexpected("a value") }
        default: try literal()
        }
    }

    /// Whether the token is a name before a parenthesis.
    private var isCall: Bool { token(ahead: 1).kind == .sign("(") }

    private mutating func literal() throws(CQL2Error) -> Parsed {
        let offset = token.range.lowerBound
        switch token.kind {
        case .number(let text):
            let number = try number(text)
            return Parsed(operand: .number(number), offset: offset)
        case .string(let string):
            advance()
            return Parsed(operand: .string(string), offset: offset)
        case .keyword(.true), .keyword(.false):
            defer { advance() }
            return Parsed(operand: .bool(token.kind == .keyword(.true)), offset: offset)
        default:
            throw unexpected("a value")
        }
    }

    private mutating func named() throws(CQL2Error) -> Parsed {
        let name = token.name
        if case .name = token.kind {
            let lowercased = name.lowercased()
            if Identifier.geometryTypes.contains(lowercased), isCall || isGeometryTag(token(ahead: 1)) {
                return try geometry()
            }
            if isCall {
                switch lowercased {
                case "date", "timestamp": return try instant(lowercased)
                case "interval": return try interval()
                case "bbox": return try boundingBox()
                default: break
                }
            }
        }
        if isCall { return try call() }
        defer { advance() }
        return Parsed(operand: .property(name), levels: 1, offset: token.range.lowerBound)
    }

    /// The token, which is a number that has `text`.
    mutating func number(_ text: String) throws(CQL2Error) -> JSONNumber {
        guard let number = JSONNumber(text) else { throw unexpected("a number") }
        advance()
        return number
    }

    /// The content after `(`: one value, or an array of none or several.
    ///
    /// `(a,)` is an array of one wherever `(a)` is a value in parentheses; the BNF cannot express it.
    private mutating func group() throws(CQL2Error) -> Parsed {
        let offset = token.range.lowerBound
        advance()
        if take(.sign(")")) { return Parsed(operand: .array([]), levels: 1, offset: offset) }
        var single = try value(.or)
        if take(.sign(")")) {
            if single.isGroup { single = single.asElement }
            single.isGroup = true
            single.isBarePredicate = false
            return single
        }
        guard token.kind == .sign(",") else { throw unexpected("',' or ')'") }
        return try list(at: offset, first: single)
    }

    /// The rest of a list whose `(`, and perhaps first element, has been read.
    mutating func list(at offset: Int, first: Parsed? = nil) throws(CQL2Error) -> Parsed {
        var elements: [Parsed] = first.map { [$0.asElement] } ?? []
        while !take(.sign(")")) {
            if !elements.isEmpty {
                try expect(.sign(","), "',' or ')'")
                if elements.count == 1, take(.sign(")")) { break }
            }
            elements.append(try value(.or).asElement)
        }
        let levels = 1 + (elements.map(\.levels).max() ?? 0)
        try checkLevels(levels, at: offset)
        return Parsed(operand: .array(elements.map(\.operand)), levels: levels, offset: offset)
    }

    /// A function, or an operator written as one: `casei(name)`, `like(name, 'a%')`.
    private mutating func call() throws(CQL2Error) -> Parsed {
        let name = token.name
        let offset = token.range.lowerBound
        advance()
        try expect(.sign("("), "'('")
        var arguments: [Parsed] = []
        while !take(.sign(")")) {
            if !arguments.isEmpty { try expect(.sign(","), "',' or ')'") }
            arguments.append(try value(.or))
        }
        return try apply(name, arguments, at: offset)
    }

    private func apply(_ name: String, _ arguments: [Parsed], at offset: Int) throws(CQL2Error) -> Parsed {
        switch Operation(name) {
        case .array(let operation): return try apply(.array(operation), arguments.map(\.asArray), at: offset)
        case .in where arguments.count == 2:
            return try apply(.in, [arguments[0], arguments[1].asArray], at: offset)
        case let operation?: return try apply(operation, arguments, at: offset)
        case nil:
            let arguments = arguments.map(\.asElement)
            let levels = 2 + (arguments.map(\.levels).max() ?? 0)
            try checkLevels(levels, at: offset)
            return Parsed(operand: .function(name, arguments.map(\.operand)), levels: levels, offset: offset)
        }
    }
}

extension TextParser.Parsed {
    /// As an operand of an array function, where parentheses always make an array.
    fileprivate var asArray: Self {
        isGroup ? Self(operand: .array([operand]), levels: levels + 1, offset: offset) : self
    }

    /// As an argument or an array's element, where parentheses make an array around what the grammar does not put in
    /// parentheses otherwise.
    fileprivate var asElement: Self { operand.isArrayInParentheses ? asArray : self }
}

extension Operand {
    /// Whether parentheses around the operand alone can mean nothing but an array.
    var isArrayInParentheses: Bool {
        switch self {
        case .string, .timestamp, .date, .interval, .geometry, .boundingBox, .array, .casei, .accenti: true
        case .property, .number, .bool, .arithmetic, .function, .expression: false
        }
    }
}
