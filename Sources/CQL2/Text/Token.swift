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
    /// Where it stands in the text, in Unicode scalars.
    let range: Range<Int>
}

/// The words that cannot be names without quotes; in a text in any case.
enum Keyword: String, CaseIterable {
    case and, or, not, like, between, `in`, `is`, null, `true`, `false`, div
}
