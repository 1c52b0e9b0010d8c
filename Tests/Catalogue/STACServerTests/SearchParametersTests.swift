import CQL2
import Geo
import JSON
import STACAPI
import Temporal
import Testing

@testable import STACServer

@Suite("Search parameters") struct SearchParametersTests {
    private static func get(_ query: String) throws -> SearchRequest {
        let parameters = try SearchParameters(query: QueryPair.pairs(in: query))
        return try SearchRequest(parameters, SearchRequest.PageSize())
    }

    private static func post(_ body: JSONValue) throws -> SearchRequest {
        try SearchRequest(SearchParameters(body: try #require(body.object)), SearchRequest.PageSize())
    }

    @Test("mean the same in a query and in a body")
    func bothWays() throws {
        let token = SearchCursor(.forward, [.number(3), .string("a"), .string("c")]).token
        let fromQuery = try Self.get(
            "collections=a,b&ids=x%2Fy,z&bbox=9,47.3,13.9,50.6&datetime=2023-06-01T00:00:00Z/..&limit=7&token=\(token)"
                + "&sortby=-properties.eo:cloud_cover,%2Bid&filter=eo:cloud_cover%3C10")
        let fromBody = try Self.post([
            "collections": ["a", "b"], "ids": ["x/y", "z"], "bbox": [9, 47.3, 13.9, 50.6], "limit": 7,
            "datetime": "2023-06-01T00:00:00Z/..", "token": .string(token),
            "sortby": [["field": "eo:cloud_cover", "direction": "desc"], ["field": "id"]],
            "filter": ["op": "<", "args": [["property": "eo:cloud_cover"], 10]],
        ])
        for request in [fromQuery, fromBody] {
            #expect(request.collections == ["a", "b"])
            #expect(request.ids == ["x/y", "z"])
            #expect(try request.area == Geometry(BoundingBox([9, 47.3, 13.9, 50.6])))
            #expect(try request.datetime == DateTimeInterval("2023-06-01T00:00:00Z/.."))
            #expect(request.limit == 7)
            #expect(request.sortBy == [SortKey("eo:cloud_cover", .descending), SortKey("id")])
            #expect(request.filter == .comparison(.less, .property("eo:cloud_cover"), .number(JSONNumber(10))))
            #expect(request.cursor == SearchCursor(.forward, [.number(3), .string("a"), .string("c")]))
        }
    }

    @Test(
        "are all optional, and unknown or empty ones are ignored", arguments: ["", "foo=1&_=2", "bbox=&limit=&token="])
    func nothing(query: String) throws {
        let request = try Self.get(query)
        #expect(request.collections == nil)
        #expect(request.ids == nil)
        #expect(request.area == nil)
        #expect(request.datetime == nil)
        #expect(request.filter == nil)
        #expect(request.sortBy.isEmpty)
        #expect(request.limit == 10)
        #expect(try Self.post(["bbox": nil, "intersects": nil, "context": "on"]).area == nil)
    }

    @Test(
        "give at most the maximum of Items",
        arguments: [("1", 1), ("10000", 10_000), ("10001", 10_000), ("99999999999999999999", 10_000), ("007", 7)])
    func limits(limit: String, expected: Int) throws {
        #expect(try Self.get("limit=" + limit).limit == expected)
    }

    @Test("take a plus that has become a space", arguments: ["+a,-b", "%2Ba,-b", " a,-b", "a,-b"])
    func plus(keys: String) throws {
        #expect(try Self.get("sortby=" + keys).sortBy == [SortKey("a"), SortKey("b", .descending)])
        let instant = try Self.get("datetime=2020-01-01T02:00:00+02:00").datetime
        #expect(try instant == DateTimeInterval("2020-01-01T00:00:00Z"))
    }

    @Test("take boxes with elevation, across the antimeridian and without extent")
    func boxes() throws {
        let high = try Self.get("bbox=9,47,100,14,51,300")
        #expect(high.elevation == 100...300)
        #expect(try high.area == Geometry(BoundingBox([9, 47, 14, 51])))
        #expect(try Self.get("bbox=178,-45,-178,45").area == Geometry(BoundingBox([178, -45, -178, 45])))
        #expect(try Self.get("bbox=9,47,9,47").area == Geometry(BoundingBox([9, 47, 9, 47])))
    }

    @Test("take filters in either language from either side")
    func filters() throws {
        let expected = Expression.comparison(.equal, .property("a"), .number(JSONNumber(1)))
        let json = #"{"op":"=","args":[{"property":"a"},1]}"#
        #expect(try Self.get("filter=a%3D1").filter == expected)
        #expect(try Self.get("filter-lang=cql2-text&filter=a%3D1").filter == expected)
        #expect(try Self.get("filter-lang=cql2-json&filter=" + json.replacing("=", with: "%3D")).filter == expected)
        #expect(try Self.post(["filter": JSONValue(parsing: json)]).filter == expected)
        #expect(try Self.post(["filter-lang": "cql2-text", "filter": "a=1"]).filter == expected)
        #expect(try Self.post(["filter": "a=1"]).filter == expected)
        #expect(
            try Self.post(["query": ["b": ["eq": "x"]], "filter": JSONValue(parsing: json)]).filter
                == .and([.comparison(.equal, .property("b"), .string("x")), expected]))
    }

    @Test(
        "are rejected by name and reason",
        arguments: [
            ("limit=0", "Parameter 'limit' must be a whole number above 0, not '0'."),
            ("limit=-1", "Parameter 'limit' must be a whole number above 0, not '-1'."),
            ("limit=ten", "Parameter 'limit' must be a whole number above 0, not 'ten'."),
            ("limit=1.5", "Parameter 'limit' must be a whole number above 0, not '1.5'."),
            ("limit=1&limit=2", "Parameter 'limit' is given twice."),
            ("bbox=1,2,3", "Parameter 'bbox' is no bounding box: expected four or six numbers, not 3."),
            ("bbox=1,2,3,x", "Parameter 'bbox' must be numbers with commas, and nothing else, between them."),
            ("bbox=1,50,2,40", "Parameter 'bbox' is no bounding box: south (50.0) is above north (40.0)."),
            ("bbox=1,2,9,3,4,5", "Parameter 'bbox' has its lowest elevation above its highest."),
            (
                "bbox=1,2,3,4&intersects=%7B%7D", "Parameter 'intersects' cannot be combined with 'bbox'."
            ),
            ("intersects=%7B", "Parameter 'intersects' is invalid JSON at byte 1: the text ends inside a value."),
            (
                "datetime=2020-01-01",
                "Parameter 'datetime' is wrong: '2020-01-01' is not an RFC 3339 date-time with an offset, such as 2024-05-01T00:00:00Z."
            ),
            (
                "datetime=2021-01-01T00:00:00Z/2020-01-01T00:00:00Z",
                "Parameter 'datetime' is wrong: the interval ends before it starts."
            ),
            (
                "datetime=../..",
                "Parameter 'datetime' is wrong: an interval must have a start or an end; both are open."
            ),
            (
                "q=%22sea%20ice",
                "Parameter 'q' is wrong: at character 0: expected a '\"' that ends the phrase, found the end."
            ),
            (
                "q=(sea%20OR%20ice",
                "Parameter 'q' is wrong: at character 11: expected ')' for the '(' at character 0, found the end."
            ),
            ("filter-lang=cql&filter=a%3D1", "Parameter 'filter-lang' must be cql2-text or cql2-json, not 'cql'."),
            ("filter-lang=cql", "Parameter 'filter-lang' must be cql2-text or cql2-json, not 'cql'."),
            ("filter-crs=EPSG:4326", "Parameter 'filter-crs' must be http://www.opengis.net/def/crs/OGC/1.3/CRS84."),
            ("sortby=geometry", "Parameter 'sortby' cannot be 'geometry', which has no order."),
            ("sortby=-", "Parameter 'sortby' has an empty field name."),
            ("token=xyz", "Parameter 'token' is none that a link of this search has given."),
            ("query=%5B%5D", "Parameter 'query' must be an object."),
            ("ids=%ff", "Parameter 'ids' is not percent-encoded UTF-8."),
        ])
    func rejections(query: String, message: String) throws {
        let error = try #require(throws: InvalidParameter.self) { try Self.get(query) }
        #expect("\(error)" == message)
    }

    @Test(
        "take numbers as JSON writes them, and no others",
        arguments: ["0x1", "+1", "%2B1", "inf", "nan", "1_0", "1%20", "%201", "1.", ".5", "01", "1e400", "", "1d0"])
    func numbers(text: String) throws {
        #expect(throws: InvalidParameter.self) { try Self.get("bbox=\(text),2,3,4") }
        #expect(throws: InvalidParameter.self) { try Self.get("bbox=\(text),2,3,4,5,6") }
        _ = try Self.get("bbox=1,2e0,3.50,4.0e%2B1")
    }

    @Test(
        "take whole numbers however JSON writes them",
        arguments: [
            ("10.0", 10), ("1e1", 10), ("100E-1", 10), ("1e300", 10_000), ("123456789012345678901234567890", 10_000),
        ])
    func wholeNumbers(text: String, limit: Int) throws {
        let body = try #require(try JSONValue(parsing: "{\"limit\": \(text)}").object)
        #expect(try SearchParameters(body: body).limit(default: 1, maximum: 10_000) == limit)
    }

    @Test(
        "of a wrong type are rejected",
        arguments: [
            (["limit": "10"], "limit"), (["limit": 1.5], "limit"), (["bbox": "1,2,3,4"], "bbox"),
            (["bbox": [1, 2, "3", 4]], "bbox"), (["ids": 1], "ids"), (["collections": [1]], "collections"),
            (["datetime": 2020], "datetime"), (["sortby": "a"], "sortby"),
            (["sortby": [["field": "a", "direction": "up"]]], "sortby"), (["filter": 7], "filter"),
            (["filter-lang": "cql2-text", "filter": [:]], "filter"), (["fields": 7], "fields"),
            (["fields": nil], "fields"), (["token": 7], "token"), (["q": 7], "q"), (["q": ["a", 7]], "q"),
            (["q": []], "q"), (["q": ["a", "!"]], "q"),
        ] as [(JSONValue, String)])
    func wrongTypes(body: JSONValue, name: String) throws {
        let error = try #require(throws: InvalidParameter.self) {
            _ = try Self.post(body)
            _ = try SearchParameters(body: body.object ?? [:]).fields()
        }
        #expect(error.name == name)
    }

