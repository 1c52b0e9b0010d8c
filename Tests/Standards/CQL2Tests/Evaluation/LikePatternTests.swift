import CQL2
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

    @Test("needs no more than the product of the lengths")
    func bounded() {
        let text = String(repeating: "a", count: 20_000)
        #expect(!LikePattern(String(repeating: "%a", count: 200) + "%b").matches(text))
    }

    @Test(
        "tells what it fixes",
        arguments: [("abc", "abc", "abc"), ("ab%c", "ab", nil), ("a\\%", "a%", "a%"), ("_", "", nil)])
    func fixedParts(pattern: String, prefix: String, literal: String?) {
        #expect(LikePattern(pattern).prefix == Array(prefix.utf8))
        #expect(LikePattern(pattern).literal == literal)
    }
}
