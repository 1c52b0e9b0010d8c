import CQL2
import JSON
import Testing

@Suite("Examples of the standard", .enabled(if: SharedData.isPresent, SharedData.isMissing))
struct ExampleTests {
    /// Pairs of text and JSON that the standard calls the same filter and that differ as written.
    static let unequalPairs: [String: String] = [
        "example55": "the text has a fraction of zeros in a timestamp, the JSON none; example55-alt01 has none either"
    ]

    @Test("in text read, print and read again", arguments: SharedData.names(in: "ogc-examples/text"))
    func text(name: String) throws {
        let expression = try Expression(text: SharedData.text("ogc-examples/text/\(name)"))
        #expect(try Expression(text: expression.text) == expression, "\(expression.text)")
        #expect(try Expression(json: expression.json) == expression, "\(expression.json.jsonText)")
    }

    @Test("in JSON read, write and read again", arguments: SharedData.names(in: "ogc-examples/json"))
    func json(name: String) throws {
        let json = try SharedData.json("ogc-examples/json/\(name)")
        let expression = try Expression(json: json)
        #expect(try Expression(json: expression.json) == expression, "\(expression.json.jsonText)")
        #expect(try Expression(text: expression.text) == expression, "\(expression.text)")
    }

    @Test("are the same in text and JSON", arguments: SharedData.names(in: "ogc-examples/text"))
    func sameTrees(name: String) throws {
        let stem = String(name.dropLast(4))
        let jsonName = String(stem.prefix { $0 != "-" }) + ".json"
        guard SharedData.names(in: "ogc-examples/json").contains(jsonName) else { return }
        let fromText = try Expression(text: SharedData.text("ogc-examples/text/\(name)"))
        let fromJSON = try Expression(json: SharedData.json("ogc-examples/json/\(jsonName)"))
        if let reason = Self.unequalPairs[stem] {
            #expect(fromText != fromJSON, "no longer so: \(reason)")
        } else {
            #expect(fromText == fromJSON)
        }
    }
}
