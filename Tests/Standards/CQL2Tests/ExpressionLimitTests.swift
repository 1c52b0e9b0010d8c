import CQL2
import Geo
import Testing

@Suite("Limits of filters") struct ExpressionLimitTests {
    private static func repeated(_ text: String, _ count: Int, _ separator: String) -> String {
        Array(repeating: text, count: count).joined(separator: separator)
    }

    @Test(
        "are beyond what is asked for",
        arguments: [
            "a IN (\(repeated("1", 65_000, ",")))", repeated("a LIKE '%b%'", 1_024, " OR "),
            repeated("a", 32, ".") + " = 1", repeated("a", 1_024, "") + " = 1",
            "a LIKE '\(repeated("a", 4_096, ""))'", "a IN (\((0..<255).map { "b\($0)" }.joined(separator: ",")))",
            "A_CONTAINS(a, (\(repeated("'x'", 65_000, ","))))", "NOT (\(repeated("a = 1", 1_000, " AND ")))",
        ])
    func within(text: String) throws {
        try Expression(text: text).check(ExpressionLimits())
    }

    @Test(
        "are told with their number",
        arguments: [
            ("a IN (\(repeated("1", 65_536, ",")))", "values", 65_537, 65_536),
            (repeated("a LIKE '%b%'", 1_025, " OR "), "conditions", 1_025, 1_024),
            ("(\(repeated("a", 70_000, " OR "))) IS NULL", "conditions", 70_001, 1_024),
            (repeated("a", 33, ".") + " = 1", "names joined by dots in a property's name", 33, 32),
            (repeated("a.b", 100_000, ".") + " = 1", "bytes in the name of a property", 399_999, 1_024),
            (repeated("ä", 513, "") + " = 1", "bytes in the name of a property", 1_026, 1_024),
            ("a LIKE '\(repeated("%a", 5_000, ""))'", "bytes in a pattern of LIKE", 10_000, 4_096),
            ("a LIKE CASEI('\(repeated("a", 5_000, ""))')", "bytes in a pattern of LIKE", 5_000, 4_096),
            (
                "a IN (\((0..<2_000).map { "b\($0)" }.joined(separator: ",")))", "different properties", 2_001, 256
            ),
            (
                "S_INTERSECTS(geometry, MULTIPOINT(\(repeated("1 2", 30_000, ","))))", "positions in geometries",
                30_000,
                20_000
            ),
        ])
    func beyond(text: String, what: String, count: Int, limit: Int) throws {
        let expression = try Expression(text: text)
        let error = try #require(throws: CQL2Error.self) { try expression.check(ExpressionLimits()) }
        #expect(error.reason == .tooMuch(what, count: count, limit: limit))
        #expect("\(error)" == "\(count) \(what), the limit is \(limit)")
    }

    @Test("hold for geometries that cross themselves, wherever they are")
    func crossings() throws {
        let zigzag = (0..<401).map { "\($0.isMultiple(of: 2) ? 0 : 10) \(Double($0 * $0 * 17 % 401) / 10)" }
        let line = "LINESTRING(\(zigzag.joined(separator: ", ")))"
        for text in ["S_CROSSES(geometry, \(line))", "b = 1 OR NOT S_WITHIN(\(line), geometry)"] {
            let expression = try Expression(text: text)
            let error = try #require(throws: CQL2Error.self) { try expression.check(ExpressionLimits()) }
            #expect("\(error)".contains("cross each other more than 10000 times"))
        }
    }

    @Test("find the unknown among many functions in one pass")
    func functions() throws {
        let text = (0..<30_000).map { "f\($0)()" }.joined(separator: " OR ")
        #expect(try Expression(text: text).unknownFunctions().count == 30_000)
    }
}
