import STACAPI
import Testing

@Suite("Free text") struct FreeTextParserTests {
    private static let text = document("Climate model of the quick brown bear", "Sentinel-2", "Überschwemmung in Köln")

    private static func document(_ texts: String...) -> FreeTextDocument {
        var document = FreeTextDocument()
        for text in texts { document.append(text) }
        return document
    }

    @Test(
        "in the advanced form means what the standard's examples say",
        arguments: [
            ("climate", true), ("CLIMATE", true), ("clim", false), ("climate fox", true), ("fox wolf", false),
            ("\"climate model\"", true), ("\"model climate\"", false), ("climate OR fox", true),
            ("climate AND fox", false), ("climate AND model", true), ("(quick OR red) AND bear", true),
            ("quick OR red AND fox", true), ("(quick OR red) AND fox", false), ("red +brown -fox", true),
            ("quick +brown -bear", false), ("quick +red", false), ("-fox", true), ("-bear", false),
            ("NOT fox", true), ("climate NOT model", false), ("climate AND NOT fox", true), ("-(fox OR bear)", false),
            ("+(fox bear) -\"bear brown\"", true), ("sentinel-2", true), ("2-sentinel", false),
            ("\"bear sentinel\"", false), ("uberschwemmung", true), ("ÜBERSCHWEMMUNG AND koln", true),
            ("U\u{308}berschwemmung", true), ("climate and", true), ("(climate)", true), ("\"climate\"", true),
        ])
    func advanced(text: String, expected: Bool) throws {
        #expect(try FreeTextExpression(text: text).matches(Self.text) == expected)
    }

    @Test(
        "with commas is a list, spaces in which are part of the term",
        arguments: [
            ("fox,climate", true), ("fox,climate model", true), ("fox,model climate", false),
            ("fox,,wolf,", false), (",climate", true), ("fox,\"quick brown\"", true), ("fox, wolf AND bear", false),
            ("fox, quick AND bear", true), ("(fox,bear) AND climate", true),
        ])
    func list(text: String, expected: Bool) throws {
        #expect(try FreeTextExpression(text: text).matches(Self.text) == expected)
    }

    @Test("as a list of terms takes each as a phrase")
    func terms() throws {
        #expect(try FreeTextExpression(terms: ["fox", "climate model"]).matches(Self.text))
        #expect(try !FreeTextExpression(terms: ["fox", "climate bear"]).matches(Self.text))
        // Nothing in a term is an operator.
        #expect(try !FreeTextExpression(terms: ["fox OR climate"]).matches(Self.text))
        #expect(throws: FreeTextError.self) { try FreeTextExpression(terms: []) }
        #expect(throws: FreeTextError.self) { try FreeTextExpression(terms: ["a", "!"]) }
    }

    @Test("in scripts without spaces finds parts of a text")
    func withoutSpaces() throws {
        let text = Self.document("東京都の洪水地図")
        for (term, expected) in [("洪水", true), ("都の洪", true), ("水洪", false), ("東京 大阪", true)] {
            #expect(try FreeTextExpression(text: term).matches(text) == expected)
        }
    }

    @Test(
        "that is invalid is rejected with the position and the expectation",
        arguments: [
            ("", 0, "a term", "the end"), ("  ", 2, "a term", "the end"),
            ("a \"b", 2, "a '\"' that ends the phrase", "the end"),
            ("(a OR b", 7, "')' for the '(' at character 0", "the end"), ("a)", 1, "a term or the end", "')'"),
            ("a AND", 5, "a term", "the end"), ("AND a", 0, "a term", "'AND'"), ("a OR OR b", 5, "a term", "'OR'"),
            ("()", 1, "a term", "')'"), ("--a", 1, "a term", "'-'"),
            ("a & b", 2, "a term with a letter or a digit", "'&'"),
            ("a \"\"", 2, "a term with a letter or a digit", "'\"\"'"),
            ("é (b", 4, "')' for the '(' at character 2", "the end"),
            (",", 0, "a term", "','"),
        ])
    func faults(text: String, offset: Int, expected: String, found: String) throws {
        let error = try #require(throws: FreeTextError.self) { try FreeTextExpression(text: text) }
        #expect(error.offset == offset)
        #expect(error.expected == expected)
        #expect(error.found == found)
    }

    @Test("is limited in depth and in terms")
    func limits() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "(", count: depth) + "a" + String(repeating: ")", count: depth)
        }
        #expect(try FreeTextExpression(text: nested(32)).matches(Self.document("a")))
        #expect(throws: FreeTextError.self) { try FreeTextExpression(text: nested(33)) }
        #expect(throws: FreeTextError.self) { try FreeTextExpression(text: nested(100_000)) }
        let many = Array(repeating: "a", count: 256)
        #expect(try FreeTextExpression(text: many.joined(separator: " ")).matches(Self.document("a")))
        #expect(throws: FreeTextError.self) { try FreeTextExpression(text: (many + ["a"]).joined(separator: ",")) }
    }
}
