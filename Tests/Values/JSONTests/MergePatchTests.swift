import JSON
import Testing

@Suite("JSON merge patch") struct MergePatchTests {
    /// RFC 7396, appendix A.
    static let examples = [
        (#"{"a":"b"}"#, #"{"a":"c"}"#, #"{"a":"c"}"#), (#"{"a":"b"}"#, #"{"b":"c"}"#, #"{"a":"b","b":"c"}"#),
        (#"{"a":"b"}"#, #"{"a":null}"#, #"{}"#), (#"{"a":"b","b":"c"}"#, #"{"a":null}"#, #"{"b":"c"}"#),
        (#"{"a":["b"]}"#, #"{"a":"c"}"#, #"{"a":"c"}"#), (#"{"a":"c"}"#, #"{"a":["b"]}"#, #"{"a":["b"]}"#),
        (#"{"a":{"b":"c"}}"#, #"{"a":{"b":"d","c":null}}"#, #"{"a":{"b":"d"}}"#),
        (#"{"a":[{"b":"c"}]}"#, #"{"a":[1]}"#, #"{"a":[1]}"#), (#"["a","b"]"#, #"["c","d"]"#, #"["c","d"]"#),
        (#"{"a":"b"}"#, #"["c"]"#, #"["c"]"#), (#"{"a":"foo"}"#, "null", "null"),
        (#"{"a":"foo"}"#, #""bar""#, #""bar""#),
        (#"{"e":null}"#, #"{"a":1}"#, #"{"e":null,"a":1}"#), ("[1,2]", #"{"a":"b","c":null}"#, #"{"a":"b"}"#),
        ("{}", #"{"a":{"bb":{"ccc":null}}}"#, #"{"a":{"bb":{}}}"#),
    ]

    @Test("does what the examples of the RFC say", arguments: examples)
    func example(original: String, patch: String, result: String) throws {
        let merged = try JSONValue(parsing: original).merged(with: JSONValue(parsing: patch))
        #expect(String(decoding: merged.serialized(), as: UTF8.self) == result)
    }

    @Test("removes very many members at once")
    func manyRemovals() {
        // One by one would take minutes.
        var (original, patch) = (JSONObject(), JSONObject())
        for number in 0..<100_000 { original["a\(number)"] = JSONValue(number) }
        for number in 0..<100_000 where number % 1_000 != 7 { patch["a\(number)"] = JSONValue.null }
        let merged = JSONValue.object(original).merged(with: .object(patch))
        #expect(merged.object?.names == stride(from: 7, to: 100_000, by: 1_000).map { "a\($0)" })
        #expect(merged["a7"] == 7 && merged["a8"] == nil)
    }

    @Test("preserves positions and the text of numbers")
    func order() throws {
        let original = try JSONValue(parsing: #"{"a":1.50,"b":{"x":1e2,"y":2},"c":3}"#)
        let merged = original.merged(with: try JSONValue(parsing: #"{"b":{"z":-0.0,"y":9},"a":2.0}"#))
        #expect(
            String(decoding: merged.serialized(), as: UTF8.self) == #"{"a":2.0,"b":{"x":1e2,"y":9,"z":-0.0},"c":3}"#)
    }
}
