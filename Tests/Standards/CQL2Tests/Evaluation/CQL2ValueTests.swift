import CQL2
import Geo
import JSON
import Temporal
import Testing

@Suite("Values") struct CQL2ValueTests {
    static let instant = Timestamp("2020-03-28T00:00:00Z")!

    @Test(
        "compare, each way",
        arguments: [
            (.number(1), .number(2), .less), (.number(2), .number(2), .equal), (.number(.nan), .number(1), nil),
            (.bool(false), .bool(true), .less), (.bool(false), .number(0), nil), (.string("1"), .number(1), nil),
            (.null, .null, nil), (.null, .number(1), nil), (.string("Z"), .string("a"), .less),
            (.string("z"), .string("ø"), .less), (.string("\u{FF5E}"), .string("😀"), .less),
            (.string("é"), .string("e\u{301}"), .greater),
            (.string(""), .string("a"), .less), (.string("ab"), .string("abc"), .less),
            (.string("2020-03-28T02:00:00+02"), .timestamp(instant), .equal),
            (.string("2020-03-28"), .timestamp(instant), .equal),
            (.string("2020-03-28"), .date(instant), .equal), (.date(instant), .timestamp(instant), .equal),
            (.string("2020-03-28T02:00:00+02"), .string("2020-03-28T00:00:00Z"), .equal),
            (.string("2020-03-28"), .string("2020-03-28T00:00:01Z"), .less),
            (.string("yesterday"), .timestamp(instant), nil),
            (.string("2020-03-28T00:00:00Z"), .string("yesterday"), .less),
            (.string("2020-02-30"), .date(instant), nil),
            (.string("2020-02-30"), .string("2020-02-29T00:00:00Z"), .greater),
            (.array([]), .array([]), nil), (.object, .object, nil),
            (.interval(start: nil, end: nil), .timestamp(instant), nil),
        ] as [(CQL2Value, CQL2Value, Comparison?)])
    func compare(left: CQL2Value, right: CQL2Value, expected: Comparison?) {
        #expect(left.compared(to: right) == expected)
        let mirrored: Comparison? = expected.map { $0 == .less ? .greater : $0 == .greater ? .less : .equal }
        #expect(right.compared(to: left) == mirrored)
    }

    @Test(
        "come from JSON, parsed or not",
        arguments: [
            ("null", .null), ("true", .bool(true)), ("1.5", .number(1.5)),
            ("\"2020-01-01T00:00:00Z\"", .string("2020-01-01T00:00:00Z")),
            ("[1,[\"a\"],null]", .array([.number(1), .array([.string("a")]), .null])), ("{}", .object),
            ("{\"type\":\"Point\"}", .object), ("{\"type\":\"Point\",\"coordinates\":[1,\"2\"]}", .object),
            ("{\"type\":\"Point\",\"coordinates\":[1,2]}", .geometry(.point(Position(1, 2)))),
            ("{\"type\":\"GeometryCollection\",\"geometries\":[]}", .geometry(.geometryCollection([]))),
        ] as [(String, CQL2Value)])
    func fromJSON(text: String, expected: CQL2Value) throws {
        #expect(CQL2Value(try JSONValue(parsing: text)) == expected)
        #expect(try JSONReader().read(Array(text.utf8)) { CQL2Value($0) } == expected)
    }
}
