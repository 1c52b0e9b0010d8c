/// The languages that a client prefers, as in `Accept-Language`: `de-DE,de;q=0.9,*;q=0.1`.
///
/// Each text exists in one language, so that they select nothing yet.
///
/// Source: [RFC 9110, section 12.5.4](https://www.rfc-editor.org/rfc/rfc9110#section-12.5.4),
/// [RFC 4647, section 2.1](https://www.rfc-editor.org/rfc/rfc4647#section-2.1).
struct LanguagePreferences {
    /// - Throws: `InvalidParameter` for any value but a list of language ranges with weights.
    static func check(_ query: [QueryPair]) throws(InvalidParameter) {
        for pair in query where pair.name == "language" {
            let parts = pair.value.split(separator: ",", omittingEmptySubsequences: false)
            guard let wrong = parts.first(where: { !isPreference($0) }) else { continue }
            throw InvalidParameter(
                "language", "must be language tags with or without weights, such as de-DE,de;q=0.9, not '\(wrong)'")
        }
    }

    private static func isPreference(_ text: Substring) -> Bool {
        let sides = text.filter { $0 != " " }.split(separator: ";", omittingEmptySubsequences: false)
        guard let range = sides.first, sides.count <= 2, isRange(range) else { return false }
        guard sides.count == 2 else { return true }
        guard sides[1].hasPrefix("q="), let weight = Double(sides[1].dropFirst(2)) else { return false }
        return (0...1).contains(weight)
    }

    /// 1 to 8 letters, then parts of 1 to 8 letters and digits; or `*`.
    private static func isRange(_ text: Substring) -> Bool {
        if text == "*" { return true }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return parts.enumerated().allSatisfy { number, part in
            (1...8).contains(part.utf8.count)
                && part.allSatisfy { $0.isASCII && ($0.isLetter || (number > 0 && $0.isNumber)) }
        }
    }
}
