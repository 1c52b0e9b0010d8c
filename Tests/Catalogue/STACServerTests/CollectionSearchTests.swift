import HTTPTypes
import JSON
import Testing

@testable import STACServer

@Suite("Collection search") struct CollectionSearchTests {
    private static func collection(
        _ id: String, title: String, bbox: [JSONValue], interval: [JSONValue], _ members: JSONObject = [:]
    ) -> JSONValue {
        var collection = TestAPI.collection(id, title: title).object ?? [:]
        collection["extent"] = [
            "spatial": ["bbox": .array(bbox)], "temporal": ["interval": .array(interval)],
        ]
        for member in members { collection[member.name] = member.value }
        return .object(collection)
    }

    private static let collections = [
        collection(
            "alps", title: "Snow in the Alps", bbox: [[5, 44, 16, 48]], interval: [["2015-01-01T00:00:00Z", nil]],
            [
                "keywords": ["snow", "sea ice"], "license": "CC-BY-4.0",
                "summaries": ["platform": ["sentinel-2a"], "gsd": [10]],
            ]),
        collection(
            "fiji", title: "Reefs", bbox: [[170, -20, -170, -10]],
            interval: [["1990-01-01T00:00:00Z", "1999-12-31T23:59:59Z"]], ["nested": ["deep": ["count": 7]]]),
        collection(
            "islands", title: "Überflutung", bbox: [[-30, -30, 30, 70], [-30, 62, -10, 70], [-20, -30, -10, -20]],
            interval: [["2000-01-01T00:00:00Z", "2010-12-31T23:59:59Z"]],
            ["providers": [["name": "Deutsches Zentrum"]]]),
        collection(
            "world", title: "Everything", bbox: [[-180, -90, 180, 90]], interval: [[nil, nil]], ["license": "CC0-1.0"]),
    ]

    private static func run(_ body: @Sendable (TestAPI) async throws -> Void) async throws {
        try await TestAPI.run { api in
            for collection in collections {
                #expect(try await api.send(.post, "/collections", collection).status == 201)
            }
            try await body(api)
        }
    }

    private static func ids(_ response: TestAPI.Response) -> [String] {
        response.json["collections"]?.array?.compactMap { $0["id"]?.string } ?? []
    }

    @Test(
        "finds the same by GET and POST",
        arguments: [
            ("", [:], "alps fiji islands world"),
            ("bbox=10,46,11,47", ["bbox": [10, 46, 11, 47]], "alps islands world"),
            ("bbox=-175,-15,-174,-14", ["bbox": [-175, -15, -174, -14]], "fiji world"),
            ("bbox=175,-15,176,-14", ["bbox": [175, -15, 176, -14]], "fiji world"),
            ("bbox=179,-15,-100,0", ["bbox": [179, -15, -100, 0]], "fiji world"),
            ("datetime=1980-01-01T00:00:00Z", ["datetime": "1980-01-01T00:00:00Z"], "world"),
            ("datetime=2010-01-01T00:00:00Z/..", ["datetime": "2010-01-01T00:00:00Z/.."], "alps islands world"),
            ("datetime=../1995-01-01T00:00:00Z", ["datetime": "../1995-01-01T00:00:00Z"], "fiji world"),
            ("q=SNOW", ["q": ["snow"]], "alps"), ("q=sea%20ice,reefs", ["q": ["sea ice", "reefs"]], "alps fiji"),
            ("q=-snow%20-reefs", ["q": "-snow -reefs"], "islands world"),
            ("q=uberflutung", ["q": ["Überflutung"]], "islands"),
            ("q=zentrum", ["q": "zentrum"], "islands"), ("q=sentinel-2a", ["q": ["sentinel-2a"]], "alps"),
            ("q=fiji", ["q": ["fiji"]], "fiji"),
            (
                "filter=license%3D%27CC0-1.0%27",
                ["filter": ["op": "=", "args": [["property": "license"], "CC0-1.0"]]], "world"
            ),
            (
                "filter=nested.deep.count%20%3E%205",
                ["filter": ["op": ">", "args": [["property": "nested.deep.count"], 5]]], "fiji"
            ),
            (
                "filter=S_INTERSECTS(geometry,POINT(175%20-15))%20AND%20title%20LIKE%20%27R%25%27",
                [
                    "filter-lang": "cql2-text",
                    "filter": "S_INTERSECTS(geometry,POINT(175 -15)) AND title LIKE 'R%'",
                ], "fiji"
            ),
            (
                "filter=T_DURING(datetime,INTERVAL(%271980-01-01%27,%272000-01-01%27))",
                [
                    "filter-lang": "cql2-text",
                    "filter": "T_DURING(datetime,INTERVAL('1980-01-01','2000-01-01'))",
                ], "fiji"
            ),
            (
                "query=%7B%22license%22:%7B%22startsWith%22:%22CC%22%7D%7D",
                ["query": ["license": ["startsWith": "CC"]]], "alps world"
            ),
            ("sortby=-title", ["sortby": [["field": "title", "direction": "desc"]]], "islands alps fiji world"),
            ("sortby=datetime", ["sortby": [["field": "datetime", "direction": "asc"]]], "fiji islands alps world"),
            ("ids=fiji,x", ["ids": ["fiji", "x"]], "fiji"),
        ] as [(String, JSONValue, String)])
    func matches(query: String, body: JSONValue, expected: String) async throws {
        try await Self.run { api in
            let responses = [
                try await api.get("/collections?" + query), try await api.get("/collections-search?" + query),
                try await api.send(.post, "/collections-search", body),
            ]
            for response in responses {
                #expect(response.status == 200)
                #expect(Self.ids(response).joined(separator: " ") == expected)
                let count = Self.ids(response).count
                #expect(response.json["numberMatched"]?.int == count && response.json["numberReturned"]?.int == count)
                #expect(response.json.link("next") == nil && response.json.link("prev") == nil)
            }
            #expect(try await api.get("/children?" + query).json["numberMatched"]?.int == Self.ids(responses[0]).count)
        }
    }

