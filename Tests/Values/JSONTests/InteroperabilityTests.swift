import JSON
import TestKit
import Testing

/// Source: [RFC 7493, section 2](https://www.rfc-editor.org/rfc/rfc7493#section-2).
@Suite("I-JSON") struct InteroperabilityTests {
    @Test(
        "rejects names that occur twice in one object, with their path",
        arguments: [
            (#"{"a":1,"a":2}"#, "a", 7), (#"{"a":1,"\u0061":2}"#, "a", 7), (#"{"\u0061b":1,"ab":2}"#, "ab", 13),
            (#"{"x":{"y":[0,{"a":1,"b":2,"a":3}]}}"#, "x.y[1].a", 26), (#"{"":0,"":0}"#, "", 6),
            (#"[{"a":{"b":1,"b":2},"a":3}]"#, "[0].a.b", 13), (#"{"a":{"c":1},"b":{"c":1},"a":0}"#, "a", 25),
            (#"{"é":1,"\u00e9":2}"#, "é", 8), (#"{"\ud83d\ude00":1,"😀":2}"#, "😀", 18),
        ])
    func duplicates(text: String, path: String, offset: Int) throws {
        let error = try #require(throws: JSONError.self) { try JSONValue(parsing: text) }
        #expect(error.path == path)
        #expect(error.offset == offset)
        guard case .duplicateMember = error.reason else {
            Issue.record("\(error)")
            return
        }
    }

    @Test(
        "rejects what is no character, written in bytes or as escapes, in names and values",
        arguments: [
            (#"["\ud83d"]"#, "[0]", 2, JSONError.Reason.loneSurrogate), (#"["a\ude00"]"#, "[0]", 3, .loneSurrogate),
            (#"{"p":{"a\ud83d":1}}"#, "p.a\u{fffd}", 8, .loneSurrogate),
            (#"["\ud83d\ud83d\ude00"]"#, "[0]", 2, .loneSurrogate), (#"["\ud83dx"]"#, "[0]", 2, .loneSurrogate),
            (#"["\ud83d\n"]"#, "[0]", 2, .loneSurrogate), (#"["\uffff"]"#, "[0]", 2, .noncharacter),
            (#"["\uFDD0"]"#, "[0]", 2, .noncharacter), (#"["\ud83f\udfff"]"#, "[0]", 2, .noncharacter),
            ("[\"\u{fffe}\"]", "[0]", 2, .noncharacter),
            ("[\"a\(Unicode.Scalar(0xfdef as UInt32)!)\"]", "[0]", 3, .noncharacter),
            ("[\"\u{1fffe}\"]", "[0]", 2, .noncharacter), ("{\"a\":\"\u{10ffff}\"}", "a", 6, .noncharacter),
        ])
    func noCharacters(text: String, path: String, offset: Int, reason: JSONError.Reason) {
        #expect(throws: JSONError(reason, at: offset, path: path)) { try JSONValue(parsing: text) }
    }

    @Test(
        "accepts the neighbours of what is no character",
        arguments: ["\u{fdcf}", "\u{fdf0}", "\u{fffd}", "\u{10000}", "\u{1fffd}", "\u{10fffd}", "\u{d7ff}", "\u{e000}"])
    func characters(character: String) throws {
        #expect(try JSONValue(parsing: "[\"\(character)\"]")[0]?.string == character)
        let escaped = character.utf16.map { "\\u" + String(0x10000 + Int($0), radix: 16).dropFirst() }.joined()
        #expect(try JSONValue(parsing: "[\"\(escaped)\"]")[0]?.string == character)
    }

    @Test(
        "rejects numbers beyond doubles",
        arguments: [
            "1e400", "-1E+400", "1e309", "1.8e308", "0.1e310", "1" + String(repeating: "0", count: 309),
            "1e99999999999999999999", String(repeating: "9", count: 400) + ".5",
        ])
    func largeNumbers(number: String) {
        #expect(throws: JSONError(.numberOutOfRange, at: 9, path: "a[1]")) {
            try JSONValue(parsing: "{\"a\":[1, \(number)]}")
        }
    }

    @Test(
        "keeps numbers in the range of doubles as they are written",
        arguments: [
            "-0", "-0.0", "0e99999", "1e-400", "1.7976931348623157e308", "9007199254740993", "123456789012345678901234",
            "1.10", "3.141592653589793238462643383279", String(repeating: "9", count: 308),
            "1" + String(repeating: "0", count: 308), "0." + String(repeating: "1", count: 500),
        ])
    func otherNumbers(number: String) throws {
        #expect(try JSONValue(parsing: number).jsonText == number)
    }

    @Test("finds a name that repeats among very many, also when they are made to look alike")
    func manyNames() throws {
        // The first and the last eight bytes of all are the same.
        let alike = (0..<100_000).map { "\"12345678\($0 + 1_000_000)12345678\":0" }
        let plain = (0..<100_000).map { "\"member-\($0)\":0" }
        let nested = (0..<50_000).map { "\"a\($0)\":{\"b\":{\"c\":0}}" }
        for names in [alike, plain, nested] {
            #expect(throws: Never.self) {
                try JSONReader().read(Array("{\(names.joined(separator: ","))}".utf8)) { _ in }
            }
            let text = "{\((names + [names[77]]).joined(separator: ","))}"
            #expect(throws: JSONError.self) { try JSONReader().read(Array(text.utf8)) { _ in } }
        }
    }

    @Test("decides as a reader that keeps a set of names does", arguments: TestRounds.seeds(400))
    func sameAsSets(seed: Int) {
        var random = SeededGenerator(seed: seed)
        var isValid = true
        func object(_ depth: Int) -> String {
            let count = random.integer(0...(random.chance(10) ? 200 : 8))
            var seen: Set<String> = []
            let members = (0..<count).map { _ in
                // Few duplicates, in names that share much.
                let name = random.pick(["a", "eo:cloud_cover", "aaaaaaaab", ""]) + String(random.integer(0...3_000))
                if !seen.insert(name).inserted { isValid = false }
                let written = random.chance(20) ? "\\u00" + String(name.utf8.first ?? 0x30, radix: 16) : ""
                let value = depth < 3 && random.chance(20) ? object(depth + 1) : random.pick(["1", "[{}]", "null"])
                return "\"" + (written.isEmpty ? name : written + name.dropFirst()) + "\":" + value
            }
            return "{" + members.joined(separator: ",") + "}"
        }
        let text = object(0)
        #expect(((try? JSONValue(parsing: text)) != nil) == isValid, "\(random)")
        #expect(throws: Never.self) { try JSONValue(parsing: text, by: .rfc8259) }
    }

    @Test("what is not I-JSON can still be read by the rules of RFC 8259, and says what is wrong")
    func otherRules() throws {
        let text = Array(#"{"a":"\ud83d","b":1e400,"a":2}"#.utf8)
        let reader = JSONReader(.rfc8259)
        try reader.read(text) { root in
            #expect(root.member("a")?.string == "\u{fffd}")
            #expect(root.value().jsonText == #"{"a":"�","b":1e400}"#)
            #expect(reader.interoperabilityFault(of: root) == JSONError(.loneSurrogate, at: 6, path: "a"))
        }
        // The next text is not taken for the last one.
        try reader.read(Array("{}".utf8)) { #expect(reader.interoperabilityFault(of: $0) == nil) }
    }

    @Test("a fault of syntax comes first")
    func syntaxFirst() {
        #expect(throws: JSONError(.unexpectedEnd, at: 16)) { try JSONValue(parsing: #"{"a":1e400,"a":1"#) }
    }

    @Test("messages have position, path and reason, and are no longer than needed")
    func messages() throws {
        let error = try #require(throws: JSONError.self) { try JSONValue(parsing: #"{"p":{"a":1,"a":2}}"#) }
        #expect("\(error)" == #"invalid JSON at byte 12: p.a: member "a" occurs twice in one object"#)
        let name = String(repeating: "x", count: 100_000)
        let long = try #require(throws: JSONError.self) { try JSONValue(parsing: "{\"\(name)\":1,\"\(name)\":2}") }
        #expect("\(long)".utf8.count < 600)
    }
}
