import JSON

extension TextParser {
    private enum Infix {
        /// `AND` or `OR`, which take any number of conditions.
        case chain(Operation, Token.Kind)
        case operation(Operation)
        /// `LIKE`, `BETWEEN`, `IN` and `IS`, with or without `NOT`.
        case word
    }

    /// A value whose outermost operators bind at least as tightly as `loosest`.
    mutating func value(_ loosest: Precedence) throws(CQL2Error) -> Parsed {
        depth += 1
        try checkLevels(depth, at: token.range.lowerBound)
        var left = try prefixed(loosest)
        while let (precedence, infix) = infix, precedence >= loosest {
            // a = b = c: the second sign ends the value, and stands where AND, OR or ')' is expected.
            if precedence == .predicate, left.isBarePredicate { break }
            left = try combine(left, infix, precedence)
            left.isBarePredicate = precedence <= .predicate
        }
        depth -= 1
        return left
    }

    private mutating func combine(
        _ left: Parsed, _ infix: Infix, _ precedence: Precedence
    ) throws(CQL2Error) -> Parsed {
        switch infix {
        case .chain(let operation, let word): try chain(operation, word, precedence, left)
        case .operation(let operation): try binary(operation, precedence, left)
        case .word: try wordPredicate(left)
        }
    }

    /// The token as an infix operator.
    private var infix: (Precedence, Infix)? {
        switch token.kind {
        case .keyword(.or): (.or, .chain(.or, token.kind))
        case .keyword(.and): (.and, .chain(.and, token.kind))
        case .comparison(let comparison): (.predicate, .operation(.comparison(comparison)))
        case .keyword(.like), .keyword(.between), .keyword(.in), .keyword(.is), .keyword(.not): (.predicate, .word)
        case .sign("+"): (.sum, .operation(.arithmetic(.add)))
        case .sign("-"): (.sum, .operation(.arithmetic(.subtract)))
        case .sign("*"): (.product, .operation(.arithmetic(.multiply)))
        case .sign("/"): (.product, .operation(.arithmetic(.divide)))
        case .sign("%"): (.product, .operation(.arithmetic(.modulo)))
        case .keyword(.div): (.product, .operation(.arithmetic(.integerDivide)))
        case .sign("^"): (.power, .operation(.arithmetic(.power)))
        default: nil
        }
    }

    private mutating func chain(
        _ operation: Operation, _ word: Token.Kind, _ precedence: Precedence, _ first: Parsed
    ) throws(CQL2Error) -> Parsed {
        var parts = [first]
        while take(word) { parts.append(try value(precedence.tighter)) }
        return try apply(operation, parts, at: first.offset)
    }

    private mutating func binary(
        _ operation: Operation, _ precedence: Precedence, _ left: Parsed
    ) throws(CQL2Error) -> Parsed {
        advance()
        let result = try apply(operation, [left, try value(precedence.tighter)], at: left.offset)
        // The BNF has one '^' in a powerTerm; its associativity differs from language to language.
        if precedence == .power, token.kind == .sign("^") { throw unexpected("parentheses around one of two powers") }
        return result
    }

    private mutating func wordPredicate(_ left: Parsed) throws(CQL2Error) -> Parsed {
        if take(.keyword(.is)) {
            let isNegated = take(.keyword(.not))
            try expect(.keyword(.null), "NULL")
            return try negated(isNegated, try apply(.isNull, [left], at: left.offset))
        }
        let isNegated = take(.keyword(.not))
        let word = token.kind
        guard take(.keyword(.like)) || take(.keyword(.between)) || take(.keyword(.in)) else {
            throw unexpected("LIKE, BETWEEN or IN")
        }
        let result =
            switch word {
            case .keyword(.like): try apply(.like, [left, try value(.sum)], at: left.offset)
            case .keyword(.between): try between(left)
            default: try membership(left)
            }
        return try negated(isNegated, result)
    }

    private mutating func between(_ left: Parsed) throws(CQL2Error) -> Parsed {
        let lower = try value(.sum)
        try expect(.keyword(.and), "AND and the upper bound")
        return try apply(.between, [left, lower, try value(.sum)], at: left.offset)
    }

    private mutating func membership(_ left: Parsed) throws(CQL2Error) -> Parsed {
        let offset = token.range.lowerBound
        try expect(.sign("("), "'(' and a list")
        return try apply(.in, [left, try list(at: offset)], at: left.offset)
    }

    private func negated(_ isNegated: Bool, _ predicate: Parsed) throws(CQL2Error) -> Parsed {
        isNegated ? try apply(.not, [predicate], at: predicate.offset) : predicate
    }

    /// A value without infix operators.
    private mutating func prefixed(_ loosest: Precedence) throws(CQL2Error) -> Parsed {
        switch token.kind {
        case .keyword(.not) where loosest <= .not: try negation()
        case .sign("-"), .sign("+"): try signed()
        default: try primary()
        }
    }

    private mutating func negation() throws(CQL2Error) -> Parsed {
        let offset = token.range.lowerBound
        advance()
        var result = try apply(.not, [try value(.predicate)], at: offset)
        result.isBarePredicate = true
        return result
    }

    private mutating func signed() throws(CQL2Error) -> Parsed {
        let offset = token.range.lowerBound
        let isNegative = token.kind == .sign("-")
        advance()
        if case .number(let text) = token.kind {
            let number = try number(isNegative ? "-" + text : text)
            return Parsed(operand: .number(number), offset: offset)
        }
        guard isNegative else { throw unexpected("a number") }
        return try apply(.arithmetic(.subtract), [try primary()], at: offset)
    }
}

extension TextParser.Precedence {
    fileprivate var tighter: Self { Self(rawValue: rawValue + 1) ?? .factor }
}
