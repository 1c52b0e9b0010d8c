import CQL2
import JSON
import TestDocuments
import Testing

/// Filters in folders `text` and `json`, where `X.txt`, `X-alt01.txt` and `X.json` are the same filter.
@Suite("Examples in text and JSON") struct ExampleTests {
    private static let texts = examples(endingIn: ".txt", in: "text")
    private static let jsons = examples(endingIn: ".json", in: "json")

    private static func examples(endingIn suffix: String, in folder: String) -> [Document] {
        let documents = (try? Document.all(in: "cql2", endingIn: suffix)) ?? []
        return documents.filter { $0.path.contains("/\(folder)/") }
    }

    /// Pairs of text and JSON that the standard calls the same filter and that differ as written.
    static let unequalPairs: [String: String] = [
        "example55": "the text has a fraction of zeros in a timestamp, the JSON none; example55-alt01 has none either"
    ]

    @Test("the standard's are there", .withSharedDocuments)
    func shared() {
        #expect(Self.texts.count { $0.folder == .shared } > 50)
        #expect(Self.jsons.count { $0.folder == .shared } > 50)
    }

    @Test("in text read, print and read again", arguments: texts)
    func text(document: Document) throws {
        let expression = try Expression(text: document.text())
        #expect(try Expression(text: expression.text) == expression, "\(expression.text)")
        #expect(try Expression(json: expression.json) == expression, "\(expression.json.jsonText)")
    }

    @Test("in JSON read, write and read again", arguments: jsons)
    func json(document: Document) throws {
        let expression = try Expression(json: document.json())
        #expect(try Expression(json: expression.json) == expression, "\(expression.json.jsonText)")
        #expect(try Expression(text: expression.text) == expression, "\(expression.text)")
    }

    @Test("are the same in text and JSON", arguments: texts)
    func sameTrees(document: Document) throws {
        let stem = String(try #require(document.path.split(separator: "/").last).dropLast(4))
        let path = document.path.replacing("/text/", with: "/json/").replacing(#/(-alt\d+)?\.txt$/#, with: ".json")
        guard let json = Self.jsons.first(where: { $0.folder == document.folder && $0.path == path }) else { return }
        let fromText = try Expression(text: document.text())
        let fromJSON = try Expression(json: json.json())
        if let reason = Self.unequalPairs[stem] {
            #expect(fromText != fromJSON, "no longer so: \(reason)")
        } else {
            #expect(fromText == fromJSON)
        }
    }
}
