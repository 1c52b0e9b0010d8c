import JSON

extension Expression {
    /// Reads CQL2 text.
    ///
    /// - Throws: `CQL2Error` with the offset of the fault.
    /// - Complexity: O(*n*) in the length of the text.
    ///
    /// Source: [CQL2 text encoding](https://docs.ogc.org/is/21-065r2/21-065r2.html#cql2-text).
    public init(text: String) throws(CQL2Error) {
        var parser = try TextParser(text)
        self = try parser.filter()
    }
}

/// Reads CQL2 text by operator precedence: one function for conditions and values, which the grammar cannot distinguish
/// before a closing parenthesis; `Operation` then checks that each stands where it may.
struct TextParser {
    let text: [Unicode.Scalar]
    private let tokens: [Token]
    private var position = 0
    /// Calls of `value(_:)` that have not returned.
    var depth = 0

    init(_ text: String) throws(CQL2Error) {
        self.text = Array(text.unicodeScalars)
        tokens = try Lexer.tokens(of: self.text)
    }

    /// A value with the parser's information about it.
    struct Parsed {
        var operand: Operand
        /// Nesting depth of its JSON.
        var levels = 0
        /// Its start, in scalars.
        let offset: Int
        /// Whether it stands in parentheses of its own.
        var isGroup = false
        /// Whether it is a predicate without parentheses; these do not compare.
        var isBarePredicate = false
    }

    /// From the loosest to the tightest.
    enum Precedence: Int, Comparable {
        case or, and, not, predicate, sum, product, power, factor

        static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    mutating func filter() throws(CQL2Error) -> Expression {
        let parsed = try value(.or)
        guard token.kind == .end else { throw unexpected("AND, OR or the end") }
        guard let condition = parsed.operand.condition else {
            throw CQL2Error(.expected("a condition", found: "a value"), at: .character(parsed.offset))
        }
        return condition
    }

    // MARK: Tokens

    var token: Token { tokens[position] }

    func token(ahead: Int) -> Token { tokens[min(position + ahead, tokens.count - 1)] }

    mutating func advance() { position = min(position + 1, tokens.count - 1) }

    /// Steps over the token if it is that one.
    mutating func take(_ kind: Token.Kind) -> Bool {
        guard token.kind == kind else { return false }
        advance()
        return true
    }

    mutating func expect(_ kind: Token.Kind, _ expectation: String) throws(CQL2Error) {
        guard take(kind) else { throw unexpected(expectation) }
    }

    func unexpected(_ expectation: String) -> CQL2Error {
        let written = String(text[token.range].prefix(40))
        let found = token.kind == .end ? "the end" : written.hasPrefix("'") ? written : "'\(written)'"
        return CQL2Error(.expected(expectation, found: found), at: .character(token.range.lowerBound))
    }

    func checkLevels(_ levels: Int, at offset: Int) throws(CQL2Error) {
        guard levels <= Expression.depthLimit else {
            throw CQL2Error(.tooDeep(limit: Expression.depthLimit), at: .character(offset))
        }
    }

    /// Applies an operation to arguments that have been read.
    func apply(
        _ operation: Operation, _ arguments: [Parsed], at offset: Int, extraLevels: Int = 0
    ) throws(CQL2Error) -> Parsed {
        let levels = 2 + extraLevels + (arguments.map(\.levels).max() ?? 0)
        try checkLevels(levels, at: offset)
        do {
            let operand = try operation.applied(to: arguments.map(\.operand))
            return Parsed(operand: operand, levels: levels, offset: offset)
        } catch {
            guard let index = error.index else {
                throw CQL2Error(.expected(error.expected, found: "\(arguments.count)"), at: .character(offset))
            }
            throw CQL2Error(
                .expected(error.expected, found: arguments[index].operand.kindName),
                at: .character(arguments[index].offset))
        }
    }
}
