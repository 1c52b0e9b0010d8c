/// Cuts CQL2 text into tokens.
///
/// Source: [the BNF](https://docs.ogc.org/is/21-065r2/21-065r2.html#cql2-bnf).
struct Lexer {
    private let text: [Unicode.Scalar]
    private var at = 0

    init(_ text: [Unicode.Scalar]) {
        self.text = text
    }

    /// All tokens, the last one being `.end`.
    ///
    /// - Complexity: O(*n*) in the length of the text.
    static func tokens(of text: [Unicode.Scalar]) throws(CQL2Error) -> [Token] {
        var lexer = Lexer(text)
        var tokens: [Token] = []
        repeat { tokens.append(try lexer.next()) } while tokens.last?.kind != .end
        return tokens
    }

    private mutating func next() throws(CQL2Error) -> Token {
        while let scalar = peek(), Identifier.isSpace(scalar) { at += 1 }
        let start = at
        let kind = try kind()
        return Token(kind: kind, range: start..<at)
    }

    private func peek(_ ahead: Int = 0) -> Unicode.Scalar? {
        at + ahead < text.count ? text[at + ahead] : nil
    }

    private func isDigit(_ ahead: Int = 0) -> Bool {
        peek(ahead).map { ("0"..."9").contains($0) } ?? false
    }

    private mutating func kind() throws(CQL2Error) -> Token.Kind {
        guard let scalar = peek() else { return .end }
        switch scalar {
        case "'": return .string(try string())
        case "\"": return .quotedName(try quotedName())
        case "<", ">", "=": return .comparison(comparison(scalar))
        case "(", ")", ",", "+", "-", "*", "/", "%", "^":
            at += 1
            return .sign(scalar)
        case "0"..."9": return .number(number())
        case "." where isDigit(1): return .number(number())
        case _ where Identifier.isStart(scalar): return name()
        default:
            throw CQL2Error(.expected("a value or an operator", found: "'\(scalar.printable)'"), at: .character(at))
        }
    }

    private mutating func comparison(_ first: Unicode.Scalar) -> ComparisonOperator {
        at += 1
        guard let second = peek() else { return first == "<" ? .less : first == ">" ? .greater : .equal }
        let both: ComparisonOperator? =
            switch (first, second) {
            case ("<", ">"): .notEqual
            case ("<", "="): .lessOrEqual
            case (">", "="): .greaterOrEqual
            default: nil
            }
        if both != nil { at += 1 }
        return both ?? (first == "<" ? .less : first == ">" ? .greater : .equal)
    }

    private mutating func name() -> Token.Kind {
        let start = at
        while let scalar = peek(), Identifier.isPart(scalar) { at += 1 }
        let name = String(text[start..<at])
        return Keyword(rawValue: name.lowercased()).map(Token.Kind.keyword) ?? .name(name)
    }

    /// A quote in the name is doubled; the BNF knows no such names.
    private mutating func quotedName() throws(CQL2Error) -> String {
        let start = at
        var name = String.UnicodeScalarView()
        at += 1
        while let scalar = peek() {
            at += 1
            guard scalar == "\"" else {
                name.append(scalar)
                continue
            }
            if peek() == "\"" {
                name.append("\"")
                at += 1
            } else if name.isEmpty {
                throw CQL2Error(.expected("a name between the quotes", found: "none"), at: .character(start))
            } else {
                return String(name)
            }
        }
        throw CQL2Error(.expected("'\"' that closes the name", found: "the end"), at: .character(at))
    }

    /// Source: [requirement /req/cql2-text/escaping](https://docs.ogc.org/is/21-065r2/21-065r2.html#cql2-text).
    /// A backslash before any other character stays, since it escapes wildcards of LIKE.
    private mutating func string() throws(CQL2Error) -> String {
        var string = String.UnicodeScalarView()
        at += 1
        while let scalar = peek() {
            at += 1
            if scalar == "'" {
                guard peek() == "'" else { return String(string) }
                at += 1
            } else if scalar == "\\", let next = peek(), let escaped = Self.escapes[next] {
                string.append(escaped)
                at += 1
                continue
            }
            string.append(scalar)
        }
        throw CQL2Error(.expected("a quote that closes the string", found: "the end"), at: .character(at))
    }

    static let escapes: [Unicode.Scalar: Unicode.Scalar] = [
        "'": "'", "\\": "\\",
        "a": "\u{07}", "b": "\u{08}", "t": "\t", "n": "\n", "v": "\u{0B}", "f": "\u{0C}", "r": "\r",
    ]

    /// Turns CQL2's extensions of JSON numbers into JSON: leading zeros, no digit on one side of the point.
    private mutating func number() -> String {
        func digits() -> String {
            let first = at
            while isDigit() { at += 1 }
            return String(text[first..<at])
        }
        let significant = digits().drop { $0 == "0" }
        var number = significant.isEmpty ? "0" : String(significant)
        if peek() == "." {
            at += 1
            let fraction = digits()
            if !fraction.isEmpty { number += "." + fraction }
        }
        let isSigned = peek(1) == "+" || peek(1) == "-"
        if let exponent = peek(), exponent == "e" || exponent == "E", isDigit(isSigned ? 2 : 1) {
            number.unicodeScalars.append(exponent)
            at += 1
            if isSigned {
                number.unicodeScalars.append(text[at])
                at += 1
            }
            number += digits()
        }
        return number
    }
}

extension String {
    init(_ scalars: ArraySlice<Unicode.Scalar>) {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        self.init(view)
    }
}

extension Unicode.Scalar {
    var printable: String {
        properties.generalCategory == .control ? "U+" + String(value, radix: 16, uppercase: true) : String(self)
    }
}
