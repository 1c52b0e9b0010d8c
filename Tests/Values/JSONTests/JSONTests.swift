import JSON
import TestKit
import Testing

@Suite("JSON") struct JSONTests {
    @Test(
        "comes out as it went in",
        arguments: [
            "null", "true", "[]", "{}", "\"\"", "[1,2.50,-0,1e5,1E+05,123456789012345678901234567890]",
            "{\"b\":1,\"a\":{\"c\":[{},[]]}}", "\"é😀\"", "[[[]],{\"\":null}]",
        ])
    func roundTrip(text: String) throws {
        #expect(try JSONValue(parsing: text).jsonText == text)
    }

    @Test(
        "reports the fault and its location",
        arguments: [
            ("", 0), ("  ", 2), ("{", 1), ("[1,]", 3), ("{\"a\" 1}", 5), ("{a:1}", 1), ("01", 0), ("1.", 0), ("-", 0),
            ("nul", 3), ("nulL", 3), ("\"a", 2), ("\"\\x\"", 1), ("\"\\u12g4\"", 1), ("1 2", 2), ("[1}", 2),
            ("\"\u{1}\"", 1), ("{\"a\":1,\"a\":2}", 7), ("\"abcdefghi\u{2}\"", 10),
        ])
    func rejects(text: String, offset: Int) throws {
        let error = try #require(throws: JSONError.self) { try JSONValue(parsing: text) }
        #expect(error.offset == offset, "\(error)")
    }

    @Test(
        "rejects bytes that are not UTF-8",
        arguments: [
            [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xe2, 0x82], [0x80], [0xf0, 0x80, 0x80, 0x80],
        ])
    func rejectsInvalidUTF8(bytes: [Int]) throws {
        let text = [UInt8(ascii: "\"")] + bytes.map(UInt8.init) + [UInt8(ascii: "\"")]
        #expect(throws: JSONError(.invalidUTF8, at: 1)) { try JSONValue(parsing: text) }
    }

    @Test("rejects a nest of ten thousand brackets")
    func rejectsDepth() {
        #expect(throws: JSONError(.tooDeep(limit: 256), at: 256)) {
            try JSONValue(parsing: String(repeating: "[", count: 10_000))
        }
    }

    @Test(
        "resolves escapes",
        arguments: [("\\u00e9\\n\\\"\\/", "é\n\"/"), ("\\ud83d\\ude00", "😀"), ("\\uD83D\\uDE00x", "😀x")])
    func escapes(escaped: String, text: String) throws {
        #expect(try JSONValue(parsing: "\"\(escaped)\"").string == text)
    }

    @Test("reads the double nearest to the text")
    func doubles() throws {
        var generator = SeededGenerator()
        for _ in 0..<20_000 {
            let value = Double(bitPattern: UInt64.random(in: 0...UInt64.max, using: &generator))
            guard value.isFinite else { continue }
            let small = Double.random(in: -1000...1000, using: &generator)
            for candidate in [value, small, (small * 1e6).rounded() / 1e6] {
                #expect(try JSONValue(parsing: "\(candidate)").double == candidate, "\(generator)")
            }
        }
    }

    @Test("elements give names, kinds and raw bytes")
    func elements() throws {
        let text = Array("{ \"a\" : [1, 2], \"b\\u0041\": \"x\" }".utf8)
        try JSONReader().read(text) { root in
            #expect(root.kind == .object)
            #expect(root["a"]?.elements.map { $0.int } == [1, 2])
            #expect(root["bA"]?.string == "x")
            #expect(root.member("c") == nil)
            var minified: [UInt8] = []
            root.writeMinified(to: &minified)
            #expect(String(decoding: minified, as: UTF8.self) == "{\"a\":[1,2],\"b\\u0041\":\"x\"}")
        }
    }

    @Test("objects keep order and find members, small or large", arguments: [3, 100])
    func objects(count: Int) throws {
        var object = JSONObject()
        for index in 0..<count { object["k\(index)"] = .init(index) }
        object["k1"] = nil
        object["k0"] = "new"
        #expect(object.names == (0..<count).filter { $0 != 1 }.map { "k\($0)" })
        #expect(object["k0"] == "new")
        #expect(object["k1"] == nil)
        #expect(object["k\(count - 1)"]?.int == count - 1)
    }

    @Test("pretty text reads back equal")
    func pretty() throws {
        let value: JSONValue = ["a": [1, 2, ["b": nil]], "c": [], "d": [:]]
        #expect(try JSONValue(parsing: value.serialized(pretty: true)) == value)
    }
}
