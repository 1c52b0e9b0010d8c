import CQL2
import TestKit
import Testing

@Suite("LIKE") struct LikePatternTests {
    @Test(
        "matches",
        arguments: [
            ("", ""), ("%", ""), ("%", "abc"), ("%%", "a"), ("abc", "abc"), ("a%", "abc"), ("%c", "abc"),
            ("%b%", "abc"),
            ("a_c", "abc"), ("___", "abc"), ("_", "é"), ("_", "😀"), ("%😀", "a😀"), ("a%b%c", "aXbYbZc"), ("%ab", "aab"),
            ("\\%", "%"), ("\\_", "_"), ("\\\\", "\\"), ("a\\bc", "abc"), ("100\\%", "100%"), ("x\\", "x\\"),
            ("%a_b%", "aaxb"), ("_%_", "ab"), ("%\u{0}%", "a\u{0}b"), ("a%", "a\nb"),
        ])
    func matches(pattern: String, text: String) {
        #expect(LikePattern(pattern).matches(text))
    }

    @Test(
        "does not match",
        arguments: [
            ("", "a"), ("_", ""), ("_", "ab"), ("_", "e\u{301}"), ("abc", "ab"), ("ab", "abc"), ("a%", "ba"),
            ("%c", "cb"),
            ("A", "a"), ("\\%", "a"), ("\\_", "a"), ("a%b", "acd"), ("_%_", "a"), ("é", "e\u{301}"),
        ])
    func doesNotMatch(pattern: String, text: String) {
        #expect(!LikePattern(pattern).matches(text))
    }

    @Test("needs no more than the sum of the lengths, for the worst texts and patterns")
    func bounded() {
        let text = String(repeating: "a", count: 200_000)
        for part in ["a%", String(repeating: "a", count: 1_000) + "b%", String(repeating: "ab", count: 500) + "%"] {
            let pattern = LikePattern("%" + String(repeating: part, count: max(1, 4_000 / part.utf8.count)) + "b%")
            for _ in 0..<10 { #expect(!pattern.matches(text)) }
        }
    }

    /// By trying everything.
    private static func matches(_ pattern: ArraySlice<Unicode.Scalar>, _ text: ArraySlice<Unicode.Scalar>) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        switch first {
        case "%":
            return text.indices.contains { matches(pattern.dropFirst(), text[$0...]) }
                || matches(pattern.dropFirst(), [])
        case "_": return !text.isEmpty && matches(pattern.dropFirst(), text.dropFirst())
        default: return text.first == first && matches(pattern.dropFirst(), text.dropFirst())
        }
    }

    @Test("finds what a search that tries everything finds")
    func law() {
        var random = SeededGenerator(seed: 3)
        func text(_ letters: [Unicode.Scalar], _ count: Int) -> String {
            var view = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...count, using: &random) {
                view.append(letters.randomElement(using: &random)!)
            }
            return String(view)
        }
        for _ in 0..<5_000 {
            let (pattern, text) = (text(["a", "b", "é", "%", "_", "a"], 7), text(["a", "b", "é", "a"], 9))
            let expected = Self.matches(Array(pattern.unicodeScalars)[...], Array(text.unicodeScalars)[...])
            #expect(LikePattern(pattern).matches(text) == expected, "\(pattern) \(text)")
        }
    }

    @Test(
        "tells what it fixes",
        arguments: [("abc", "abc", "abc"), ("ab%c", "ab", nil), ("a\\%", "a%", "a%"), ("_", "", nil)])
    func fixedParts(pattern: String, prefix: String, literal: String?) {
        #expect(LikePattern(pattern).prefix == Array(prefix.utf8))
        #expect(LikePattern(pattern).literal == literal)
    }
}
