/// A word or sign of CQL2 text.
struct Token {
    enum Kind: Hashable {
        case keyword(Keyword)
        case name(String)
        /// Between double quotes, which are gone.
        case quotedName(String)
        /// As JSON writes it.
        case number(String)
        /// Between quotes, which are gone, escapes resolved.
        case string(String)
        case comparison(ComparisonOperator)
        case sign(Unicode.Scalar)
        case end
    }

    let kind: Kind
    /// Its position in the text, in Unicode scalars.
    let range: Range<Int>

    /// The name that it is, or would be: operators such as `like` may be written as functions.
    var name: String {
        switch kind {
        case .name(let name), .quotedName(let name): name
        case .keyword(let word): word.rawValue
        default: ""
        }
    }
}

/// The words that cannot be names without quotes; in a text in any case.
enum Keyword: String, CaseIterable {
    case and, or, not, like, between, `in`, `is`, null, `true`, `false`, div
}
