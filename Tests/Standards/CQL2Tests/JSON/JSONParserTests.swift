import CQL2
import JSON
import Testing

@Suite("CQL2 JSON") struct JSONParserTests {
    @Test(
        "is read, also as older clients write it",
        arguments: [
            (#"{"op":"=","args":[{"property":"a"},1.50]}"#, "a = 1.50"), ("true", "TRUE"),
            (#"{"op":"AND","args":[{"property":"a"},{"op":"ISNULL","args":{"property":"b"}}]}"#, "a AND b IS NULL"),
            (#"{"op":"and","args":[{"property":"a"}]}"#, "a"),
            (
                #"{"op":"S_Intersects","args":[{"property":"g"},{"type":"Point","coordinates":[1,2]}]}"#,
                "S_INTERSECTS(g, POINT (1 2))"
            ),
            (#"{"op":"=","args":[{"casei":{"property":"a"}},{"accenti":"b"}]}"#, "CASEI(a) = ACCENTI('b')"),
            (#"{"op":"=","args":[{"op":"casei","args":{"property":"a"}},"b"]}"#, "CASEI(a) = 'b'"),
            (#"{"op":"<","args":[{"function":{"name":"avg","args":[{"property":"a"}]}},4]}"#, "avg(a) < 4"),
            (#"{"op":"between","args":[{"property":"a"},[1,2]]}"#, "a BETWEEN 1 AND 2"),
            (
                #"{"op":"t_after","args":[{"property":"a"},{"interval":["2020-01-01",null]}]}"#,
                "T_AFTER(a, INTERVAL('2020-01-01', '..'))"
            ),
            (
                #"{"op":"t_after","args":[{"property":"a"},"2020-01-01T00:00:00Z"]}"#,
                "T_AFTER(a, '2020-01-01T00:00:00Z')"
            ),
            (#"{"op":"in","args":[{"property":"a"},[]]}"#, "a IN ()"),
            (#"{"op":"my-function","args":[]}"#, "\"my-function\"()"),
            (
                #"{"op":"=","args":[{"property":"a"},{"timestamp":"2020-01-01T00:00:00+02"}]}"#,
                "a = TIMESTAMP('2020-01-01T00:00:00+02')"
            ),
        ])
    func reads(json: String, text: String) throws {
        let expression = try Expression(jsonText: json)
        #expect(expression.text == text)
        #expect(try Expression(text: text) == expression)
        #expect(try Expression(jsonText: expression.json.jsonText) == expression)
    }

    @Test(
        "is written as it was read",
        arguments: [
            #"{"op":"and","args":[{"op":"=","args":[{"property":"a"},1.0]},{"op":"not","args":[{"property":"b"}]}]}"#,
            #"{"op":"t_overlappedBy","args":[{"interval":["..","2020-01-01"]},{"interval":[{"property":"a"},".."]}]}"#,
            #"{"op":"a_containedBy","args":[{"property":"a"},["x",1,true,{"date":"2020-01-01"},[]]]}"#,
            #"{"op":"s_within","args":[{"property":"g"},{"bbox":[-10.0,-5,1e1,5]}]}"#,
        ])
    func writes(json: String) throws {
        #expect(try Expression(jsonText: json).json.jsonText == json)
    }

    @Test(
        "reports the fault and its location",
        arguments: [
            ("1", "at the top: expected a condition, found 1"),
            ("{", "invalid JSON at byte 1: the text ends inside a value"),
            (
                "{}",
                "at the top: expected an object with \"op\", \"property\", a geometry or a temporal literal, found an object"
            ),
            (#"{"op":1}"#, "at op: expected an operator's or function's name, found 1"),
            (#"{"op":"f"}"#, "at args: expected an array, found none"),
            (#"{"op":"f","args":{}}"#, "at args: expected an array, found an object"),
            (#"{"op":"=","args":[1]}"#, "at args: expected two arguments, found 1"),
            (
                #"{"op":"and","args":[true,{"op":2,"args":[]}]}"#,
                "at args[1].op: expected an operator's or function's name, found 2"
            ),
            (
                #"{"op":"and","args":[true,{"op":"=","args":[1,null]}]}"#,
                "at args[1].args[1]: expected a value (isNull tests for null), found null"
            ),
            (#"{"op":"like","args":[{"property":"a"},5]}"#, "at args[1]: expected a pattern in quotes, found 5"),
            (
                #"{"op":"in","args":[{"property":"a"},{"property":"b"}]}"#,
                "at args[1]: expected a list, found property 'b'"
            ),
            (#"{"op":"=","args":[{"property":""},1]}"#, "at args[0].property: expected a property's name, found \"\""),
            (
                #"{"op":"=","args":[{"property":"a"},{"date":"May"}]}"#,
                "at args[1].date: expected a date such as \"2024-05-01\", found \"May\""
            ),
            (
                #"{"op":"t_after","args":[{"property":"a"},{"interval":["x",".."]}]}"#,
                "at args[1].interval[0]: expected a date, a timestamp, '..' or a property, found \"x\""
            ),
            (
                #"{"op":"s_within","args":[{"property":"a"},{"bbox":[1,"2"]}]}"#,
                "at args[1].bbox: expected an array of four or six numbers, found an array"
            ),
        ])
    func rejects(json: String, message: String) throws {
        let error = try #require(throws: CQL2Error.self) { try Expression(jsonText: json) }
        #expect("\(error)" == message)
    }
}
