/// The functions CASEI and ACCENTI.
public enum TextFolding {
    /// The text such that two texts which differ in case only become equal: `Straße` and `STRASSE`, `ς` and `Σ`.
    ///
    /// Lower case of the upper case: full mappings in both directions bring together what Unicode's full case folding
    /// does; the first step is for `ẞ`, which has no upper case other than itself.
    ///
    /// Source: [requirement /req/case-insensitive-comparison/casei-function](https://docs.ogc.org/is/21-065r2/21-065r2.html#case-insensitive-comparison).
    public static func caseFolded(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.lowercased() }
        return text.lowercased().uppercased().lowercased()
    }

    /// The text without diacritics, composed or not: `Chișinău` becomes `Chisinau`.
    ///
    /// Letters that have no decomposition stay, such as `ø` and `ł`. Marks are the scalars with a combining class, so
    /// that vowel signs, which are letters to their readers, stay too.
    ///
    /// Source: [requirement /req/accent-insensitive-comparison/accenti-function](https://docs.ogc.org/is/21-065r2/21-065r2.html#accent-insensitive-comparison).
    public static func withoutAccents(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if let base = baseLetters[scalar] {
                result.append(base)
            } else if scalar.properties.canonicalCombiningClass == .notReordered {
                result.append(scalar)
            }
        }
        return String(result)
    }

    /// The letter under the diacritics, by the letter with them.
    private static let baseLetters: [Unicode.Scalar: Unicode.Scalar] = {
        var letters: [Unicode.Scalar: Unicode.Scalar] = [:]
        for row in accentedLetters.split(separator: "\n") {
            guard let base = row.unicodeScalars.first else { continue }
            for letter in row.unicodeScalars.dropFirst() { letters[letter] = base }
        }
        return letters
    }()
}
