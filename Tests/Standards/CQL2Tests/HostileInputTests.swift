import CQL2
import Foundation
import JSON
import Testing

@Suite("Hostile filters") struct HostileInputTests {
    private static func nested(_ opening: String, _ inner: String, _ closing: String, _ count: Int) -> String {
        String(repeating: opening, count: count) + inner + String(repeating: closing, count: count)
    }

    @Test(
        "nested too deep are rejected",
        arguments: [
            nested("(", "a", ")", 100_000), nested("(", "", "", 100_000), nested("NOT (", "a", ")", 1_000),
            nested("f(", "a", ")", 1_000), nested("casei(", "a", ")", 1_000) + " = 'a'",
            nested("-(", "a", ")", 1_000) + " = 1", "a = " + nested("1 + (", "1", ")", 1_000),
            "a = 1" + String(repeating: " + 1", count: 10_000), "A_EQUALS(a, " + nested("(1,", "2", ")", 1_000) + ")",
            "S_EQUALS(a, " + nested("GEOMETRYCOLLECTION(", "POINT(1 2)", ")", 1_000) + ")",
            "S_EQUALS(a, POINT" + nested("(", "1 2", ")", 100_000) + ")",
        ])
    func tooDeep(text: String) throws {
        let error = try #require(throws: CQL2Error.self) { try Expression(text: text) }
        #expect(error.reason == .tooDeep(limit: Expression.depthLimit))
    }

    @Test("nested too deep in JSON are rejected", arguments: ["not", "f"])
    func tooDeepJSON(operation: String) throws {
        var json: JSONValue = ["property": "a"]
        for _ in 0..<500 { json = ["op": .string(operation), "args": [json]] }
        let error = try #require(throws: CQL2Error.self) { try Expression(json: json) }
        #expect(error.reason == .tooDeep(limit: Expression.depthLimit))
        let inText = try #require(throws: CQL2Error.self) { try Expression(jsonText: json.jsonText) }
        #expect(inText.reason == .notJSON(JSONError(.tooDeep(limit: 256), at: inText.jsonOffset)))
    }

    @Test(
        "as deep as can be need little stack, and turn into JSON and back",
        arguments: [
            nested("NOT (", "a", ")", 127), nested("f(", "a", ")", 127), nested("(", "a", ")", 255),
            "a = 1" + String(repeating: " + 1", count: 125), nested("a AND NOT b = 1 + 2 * f(", "a", ")", 21),
        ])
    func deepest(text: String) throws {
        try onSmallStack {
            let expression = try Expression(text: text)
            let json = expression.json.jsonText
            guard try Expression(jsonText: json) == expression, try Expression(text: expression.text) == expression
            else {
                return "\(text) changed"
            }
            _ = try? expression.evaluate(["a": CQL2Value.bool(true)])
            return nil
        }
    }

    @Test(
        "as deep as JSON can be have a text that is read, too",
        arguments: ["not", "=", "+", "between", "casei", "f", "in"])
    func deepestJSON(operation: String) throws {
        let inner: JSONValue = operation == "casei" ? "a" : operation == "not" || operation == "between" ? true : 1
        var json = inner
        for _ in 0..<(operation == "in" ? 84 : 126) {
            let arguments: [JSONValue] =
                switch operation {
                case "not", "f", "casei": [json]
                case "between": [inner, inner, json]
                case "in": [inner, [json]]
                default: [inner, json]
                }
            json = ["op": .string(operation), "args": .array(arguments)]
        }
        json = ["op": "isNull", "args": [json]]
        try onSmallStack { [json] in
            let expression = try Expression(jsonText: json.jsonText)
            return try Expression(text: expression.text) == expression && expression.json == json ? nil : "changed"
        }
    }

    @Test("that are long are read in one pass")
    func long() throws {
        let list = (0..<100_000).map(String.init).joined(separator: ",")
        guard case .in(_, let values) = try Expression(text: "a IN (\(list))") else {
            Issue.record("not an IN")
            return
        }
        #expect(values.count == 100_000)
        let chain = try Expression(text: "a" + String(repeating: " OR a", count: 100_000))
        #expect(try chain.evaluate(["a": CQL2Value.bool(false)]) == false)
        #expect(throws: CQL2Error.self) { try Expression(text: String(repeating: "(a) ", count: 100_000)) }
        #expect(throws: CQL2Error.self) { try Expression(text: "'" + String(repeating: "x", count: 1_000_000)) }
    }

    @Test(
        "made of odd bits are rejected",
        arguments: [
            ")", "(", ",", "()", "= 1", "a =", "NOT", "AND", "a AND", "a IN", "a IN (", "a IN (1", "a LIKE",
            "a BETWEEN",
            "a BETWEEN 1", "a IS", "POINT Z", "POINT(", "POINT EMPTY", "BBOX()", "DATE()", "DATE('')",
            "TIMESTAMP(1)", "INTERVAL()", "INTERVAL('..')", "S_WITHIN()", "casei() = 'a'", "casei(1) = 'a'", "\"", "'",
            "\u{0}", "a\u{0}b", "--", "a = --1", "a = 1.2.3", "a = 1e", "a = 'x' 'y'", "a;b", "a = 1; DROP TABLE items",
            "a AND (b, c)", "(a, b)", "f(,)", "f(a,)", "A_EQUALS(a, (1,,2))", "in(a)", "in(a, 1)", "div(1)",
            "a = 1 IS NULL",
            "S_WITHIN(a, POLYGON((0 0,1 1)))", "S_WITHIN(a, BBOX(1, 2, 3, north))",
        ])
    func odd(text: String) {
        #expect(throws: CQL2Error.self) { try Expression(text: text) }
    }

    /// Half a megabyte, which is what threads other than the main one get on macOS; frames of debug builds are four
    /// times as large.
    private func onSmallStack(_ body: @escaping @Sendable () throws -> String?) throws {
        let outcome = Outcome()
        let thread = Thread {
            do { outcome.fault = try body() } catch { outcome.fault = "\(error)" }
            outcome.done.signal()
        }
        #if DEBUG
            thread.stackSize = 2048 << 10
        #else
            thread.stackSize = 512 << 10
        #endif
        thread.start()
        outcome.done.wait()
        #expect(outcome.fault == nil)
    }

    /// Written before, and read after the semaphore.
    private final class Outcome: @unchecked Sendable {
        var fault: String?
        let done = DispatchSemaphore(value: 0)
    }
}

extension CQL2Error {
    fileprivate var jsonOffset: Int {
        if case .notJSON(let error) = reason { error.offset } else { -1 }
    }
}
