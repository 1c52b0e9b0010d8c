/// Reads the advanced form of `q`, and lists with commas.
///
///     text        = item *( "," item )
///     item        = list of terms without operators (one phrase, where there are several items) / alternatives
///     alternatives = sequence *( ( "OR" / "," ) sequence )
///     sequence    = 1*clause              ; any of them; all with a plus, none with a minus
///     clause      = signed *( "AND" signed )
///     signed      = [ "+" / "-" / "NOT" ] ( term / quoted / "(" alternatives ")" )
///
/// Among clauses with a plus, those without a sign decide nothing, as in the query language of Lucene.
struct FreeTextParser {
    static let maximumDepth = 32
    static let maximumPhraseCount = 256
    /// Of all terms together, in UTF-8.
    static let maximumByteCount = 16_384

    private let tokens: [FreeTextToken]
    private var at = 0
    private var depth = 0
    private var phraseCount = 0

    init(_ text: String) throws(FreeTextError) {
        try Self.check(byteCount: text.utf8.count)
        tokens = try FreeTextToken.tokens(of: text)
    }

    static func check(byteCount: Int) throws(FreeTextError) {
        guard byteCount <= maximumByteCount else {
            throw FreeTextError(expected: "no more than \(maximumByteCount) bytes", found: "\(byteCount)", offset: 0)
        }
    }

    private var next: FreeTextToken { tokens[at] }

    private mutating func take(_ kind: FreeTextToken.Kind) -> Bool {
        guard next.kind == kind else { return false }
        at += 1
        return true
    }

    private func fault(_ expected: String, _ token: FreeTextToken) -> FreeTextError {
        FreeTextError(expected: expected, found: token.name, offset: token.offset)
    }

    mutating func text() throws(FreeTextError) -> FreeTextExpression {
        let isList = commasOutsideParentheses > 0
        var items: [FreeTextExpression] = []
        repeat {
            // The text between two commas, before the first or after the last may be empty.
            if isList, next.kind == .comma || next.kind == .end { continue }
            if isList, let phrase = try plainItem() {
                items.append(phrase)
            } else {
                items.append(try alternatives(commas: false))
            }
        } while take(.comma)
        guard next.kind == .end else { throw fault("a term or the end", next) }
        guard !items.isEmpty else { throw fault("a term", tokens[0]) }
        return .any(items)
    }

    private var commasOutsideParentheses: Int {
        var depth = 0
        return tokens.count { token in
            if token.kind == .open { depth += 1 }
            if token.kind == .close { depth -= 1 }
            return token.kind == .comma && depth == 0
        }
    }

    /// The terms up to the next comma as one phrase; `nil` when there are operators among them.
    private mutating func plainItem() throws(FreeTextError) -> FreeTextExpression? {
        let first = next
        var words: [String] = []
        for token in tokens[at...] {
            if token.kind == .comma || token.kind == .end { break }
            guard case .term(let word) = token.kind else { return nil }
            words.append(word)
        }
        at += words.count
        return try phrase(words.joined(separator: " "), first)
    }

    /// - Parameter commas: Whether they stand for `OR`.
    private mutating func alternatives(commas: Bool) throws(FreeTextError) -> FreeTextExpression {
        var parts = [try sequence()]
        while take(.or) || (commas && take(.comma)) { parts.append(try sequence()) }
        return .any(parts)
    }

    private mutating func sequence() throws(FreeTextError) -> FreeTextExpression {
        var required: [FreeTextExpression] = []
        var optional: [FreeTextExpression] = []
        var prohibited: [FreeTextExpression] = []
        repeat {
            let (sign, expression) = try signed()
            if next.kind == .and {
                var parts = [sign == .minus ? .not(expression) : expression]
                while take(.and) {
                    let (sign, expression) = try signed()
                    parts.append(sign == .minus ? .not(expression) : expression)
                }
                optional.append(.and(parts))
            } else {
                switch sign {
                case .plus: required.append(expression)
                case .minus: prohibited.append(expression)
                case nil: optional.append(expression)
                }
            }
        } while !endsSequence
        if required.isEmpty, !optional.isEmpty { required.append(.any(optional)) }
        return .all(required + prohibited.map { .not($0) })
    }

    private var endsSequence: Bool {
        switch next.kind {
        case .or, .comma, .close, .end: true
        default: false
        }
    }

    private enum Sign { case plus, minus }

    private mutating func signed() throws(FreeTextError) -> (Sign?, FreeTextExpression) {
        if take(.plus) { return (.plus, try primary()) }
        if take(.minus) || take(.not) { return (.minus, try primary()) }
        return (nil, try primary())
    }

    private mutating func primary() throws(FreeTextError) -> FreeTextExpression {
        let token = next
        at += 1
        switch token.kind {
        case .term(let text), .quoted(let text): return try phrase(text, token)
        case .open:
            guard depth < Self.maximumDepth else {
                throw fault("no more than \(Self.maximumDepth) parentheses in one another", token)
            }
            depth += 1
            let expression = try alternatives(commas: true)
            depth -= 1
            guard take(.close) else { throw fault("')' for the '(' at character \(token.offset)", next) }
            return expression
        default:
            at -= 1
            throw fault("a term", token)
        }
    }

    private mutating func phrase(_ text: String, _ token: FreeTextToken) throws(FreeTextError) -> FreeTextExpression {
        guard let phrase = FreeTextPhrase(text) else { throw fault("a term with a letter or a digit", token) }
        phraseCount += 1
        guard phraseCount <= Self.maximumPhraseCount else {
            throw fault("no more than \(Self.maximumPhraseCount) terms", token)
        }
        return .phrase(phrase)
    }
}

extension FreeTextExpression {
    /// Reads a text in the advanced form; with commas outside parentheses, it is a list as in the basic form, whose
    /// entries may be in the advanced form themselves.
    ///
    /// - Throws: `FreeTextError` for quotation marks or parentheses without their partners, operators without terms,
    ///   terms without letters and digits, more than 256 terms, and more than 16,384 bytes.
    public init(text: String) throws(FreeTextError) {
        var parser = try FreeTextParser(text)
        self = try parser.text()
    }

    /// The basic form: any of some terms, each a phrase.
    ///
    /// - Throws: `FreeTextError` for no term, more than 256 or 16,384 bytes, or one without letters and digits; the
    ///   offset is the term's number then.
    public init(terms: [String]) throws(FreeTextError) {
        guard 1...FreeTextParser.maximumPhraseCount ~= terms.count else {
            throw FreeTextError(
                expected: "1 to \(FreeTextParser.maximumPhraseCount) terms", found: "\(terms.count)", offset: 0)
        }
        try FreeTextParser.check(byteCount: terms.reduce(0) { $0 + $1.utf8.count })
        var phrases: [FreeTextExpression] = []
        for (number, term) in terms.enumerated() {
            guard let phrase = FreeTextPhrase(term) else {
                throw FreeTextError(expected: "a term with a letter or a digit", found: "'\(term)'", offset: number)
            }
            phrases.append(.phrase(phrase))
        }
        self = .any(phrases)
    }
}
