/// Splits SQL into tokens, as far as one has to know them to find parameters and the ends of statements.
///
/// Source: [PostgreSQL, lexical structure](https://www.postgresql.org/docs/current/sql-syntax-lexical.html);
/// [SQLite, tokens](https://www.sqlite.org/lang_keywords.html).
struct SQLScanner {
    enum Kind: Equatable {
        /// White space and comments, all that stand together.
        case blank
        /// A keyword, a name or a number.
        case word
        /// A string, a quoted name or a dollar-quoted string.
        case quoted
        case parameter
        case semicolon
        case symbol
    }

    struct Token {
        let kind: Kind
        let range: Range<Int>
    }

    private let bytes: [UInt8]
    private var position = 0

    init(_ sql: String) {
        bytes = Array(sql.utf8)
    }

    func text(_ token: Token) -> String { String(decoding: bytes[token.range], as: UTF8.self) }

    /// - Throws: `invalidStatement` for what does not end, and for what one of the databases does not know.
    mutating func tokens() throws(DatabaseError) -> [Token] {
        var tokens: [Token] = []
        while position < bytes.count {
            let start = position
            let kind = try next()
            if kind == .blank, let last = tokens.last, last.kind == .blank {
                tokens[tokens.count - 1] = Token(kind: .blank, range: last.range.lowerBound..<position)
            } else {
                tokens.append(Token(kind: kind, range: start..<position))
            }
        }
        return tokens
    }

    private func byte(_ offset: Int = 0) -> UInt8 {
        position + offset < bytes.count ? bytes[position + offset] : 0
    }

    private mutating func next() throws(DatabaseError) -> Kind {
        switch byte() {
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"), 0x0c:
            position += 1
            return .blank
        case UInt8(ascii: "-") where byte(1) == UInt8(ascii: "-"):
            while position < bytes.count, byte() != UInt8(ascii: "\n") { position += 1 }
            return .blank
        case UInt8(ascii: "/") where byte(1) == UInt8(ascii: "*"):
            try skipComment()
            return .blank
        case UInt8(ascii: "'"), UInt8(ascii: "\""):
            try skipQuoted(by: byte(), escapes: false)
            return .quoted
        case UInt8(ascii: ";"):
            position += 1
            return .semicolon
        case UInt8(ascii: "?"):
            return try parameter()
        case UInt8(ascii: "$"):
            try skipDollarQuoted()
            return .quoted
        case UInt8(ascii: ":") where byte(1) == UInt8(ascii: ":"):
            throw fault("'::' is PostgreSQL's alone; write CAST(… AS …)")
        case let first where Self.isWord(first):
            if first | 0x20 == UInt8(ascii: "e"), byte(1) == UInt8(ascii: "'") {
                position += 1
                try skipQuoted(by: UInt8(ascii: "'"), escapes: true)
                return .quoted
            }
            while Self.isWord(byte()) || byte() == UInt8(ascii: "$") { position += 1 }
            return .word
        default:
            position += 1
            return .symbol
        }
    }

    /// Bytes of names, keywords and numbers; all of UTF-8's bytes outside of ASCII are letters.
    private static func isWord(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || byte == UInt8(ascii: "_") || byte >= 0x80
    }

    private mutating func parameter() throws(DatabaseError) -> Kind {
        let (second, third) = (byte(1), byte(2))
        if second == UInt8(ascii: "&") || (second == UInt8(ascii: "|") && third != UInt8(ascii: "|")) {
            throw fault("PostgreSQL's JSON operators with '?' are not in the common subset")
        }
        if second == UInt8(ascii: "?") || second &- 0x30 < 10 {
            throw fault("parameters are written '?', without numbers")
        }
        position += 1
        return .parameter
    }

    private mutating func skipComment() throws(DatabaseError) {
        let start = position
        position += 2
        while position < bytes.count {
            if byte() == UInt8(ascii: "*"), byte(1) == UInt8(ascii: "/") {
                position += 2
                return
            }
            // It would end at another place in each database.
            if byte() == UInt8(ascii: "/"), byte(1) == UInt8(ascii: "*") { throw fault("a comment is in a comment") }
            position += 1
        }
        position = start
        throw fault("a comment does not end")
    }

    private mutating func skipQuoted(by quote: UInt8, escapes: Bool) throws(DatabaseError) {
        let start = position
        position += 1
        while position < bytes.count {
            if escapes, byte() == UInt8(ascii: "\\") {
                position += 2
            } else if byte() != quote {
                position += 1
            } else if byte(1) == quote {
                position += 2
            } else {
                position += 1
                return
            }
        }
        position = start
        throw fault("a quotation does not end")
    }

    /// `$$…$$` or `$tag$…$tag$`.
    private mutating func skipDollarQuoted() throws(DatabaseError) {
        let start = position
        guard byte(1) &- 0x30 >= 10 else { throw fault("parameters are written '?', without numbers") }
        position += 1
        while Self.isWord(byte()) { position += 1 }
        guard byte() == UInt8(ascii: "$") else {
            position = start
            throw fault("'$' begins neither a parameter, which is '?', nor a string")
        }
        position += 1
        let tag = bytes[start..<position]
        while position + tag.count <= bytes.count {
            if bytes[position..<position + tag.count] == tag {
                position += tag.count
                return
            }
            position += 1
        }
        position = start
        throw fault("a quotation does not end")
    }

    private func fault(_ what: String) -> DatabaseError {
        let shown = String(decoding: bytes.prefix(200), as: UTF8.self)
        return DatabaseError(.invalidStatement, "At byte \(position) of a statement \(what).", detail: shown)
    }
}
