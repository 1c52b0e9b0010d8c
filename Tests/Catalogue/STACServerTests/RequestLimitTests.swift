import HTTPEdge
import HTTPTypes
import JSON
import STACAPI
import Testing

@testable import STACServer

@Suite("Limits of requests") struct RequestLimitTests {
    private static func strings(_ count: Int) -> JSONValue { .array((0..<count).map { .string("n\($0)") }) }

    private static func path(_ count: Int) -> String { Array(repeating: "b", count: count).joined(separator: ".") }

    private static let star: JSONValue = [
        "type": "Polygon",
        "coordinates": [
            .array(
                (0...2_003).map { place -> JSONValue in
                    // Each edge goes to the vertex farthest away of a polygon that is nearly round.
                    let corner = Double(place % 2_003 * 1_001 % 2_003) / 2_003 * 4
                    let rest = corner.truncatingRemainder(dividingBy: 1) - 0.5
                    let bulge = 0.9 - rest * rest
                    return switch Int(corner) {
                    case 0: [JSONValue(rest), JSONValue(-bulge)]
                    case 1: [JSONValue(bulge), JSONValue(rest)]
                    case 2: [JSONValue(-rest), JSONValue(bulge)]
                    default: [JSONValue(-bulge), JSONValue(-rest)]
                    }
                })
        ],
    ]

    private static let bodies: [(String, JSONValue, String)] = [
        ("ids", ["ids": strings(10_001)], "Parameter 'ids' has 10001 ids; the limit is 10000."),
        (
            "collections", ["collections": strings(20_000)],
            "Parameter 'collections' has 20000 ids of Collections; the limit is 10000."
        ),
        ("sortby", ["sortby": strings(33)], "Parameter 'sortby' has 33 sort keys; the limit is 32."),
        (
            "deep sortby", ["sortby": [["field": .string(path(60_000))]]],
            "Parameter 'sortby' has 119999 bytes in the name of a property, the limit is 1024."
        ),
        (
            "fields", ["fields": ["include": strings(1_001)]],
            "Parameter 'fields' has 1001 names as \"include\"; the limit is 1000."
        ),
        (
            "deep fields", ["fields": ["include": [.string(path(60_000))]]],
            "Parameter 'fields' has 119999 bytes in the name of a property, the limit is 1024."
        ),
        (
            "deep excluded fields", ["fields": ["exclude": ["id", .string(path(33))]]],
            "Parameter 'fields' has 33 names joined by dots in a property's name, the limit is 32."
        ),
        (
            "deep property", ["filter": .string(path(100_000) + " = 1")],
            "Parameter 'filter' has too much: 199999 bytes in the name of a property, the limit is 1024."
        ),
        (
            "deep property of query", ["query": .object([path(100): ["eq": 1]])],
            "Parameter 'query' has too much: 100 names joined by dots in a property's name, the limit is 32."
        ),
        (
            "IN", ["query": ["n": ["in": .array((0..<70_000).map { JSONValue($0) })]]],
            "Parameter 'query' has too much: 70001 values, the limit is 65536."
        ),
        (
            "conditions", ["filter": .string(Array(repeating: "n = 1", count: 2_000).joined(separator: " OR "))],
            "Parameter 'filter' has too much: 2000 conditions, the limit is 1024."
        ),
        (
            "LIKE", ["query": ["n": ["contains": .string(String(repeating: "a", count: 5_000))]]],
            "Parameter 'query' has too much: 5002 bytes in a pattern of LIKE, the limit is 4096."
        ),
        (
            "words", ["q": .string(String(repeating: "a", count: 20_000))],
            "Parameter 'q' is wrong: at character 0: expected no more than 16384 bytes, found 20000."
        ),
        (
            "many words", ["q": strings(4_000)],
            "Parameter 'q' is wrong: expected 1 to 256 terms, found 4000."
        ),
        (
            "points",
            [
                "intersects": [
                    "type": "MultiPoint", "coordinates": .array(Array(repeating: [1, 2], count: 30_000)),
                ]
            ],
            "Parameter 'intersects' is no geometry to search with: 30000 positions are more than the limit of 20000; "
                + "simplify it."
        ),
    ]

    @Test("are told by searches, with parameter and number", arguments: bodies.map(\.0))
    func searches(name: String) throws {
        let (_, body, message) = try #require(Self.bodies.first { $0.0 == name })
        let error = try #require(throws: InvalidParameter.self) {
            let parameters = SearchParameters(body: try #require(body.object))
            _ = try SearchRequest(parameters, SearchRequest.PageSize())
            _ = try parameters.fields()
        }
        #expect("\(error)" == message)
    }

    @Test("name the place where an area crosses itself too often")
    func star() throws {
        let error = try #require(throws: InvalidParameter.self) {
            try SearchRequest(SearchParameters(body: ["intersects": Self.star]), SearchRequest.PageSize())
        }
        #expect(
            "\(error)".hasPrefix(
                "Parameter 'intersects' is no geometry to search with: its edges cross each other more than 10000 "
                    + "times, first near ["))
    }

    @Test("hold in queries, too")
    func queries() throws {
        for (query, word) in [
            ("sortby=" + (0..<40).map { "p\($0)" }.joined(separator: ","), "40 sort keys"),
            ("fields=" + (0..<1_200).map { "p\($0)" }.joined(separator: ","), "1200 names"),
            ("fields=-" + Self.path(40), "40 names joined by dots"),
            ("ids=" + (0..<10_500).map { "\($0)" }.joined(separator: ","), "10500 ids"),
        ] {
            let error = try #require(throws: InvalidParameter.self) {
                let parameters = try SearchParameters(query: QueryPair.pairs(in: query))
                _ = try SearchRequest(parameters, SearchRequest.PageSize())
                _ = try parameters.fields()
            }
            #expect("\(error)".contains(word))
        }
    }

    @Test("hold for aggregations")
    func aggregations() throws {
        let error = try #require(throws: InvalidParameter.self) {
            try AggregationParameters(body: ["aggregations": Self.strings(101)])
        }
        #expect("\(error)" == "Parameter 'aggregations' has 101 names; the limit is 100.")
    }

    @Test("keep messages short")
    func messages() throws {
        let error = try #require(throws: InvalidParameter.self) {
            try SearchRequest(
                SearchParameters(body: ["filter-lang": .string(String(repeating: "x", count: 100_000))]),
                SearchRequest.PageSize())
        }
        let problem = try #require(Problem(error as any Error))
        #expect(problem.detail.utf8.count < 2_100 && problem.detail.contains(" … "))
    }

    @Test("leave room for honest requests, which find what they should")
    func honest() async throws {
        try await TestAPI.run { api in
            try await api.fill(20)
            let ids = JSONValue.array((0..<10_000).map { .string($0 == 77 ? "item-07" : "none-\($0)") })
            #expect(try await api.send(.post, "/search", ["ids": ids]).json.ids == ["item-07"])
            let numbers = JSONValue.array((0..<60_000).map { JSONValue($0 * 3 + 4) })
            let found = try await api.send(
                .post, "/search",
                ["query": ["eo:cloud_cover": ["in": numbers]], "sortby": [["field": "id"]], "limit": 3])
            #expect(found.json.ids == ["item-04", "item-07", "item-10"])
            let texts = JSONValue.array((0..<30_000).map { .string("sentinel-\($0)a") })
            let named = try await api.send(
                .post, "/search", ["filter": ["op": "in", "args": [["property": "platform"], texts]]])
            #expect(named.json["numberMatched"] == 10)
        }
    }
}