    @Test("of the Query extension become a filter")
    func query() throws {
        let a = Operand.property("a")
        let one = Operand.number(JSONNumber(1))
        let cases: [(JSONValue, [Expression])] = [
            (["a": ["eq": 1]], [.comparison(.equal, a, one)]),
            (["a": ["neq": "x"]], [.comparison(.notEqual, a, .string("x"))]),
            (
                ["a": ["lt": "1"]],
                [.or([.comparison(.less, a, .string("1")), .comparison(.less, a, one)])]
            ),
            (["a": ["lt": 1]], [.comparison(.less, a, one)]), (["a": ["lte": 1]], [.comparison(.lessOrEqual, a, one)]),
            (["a": ["gt": 1]], [.comparison(.greater, a, one)]),
            (["properties.a": ["gte": true]], [.comparison(.greaterOrEqual, a, .bool(true))]),
            (["a": ["startsWith": "5%_\\"]], [.like(a, pattern: .string("5\\%\\_\\\\%"))]),
            (["a": ["endsWith": "x"]], [.like(a, pattern: .string("%x"))]),
            (["a": ["contains": "x"]], [.like(a, pattern: .string("%x%"))]),
            (["a": ["in": [1, "x"]]], [.in(a, [one, .string("x")])]), (["a": ["eq": nil]], [.isNull(a)]),
            (
                ["a": ["gt": 1, "lt": 1], "b": ["eq": 1]],
                [.comparison(.greater, a, one), .comparison(.less, a, one), .comparison(.equal, .property("b"), one)]
            ),
            ([:], []),
        ]
        for (query, expected) in cases {
            #expect(try Expression.conditions(ofQuery: query) == expected)
        }
        for wrong: JSONValue in [
            [], ["a": 1], ["a": ["like": "x"]], ["a": ["lt": []]], ["a": ["startsWith": 1]], ["a": ["in": 1]],
        ] {
            #expect(throws: InvalidParameter.self) { try Expression.conditions(ofQuery: wrong) }
        }
    }
}
