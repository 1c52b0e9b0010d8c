import CQL2
import Testing

@Suite("CQL2 text") struct TextParserTests {
    @Test(
        "is read, and printed one way",
        arguments: [
            ("eo:cloud_cover<10", "eo:cloud_cover < 10"),
            ("a=1 and b=2 or c=3", "a = 1 AND b = 2 OR c = 3"),
            ("a=1 and (b=2 or c=3)", "a = 1 AND (b = 2 OR c = 3)"),
            ("(a=1 and b=2) and c=3", "(a = 1 AND b = 2) AND c = 3"),
            ("((a))", "a"), ("TRUE", "TRUE"), ("not a", "NOT a"), ("NOT (a AND b)", "NOT (a AND b)"),
            ("not a = 1 and b", "NOT (a = 1) AND b"),
            ("a NOT LIKE 'x%' AND NOT b IS NULL", "a NOT LIKE 'x%' AND b IS NOT NULL"),
            ("a not in (1, 'b', true)", "a NOT IN (1, 'b', TRUE)"),
            ("a NOT BETWEEN 1 AND 2 AND b", "a NOT BETWEEN 1 AND 2 AND b"),
            ("a + b * c - d > (1 + 2) * 3", "(a + (b * c)) - d > (1 + 2) * 3"),
            ("a = -b", "a = -1 * b"), ("a = - 5", "a = -5"), ("a = -5 ^ 2", "a = -5 ^ 2"), ("a - -1 = 2", "a - -1 = 2"),
            ("a-1 = 2", "a - 1 = 2"), ("7 DIV 2 = 3", "7 div 2 = 3"),
            ("a = .5", "a = 0.5"), ("a = 5.", "a = 5"), ("a = 007.10", "a = 7.10"), ("a = 1E-3", "a = 1E-3"),
            ("a = +1e5", "a = 1e5"),
            ("\"a b\" = 'it''s'", "\"a b\" = 'it''s'"), ("a = 'it\\'s'", "a = 'it''s'"), ("\"and\" = 1", "\"and\" = 1"),
            ("\"say \"\"hi\"\"\" = 1", "\"say \"\"hi\"\"\" = 1"),
            ("a = 'tab\\tnewline\\n'", "a = 'tab\\tnewline\\n'"), ("a = '\\\\'", "a = '\\\\'"),
            ("a LIKE '50\\%\\_'", "a LIKE '50\\%\\_'"),
            ("größe.Ωmega = 1", "größe.Ωmega = 1"), ("date = DATE('2024-05-01')", "\"date\" = DATE('2024-05-01')"),
            (
                "T_during(INTERVAL(a, '..'), interval('2020-01-01', \"b c\"))",
                "T_DURING(INTERVAL(a, '..'), INTERVAL('2020-01-01', \"b c\"))"
            ),
            ("A_contains(t, ('a'))", "A_CONTAINS(t, ('a'))"), ("A_CONTAINS(t, (b))", "A_CONTAINS(t, (b))"),
            ("A_EQUALS(t, ())", "A_EQUALS(t, ())"), ("A_EQUALS(t, ((1, 2), ('a')))", "A_EQUALS(t, ((1, 2), ('a')))"),
            ("A_EQUALS(t, ((1,), 2))", "A_EQUALS(t, ((1,), 2))"), ("f(('a'), (1), (1,))", "f(('a'), 1, (1,))"),
            ("casei(a) = CaseI('B')", "CASEI(a) = CASEI('B')"), ("f() = g(a, b = 1)", "f() = g(a, (b = 1))"),
            ("like(a, 'b%') AND in(a, ('b'))", "a LIKE 'b%' AND a IN ('b')"),
            ("S_INTERSECTS(g, BBOX(160.6,-55.95,-170,-25.89))", "S_INTERSECTS(g, BBOX(160.6, -55.95, -170, -25.89))"),
            ("point = 1 AND z", "\"point\" = 1 AND z"),
            ("(a = 1) = TRUE", "(a = 1) = TRUE"), ("(a OR b) IS NULL", "(a OR b) IS NULL"),
        ])
    func canonical(text: String, printed: String) throws {
        let expression = try Expression(text: text)
        #expect(expression.text == printed)
        #expect(try Expression(text: printed) == expression)
        #expect(try Expression(json: expression.json) == expression)
    }

    @Test(
        "reports the fault and its location",
        arguments: [
            ("", "at character 0: expected a value, found the end"),
            ("eo:cloud_cover <", "at character 16: expected a value, found the end"),
            ("S_INTERSECTS(a,)", "at character 15: expected a value, found ')'"),
            ("a = 1 b", "at character 6: expected AND, OR or the end, found 'b'"),
            ("a = b = c", "at character 6: expected AND, OR or the end, found '='"),
            ("a = 'x", "at character 6: expected a quote that closes the string, found the end"),
            ("\"a = 1", "at character 6: expected '\"' that closes the name, found the end"),
            ("a = \"\"", "at character 4: expected a name between the quotes, found none"),
            ("a AND 'b'", "at character 6: expected a condition, found a string"),
            ("5", "at character 0: expected a condition, found a value"),
            ("(a = 1", "at character 6: expected ',' or ')', found the end"),
            ("a NOT 1", "at character 6: expected LIKE, BETWEEN or IN, found '1'"),
            ("a IS 1", "at character 5: expected NULL, found '1'"),
            ("a = NULL", "at character 4: expected a value, found 'NULL'"),
            ("a BETWEEN 1 OR 2", "at character 12: expected AND and the upper bound, found 'OR'"),
            ("a IN 1", "at character 5: expected '(' and a list, found '1'"),
            ("a LIKE b", "at character 7: expected a pattern in quotes, found property 'b'"),
            ("'a' + 1 = 2", "at character 0: expected a number or property, found a string"),
            ("2 ^ 3 ^ 4 = 1", "at character 6: expected parentheses around one of two powers, found '^'"),
            (
                "a = DATE('2024-13-01')",
                "at character 9: expected a date in quotes, such as '2024-05-01', found '2024-13-01'"
            ),
            (
                "T_AFTER(a, INTERVAL(1, 2))",
                "at character 20: expected a date, a timestamp, '..' or a property, found '1'"
            ),
            ("S_WITHIN(a, 5)", "at character 12: expected a geometry or property, found 5"),
            ("S_WITHIN(a)", "at character 0: expected two arguments, found 1"),
            ("S_WITHIN(a, POINT(1 2)", "at character 22: expected ',' or ')', found the end"),
            ("S_WITHIN(a, POINT(1 2", "at character 21: expected ')' that closes the geometry, found the end"),
            ("A_EQUALS(a, 'b')", "at character 12: expected an array or property, found a string"),
            ("a = #", "at character 4: expected a value or an operator, found '#'"),
            ("a = \u{1}", "at character 4: expected a value or an operator, found 'U+1'"),
            ("a != 1", "at character 2: expected a value or an operator, found '!'"),
            ("😀 > 1 AND é >", "at character 13: expected a value, found the end"),
        ])
    func rejects(text: String, message: String) throws {
        let error = try #require(throws: CQL2Error.self) { try Expression(text: text) }
        #expect("\(error)" == message)
    }

    @Test(
        "keeps a geometry's fault at the geometry", arguments: ["S_WITHIN(a, POINT(1))", "S_WITHIN(a, BBOX(1, 2, 3))"])
    func geometryFault(text: String) throws {
        let error = try #require(throws: CQL2Error.self) { try Expression(text: text) }
        #expect(error.offset == 12)
        guard case .invalidGeometry = error.reason else {
            Issue.record("\(error)")
            return
        }
    }
}