    @Test(
        "turns pages forth and back in any order", arguments: ["id", "-id", "title", "-license", "unknown", "datetime"])
    func paging(key: String) async throws {
        try await Self.run { api in
            let all = Self.ids(try await api.get("/collections?sortby=\(key)"))
            for isPost in [false, true] {
                let direction: JSONValue = key.hasPrefix("-") ? "desc" : "asc"
                let body: JSONValue = [
                    "limit": 3,
                    "sortby": [["field": .string(key.replacing("-", with: "")), "direction": direction]],
                ]
                var response =
                    isPost
                    ? try await api.send(.post, "/collections-search", body)
                    : try await api.get("/collections?limit=3&sortby=\(key)")
                #expect(Self.ids(response) == Array(all[..<3]))
                #expect(response.json.link("prev") == nil)
                response = try await follow(try #require(response.json.link("next")), api)
                #expect(Self.ids(response) == Array(all[3...]))
                #expect(response.json.link("next") == nil)
                #expect(response.json["numberMatched"]?.int == 4)
                response = try await follow(try #require(response.json.link("prev")), api)
                #expect(Self.ids(response) == Array(all[..<3]))
            }
        }
    }

    private func follow(_ link: JSONValue, _ api: TestAPI) async throws -> TestAPI.Response {
        let href = try #require(link["href"]?.string)
        return link["method"]?.string == "POST"
            ? try await api.send(.post, href, link["body"]) : try await api.get(href)
    }

    @Test("selects members")
    func fields() async throws {
        try await Self.run { api in
            let response = try await api.get("/collections?ids=alps&fields=title,keywords")
            let collection = try #require(response.json["collections"]?[0]?.object)
            #expect(Set(collection.names) == ["type", "stac_version", "id", "title", "keywords"])
            let whole = try await api.get("/collections?ids=alps&fields=").json["collections"]?[0]?.object
            #expect(whole?["extent"] != nil && whole?["license"] != nil && whole?["summaries"] == nil)
        }
    }

    @Test("sees what has been written at once")
    func writes() async throws {
        try await Self.run { api in
            #expect(Self.ids(try await api.get("/collections?q=glacier")).isEmpty)
            _ = try await api.send(
                .patch, "/collections/alps", ["title": "Glacier"], headers: [.contentType: "application/json"])
            #expect(Self.ids(try await api.get("/collections?q=glacier")) == ["alps"])
            _ = try await api.send(.delete, "/collections/alps")
            #expect(Self.ids(try await api.get("/collections")) == ["fiji", "islands", "world"])
        }
    }

    @Test(
        "rejects invalid parameters",
        arguments: [
            ("bbox=1,2", "bbox"), ("datetime=yesterday", "datetime"), ("limit=0", "limit"), ("token=x", "token"),
            ("q=(a", "q"), ("filter=a%20%3D", "filter"), ("filter=f(id)", "filter"), ("sortby=links", "sortby"),
        ])
    func rejections(query: String, name: String) async throws {
        try await Self.run { api in
            let response = try await api.get("/collections?" + query)
            #expect(response.status == 400)
            #expect(response.json["detail"]?.string?.contains("'\(name)'") == true)
        }
    }

    @Test("links to its queryables and sortables")
    func queryables() async throws {
        try await Self.run { api in
            let page = try await api.get("/collections").json
            for (relation, absent) in [(Relation.queryables, "links"), (Relation.sortables, "geometry")] {
                let schema = try await api.get(try #require(page.link(relation)?["href"]?.string))
                #expect(schema.headers[.contentType] == MediaType.schema)
                #expect(schema.json["properties"]?["title"] != nil && schema.json["properties"]?[absent] == nil)
            }
        }
    }
}
