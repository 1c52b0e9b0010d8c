import CQL2
import Geo
import JSON
import Temporal
import Testing

@Suite("Evaluation") struct EvaluationTests {
    static let item: [String: CQL2Value] = {
        let json: JSONValue = [
            "n": 5, "half": 0.5, "zero": 0, "t": "Straße", "u": "Chișinău", "yes": true, "no": false, "nil": nil,
            "tags": ["a", "b", "b"], "numbers": [1, 2, 3], "nested": [[1, 2], [3]], "o": ["x": 1],
            "datetime": "2020-03-28T18:05:46Z", "day": "2020-03-28", "start": "2020-01-01T00:00:00Z",
            "end": "2020-12-31T23:59:59Z", "g": ["type": "Point", "coordinates": [11, 48]], "dots": "..",
            "edge": ["type": "Polygon", "coordinates": [[[179, -1], [181, -1], [181, 1], [179, 1], [179, -1]]]],
        ]
        return Dictionary(uniqueKeysWithValues: (json.object ?? [:]).members.map { ($0.name, CQL2Value($0.value)) })
    }()

    static func evaluate(_ text: String) throws -> Bool? {
        try Expression(text: text).evaluate(item)
    }

    @Test(
        "finds true",
        arguments: [
            "n = 5.0", "n <> 4", "n >= 5", "half < n", "n BETWEEN 5 AND 6", "n NOT BETWEEN 6 AND 7", "n IN (1, 5)",
            "n NOT IN (1, 2)", "NOT n IN ()", "yes", "NOT no", "yes = TRUE", "no < yes", "nil IS NULL",
            "absent IS NULL",
            "n IS NOT NULL", "(nil = 1) IS NULL", "nil = 1 OR yes", "NOT (nil = 1 AND no)", "(n = 5) = yes",
            "n + 2 * 3 = 11", "n - 2 - 1 = 2", "7 div 2 = 3", "-7 div 2 = -3", "7 % 4 = 3", "-7 % 4 = -3", "2 ^ n = 32",
            "n / 2 = 2.5", "-n = -5", "n / zero IS NULL", "n % zero IS NULL", "1e308 * 10 IS NULL", "(t + 1) IS NULL",
            "casei(t) = casei('STRASSE')", "CASEI(t) = CASEI('STRAẞE')", "CASEI('ΟΔΟΣ') = CASEI('οδος')",
            "ACCENTI(u) = ACCENTI('Chisinau')", "ACCENTI('e\u{301}') = ACCENTI('é')", "'é' <> 'e\u{301}'",
            "ACCENTI('København') <> ACCENTI('Kobenhavn')", "CASEI(n) IS NULL", "ACCENTI(nil) IS NULL",
            "t LIKE 'Stra%'", "t LIKE 'Stra_e'", "t NOT LIKE 'stra%'", "CASEI(t) LIKE CASEI('STRASS_')",
            "'50%' LIKE '50\\%'",
            "A_CONTAINS(tags, ('a'))", "A_CONTAINS(tags, ())", "A_EQUALS(tags, ('b', 'a'))",
            "A_CONTAINEDBY(numbers, (3, 2, 1, 0))", "A_OVERLAPS(numbers, (9, 3))", "NOT A_OVERLAPS(numbers, ())",
            "A_CONTAINS(nested, ((2, 1),))", "NOT A_EQUALS(numbers, ('1', '2', '3'))",
            "S_INTERSECTS(g, BBOX(10, 47, 12, 49))", "S_WITHIN(g, POLYGON((10 47, 12 47, 12 49, 10 49, 10 47)))",
            "S_INTERSECTS(edge, POINT(180 0))", "S_DISJOINT(edge, POINT(0 0))",
            "S_INTERSECTS(BBOX(178, -2, -178, 2), edge)",
        ])
    func holds(text: String) throws {
        #expect(try Self.evaluate(text) == true)
    }

    @Test(
        "finds false",
        arguments: [
            "n = 4", "NOT yes", "nil IS NOT NULL", "n IN ()", "nil = 1 AND no", "n BETWEEN 6 AND nil", "t LIKE 'Stra'",
            "A_EQUALS(tags, ('a'))", "S_EQUALS(g, POINT(11 49))", "t = 'strasse'",
            "T_AFTER(datetime, INTERVAL(start, end))",
        ])
    func fails(text: String) throws {
        #expect(try Self.evaluate(text) == false)
    }

