import STACAPI
import TestKit

/// Makes texts of a few words in many spellings, and expressions about them.
enum RandomText {
    private static let words = [
        "flood", "Flood", "FLOODS", "ice", "sea", "Münster", "munster", "MU\u{308}NSTER", "Straße", "strasse", "a", "b",
        "sentinel-2a", "Sentinel", "2", "東京", "東", "京都", "ガス", "и́ней", "ИНЕЙ", "10m", "AND", "or", "ﬁnal", "final",
    ]
    private static let separators = [" ", " ", " ", ", ", "-", "/", " – ", "_", "\n", ""]

    static func text(_ random: inout SeededGenerator, words count: ClosedRange<Int>) -> String {
        var text = random.chance(10) ? "(" : ""
        for _ in 0..<random.integer(count) { text += random.pick(words) + random.pick(separators) }
        return text
    }

    static func expression(_ random: inout SeededGenerator, depth: Int = 2) -> FreeTextExpression {
        switch depth == 0 ? 0 : random.integer(0...5) {
        case 0...2:
            // Every word has a letter or a digit.
            return .phrase(FreeTextPhrase(random.chance(70) ? random.pick(words) : text(&random, words: 1...3))!)
        case 3: return .not(expression(&random, depth: depth - 1))
        case 4: return .and((0...random.integer(0...2)).map { _ in expression(&random, depth: depth - 1) })
        default: return .or((0...random.integer(0...2)).map { _ in expression(&random, depth: depth - 1) })
        }
    }
}
