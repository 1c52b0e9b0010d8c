/// A token of a free text in its advanced form, and where it starts.
struct FreeTextToken {
    enum Kind: Equatable {
        /// Without quotes; may hold punctuation.
        case term(String)
        case quoted(String)
        case and, or, not
        case plus, minus
        case open, close
        case comma
        case end
    }

    let kind: Kind
    /// In Unicode scalars from the text's start.
    let offset: Int

    var name: String {
        switch kind {
        case .term(let text): "'\(text)'"
        case .quoted(let text): "'\"\(text)\"'"
        case .and: "'AND'"
        case .or: "'OR'"
        case .not: "'NOT'"
        case .plus: "'+'"
        case .minus: "'-'"
        case .open: "'('"
        case .close: "')'"
        case .comma: "','"
        case .end: "the end"
        }
    }

    /// - Throws: `FreeTextError` for a quotation mark without its partner.
    static func tokens(of text: String) throws(FreeTextError) -> [FreeTextToken] {
        let scalars = Array(text.unicodeScalars)
        var tokens: [FreeTextToken] = []
        var at = 0
        func string(_ range: Range<Int>) -> String {
            var view = String.UnicodeScalarView()
            view.append(contentsOf: scalars[range])
            return String(view)
        }
        func isFollowed(_ sign: Int) -> Bool {
            sign + 1 < scalars.count && !scalars[sign + 1].properties.isWhitespace
        }
        while at < scalars.count {
            let start = at
            at += 1
            switch scalars[start] {
            case let scalar where scalar.properties.isWhitespace: continue
            case "(": tokens.append(FreeTextToken(kind: .open, offset: start))
            case ")": tokens.append(FreeTextToken(kind: .close, offset: start))
            case ",": tokens.append(FreeTextToken(kind: .comma, offset: start))
            // A sign by itself is punctuation.
            case "+" where isFollowed(start): tokens.append(FreeTextToken(kind: .plus, offset: start))
            case "-" where isFollowed(start): tokens.append(FreeTextToken(kind: .minus, offset: start))
            case "\"":
                guard let end = scalars[at...].firstIndex(of: "\"") else {
                    throw FreeTextError(expected: "a '\"' that ends the phrase", found: "the end", offset: start)
                }
                tokens.append(FreeTextToken(kind: .quoted(string(at..<end)), offset: start))
                at = end + 1
            default:
                while at < scalars.count, !scalars[at].endsTerm { at += 1 }
                let word = string(start..<at)
                let kind: Kind =
                    switch word {
                    case "AND": .and
                    case "OR": .or
                    case "NOT": .not
                    default: .term(word)
                    }
                tokens.append(FreeTextToken(kind: kind, offset: start))
            }
        }
        tokens.append(FreeTextToken(kind: .end, offset: scalars.count))
        return tokens
    }
}

extension Unicode.Scalar {
    /// A sign inside a term, as in `sentinel-2`, is part of it.
    fileprivate var endsTerm: Bool {
        self == "(" || self == ")" || self == "," || self == "\"" || properties.isWhitespace
    }
}