    @Test(
        "leaves open what cannot be said",
        arguments: [
            "nil = 1", "nil <> 1", "NOT nil = 1", "absent = 1", "nil = nil", "n = '5'", "yes = 1", "tags = 'a'",
            "o = 1",
            "n IN (1, nil)", "n NOT IN (1, nil)", "n BETWEEN 4 AND nil", "nil AND yes", "nil OR no", "NOT nil",
            "t AND yes",
            "n LIKE '5'", "nil LIKE '%'", "A_CONTAINS(n, (1))", "A_CONTAINS(nil, (1))", "S_INTERSECTS(nil, POINT(1 2))",
            "S_INTERSECTS(o, POINT(1 2))", "T_AFTER(nil, DATE('2020-01-01'))", "T_AFTER(t, DATE('2020-01-01'))",
            "T_DURING(datetime, INTERVAL(nil, '..'))", "n / zero = 1",
            "datetime < 'x' AND datetime > TIMESTAMP('2000-01-01T00:00:00Z') AND nil",
        ])
    func isUnknown(text: String) throws {
        #expect(try Self.evaluate(text) == nil)
    }

    @Test(
        "knows time",
        arguments: [
            "datetime = '2020-03-28T20:05:46+02'", "'2020-03-28 18:05:46' = datetime", "datetime >= '2020-03-28'",
            "datetime < '2020-03-29'", "datetime = TIMESTAMP('2020-03-28T18:05:46.000Z')",
            "datetime > DATE('2020-03-28')",
            "day = DATE('2020-03-28')", "DATE('2020-03-28') < datetime", "day = '2020-03-28T00:00:00Z'",
            "day < '2020-04'",
            "datetime BETWEEN '2020-03-28T19:05:46+01:00' AND '2020-04-01T00:00:00Z'",
            "datetime IN ('x', '2020-03-28T18:05:46.0Z')", "datetime LIKE '2020-03-28T18%'", "datetime <> '2020-03'",
            "(datetime < TIMESTAMP('2020-03-28T18:05:47Z')) = TRUE", "(t < TIMESTAMP('2020-03-28T18:05:47Z')) IS NULL",
            "T_INTERSECTS(datetime, INTERVAL('2020-03-01', '..'))", "T_DURING(datetime, INTERVAL(start, end))",
            "T_EQUALS(INTERVAL(start, '..'), INTERVAL('2020-01-01', '..'))", "T_AFTER(datetime, DATE('2020-03-28'))",
            "T_INTERSECTS(datetime, '2020-01-01/..')",
            "T_INTERSECTS(INTERVAL(start, dots), INTERVAL('2024-01-01', '..'))",
            "T_MEETS(INTERVAL(start, datetime), INTERVAL(datetime, end))",
            "T_STARTS(INTERVAL(start, datetime), INTERVAL(start, end))",
            "T_STARTEDBY(INTERVAL(start, end), INTERVAL(start, datetime))",
            "T_FINISHES(INTERVAL(datetime, end), INTERVAL(start, end))",
            "T_FINISHEDBY(INTERVAL(start, end), INTERVAL(datetime, end))", "T_BEFORE(start, end)",
            "T_METBY(INTERVAL(datetime, end), INTERVAL(start, datetime))",
            "T_OVERLAPS(INTERVAL('..', datetime), INTERVAL(start, end))",
            "T_OVERLAPPEDBY(INTERVAL(start, end), INTERVAL('..', datetime))",
            "T_CONTAINS(INTERVAL(start, end), datetime)", "T_DISJOINT(start, INTERVAL(datetime, end))",
            "T_AFTER(end, start)",
        ])
    func time(text: String) throws {
        #expect(try Self.evaluate(text) == true)
    }

    @Test("rejects functions by name, and before it starts when asked")
    func functions() throws {
        let expression = try Expression(text: "avg(n) > 1 AND Buffer(g, avg(n)) IS NULL")
        #expect(expression.unknownFunctions() == ["avg", "Buffer"])
        #expect(expression.unknownFunctions(known: ["avg"]) == ["Buffer"])
        #expect(throws: CQL2Error(.unknownFunction("avg"))) { try expression.validate() }
        #expect(throws: CQL2Error(.unknownFunction("avg"))) { try expression.evaluate(Self.item) }
        #expect(throws: Never.self) { try expression.validate(functions: ["avg", "Buffer"]) }
    }

    @Test("says which properties it needs")
    func properties() throws {
        let text =
            "a = b + 1 AND T_AFTER(INTERVAL(c, '..'), d) AND CASEI(e) IN (f) AND NOT A_EQUALS((g), (h = i,)) AND j"
        #expect(try Expression(text: text).properties == Set("abcdefghij".map { String($0) }))
    }
}
