import HTTPTypes
import HummingbirdTesting
import JSON
import Testing

@testable import STACServer

@Suite("Known problems of filters and queryables") struct FilterProblemTests {
    private static func item(_ id: String, _ properties: JSONObject) -> JSONValue {
        var properties = properties
        properties["datetime"] = "2024-01-01T00:00:00Z"
        return TestAPI.item(id, properties: .object(properties))
    }

    private static let items = [
        item("a", ["forecast:horizon": "PT1H", "proj:epsg": 32613, "title": "The banks of the Isar"]),
        item("b", ["forecast:horizon": "PT2H", "proj:epsg": 32632, "title": "100% %banks%"]),
        item("c", ["sentinel:data_coverage": nil, "title": "a+b c"]),
        item("d", ["sentinel:data_coverage": 60, "proj:epsg": 32613, "title": "Café"]),
    ]

    /// The parts of a query, encoded as a browser does.
    private static func query(_ pairs: (String, String)...) -> String {
        QueryPair.query(pairs.map { QueryPair(name: $0.0, value: $0.1) })
    }

    @Test(
        "pgstac#69, SFEOS#300: IS NULL finds what has no value, in text and in JSON",
        arguments: [
            ("sentinel:data_coverage IS NULL", ["a", "b", "c"]), ("sentinel:data_coverage IS NOT NULL", ["d"]),
            (
                "sentinel:data_coverage > 50 OR landsat:coverage_percent < 10 OR "
                    + "(sentinel:data_coverage IS NULL AND landsat:coverage_percent IS NULL)", ["a", "b", "c", "d"]
            ),
        ])
    func isNull(filter: String, expected: [String]) async throws {
        try await TestAPI.run { api in
            try await api.create(Self.items)
            #expect(try await api.find("sortby=id&" + Self.query(("filter", filter))) == expected)
            let json: JSONValue = ["op": "isNull", "args": [["property": "sentinel:data_coverage"]]]
            #expect(try await Set(api.find(posting: ["filter-lang": "cql2-json", "filter": json])) == ["a", "b", "c"])
        }
    }

    @Test(
        "rustac#511, rustac#513: names with a colon need no quotes in a filter of a GET",
        arguments: [
            ("forecast:horizon = 'PT1H'", ["a"]), ("proj:epsg = 32613", ["a", "d"]), ("proj:epsg=32613", ["a", "d"]),
            ("\"proj:epsg\" = 32632", ["b"]),
        ])
    func colons(filter: String, expected: [String]) async throws {
        try await TestAPI.run { api in
            try await api.create(Self.items)
            #expect(try await Set(api.find(Self.query(("filter", filter)))) == Set(expected))
        }
    }

    @Test("pycsw#1168, stac-fastapi-pgstac#148: no filter is ignored, whichever way it comes")
    func notIgnored() async throws {
        let area = rectangle(-50, 0, -40, 10)
        let filter: JSONValue = ["op": "s_intersects", "args": [["property": "geometry"], area]]
        try await TestAPI.run { api in
            try await api.create(Self.items)
            #expect(try await api.find(posting: ["filter": filter, "filter-lang": "cql2-json"]).isEmpty)
            #expect(try await api.find(posting: ["collections": ["c"], "filter": filter]).isEmpty)
            #expect(try await api.find(posting: ["intersects": area]).isEmpty)
            #expect(
                try await api.find(Self.query(("filter", filter.jsonText), ("filter-lang", "cql2-json"))).isEmpty)
            let inside: JSONValue = ["op": "s_within", "args": [["property": "geometry"], rectangle(10, 47, 12, 49)]]
            #expect(try await api.find(posting: ["filter": inside]).count == 4)
        }
    }

    @Test("terrapi item search: parameters in the body of a GET count", arguments: [TestingSetup.router, .live])
    func bodyOfGet(setup: TestingSetup) async throws {
        try await TestAPI.run(setup) { api in
            try await api.create(Self.items)
            let body: JSONValue = ["collections": ["c"], "limit": 1, "filter": "proj:epsg = 32613"]
            let response = try await api.send(.get, "/search", body)
            #expect(response.json["numberMatched"] == 2)
            let second = try await api.follow(try #require(response.json.link("next"))).json
            #expect(Set(response.json.ids + second.ids) == ["a", "d"] && second.link("next") == nil)
            // What is in the URL is what a GET is about.
            #expect(try await api.send(.get, "/search?ids=b", body).json.ids == ["b"])
            #expect(try await api.send(.get, "/search", ["limit": 0]).status == 400)
        }
    }

    @Test("filter#32: id, collection, geometry and datetime are the Item's own in a filter")
    func ownMembers() async throws {
        try await TestAPI.run { api in
            try await api.create(Self.items)
            try await api.create([TestAPI.item("e", properties: ["datetime": "2025-01-01T00:00:00Z"])], in: "d")
            for (filter, expected) in [
                ("id = 'a'", ["a"]), ("id IN ('a', 'e')", ["a", "e"]), ("collection = 'd'", ["e"]),
                ("datetime > TIMESTAMP('2024-06-01T00:00:00Z')", ["e"]),
                ("collection = 'c' AND S_INTERSECTS(geometry, POINT(11 48)) AND id > 'c'", ["d"]),
            ] {
                #expect(try await Set(api.find(Self.query(("filter", filter)))) == Set(expected), "\(filter)")
            }
            let own = try await api.get("/queryables").json["properties"]?.object?.names ?? []
            #expect(Set(own).isSuperset(of: ["id", "collection", "geometry", "datetime"]))
        }
    }

    @Test("openeo-geopyspark-driver#1690, stac-server#825: names mean the same with and without the prefix properties.")
    func prefixes() async throws {
        try await TestAPI.run { api in
            try await api.create(Self.items)
            for prefix in ["", "properties."] {
                #expect(try await Set(api.find(Self.query(("filter", "\(prefix)proj:epsg = 32613")))) == ["a", "d"])
                let query: JSONValue = [prefix + "proj:epsg": ["eq": 32613]]
                #expect(try await Set(api.find(posting: ["query": query])) == ["a", "d"])
                let sorted = try await api.find(Self.query(("sortby", "-\(prefix)title")))
                #expect(sorted == ["c", "a", "d", "b"])
            }
        }
    }

    @Test("service-stac#656: all conditions of a query count, and those of one property, too")
    func severalConditions() async throws {
        try await TestAPI.run { api in
            try await api.create(Self.items)
            let two: JSONValue = ["proj:epsg": ["eq": 32613], "title": ["eq": "Café"]]
            #expect(try await api.find(posting: ["query": two]) == ["d"])
            let range: JSONValue = ["proj:epsg": ["gt": 32613, "lt": 40000]]
            #expect(try await api.find(posting: ["query": range]) == ["b"])
        }
    }

    @Test("stac-fastapi#335: a CQL2 filter does not switch off the other parameters")
    func combined() async throws {
        try await TestAPI.run { api in
            try await api.fill(20)
            try await api.create([TestAPI.item(3, id: "other", collection: "d")], in: "d")
            let filter = Self.query(("filter", "eo:cloud_cover < 6"))
            #expect(try await api.find("ids=item-05,item-07&" + filter) == ["item-05"])
            #expect(try await api.find("collections=d&" + filter) == ["other"])
            #expect(try await api.find("bbox=4,9,30,11&" + filter).sorted() == ["item-04", "item-05"])
            #expect(
                try await api.find("datetime=2024-01-05T00:00:00Z/..&" + filter).sorted() == ["item-04", "item-05"])
            #expect(try await api.get("/collections/d/items?" + filter).json.ids == ["other"])
            let query = QueryPair.query([QueryPair(name: "query", value: #"{"eo:cloud_cover":{"gt":3}}"#)])
            #expect(try await api.find(query + "&" + filter).sorted() == ["item-04", "item-05"])
        }
    }

    @Test("SFEOS#783: a query is decoded once, so that percent signs in it survive")
    func decodedOnce() async throws {
        try await TestAPI.run { api in
            try await api.create(Self.items)
            #expect(try await api.find("filter=title%20LIKE%20'%25banks%25'").sorted() == ["a", "b"])
            #expect(try await api.find("filter=title%20%3D%20'100%25%20%25banks%25'") == ["b"])
            #expect(try await api.find("filter=title%20%3D%20'a%2Bb%20c'") == ["c"])
            #expect(try await api.find("filter=title='Caf%C3%A9'") == ["d"])
            #expect(try await api.find("filter=title%20%3D%20'%2525'").isEmpty)
        }
    }

    @Test("pgstac#218: a property that does not occur is null, not an error")
    func unknownProperties() async throws {
        try await TestAPI.run { api in
            try await api.create(Self.items)
            #expect(try await api.find(Self.query(("filter", "nowhere = 1 OR proj:epsg = 32632"))) == ["b"])
            let span: JSONValue = [
                "op": "and",
                "args": [
                    ["op": "t_after", "args": [["property": "datetime"], ["timestamp": "2020-11-11T00:00:00Z"]]],
                    ["op": "t_before", "args": [["property": "datetime"], ["timestamp": "2024-11-11T00:00:00Z"]]],
                ],
            ]
            #expect(try await api.find(posting: ["filter": span]).count == 4)
        }
    }

    @Test(
        "pycsw#1168, pycsw#569: a filter that is wrong is rejected with its place, never a server error",
        arguments: [
            "(", "a =", "a = 'x", "a LIKE", "S_INTERSECTS(geometry)", "S_INTERSECTS(geometry, POINT(0 91))",
            "nosuch(a) = 1", "a = TIMESTAMP('x')", "a BETWEEN 1", "a IN (", "\u{0}", "a = 1e999 AND",
            "S_INTERSECTS(geometry, POLYGON((0 0, 1 1)))",
        ])
    func wrongFilters(filter: String) async throws {
        try await TestAPI.run { api in
            try await api.create(Self.items)
            let response = try await api.get("/search?" + Self.query(("filter", filter)))
            #expect(response.status == 400)
            #expect(response.json["detail"]?.string?.hasPrefix("Parameter 'filter' is wrong") == true)
        }
    }

    @Test("geoportal-server-catalog#692, geoportal-server-catalog#684: each Collection has its own queryables")
    func queryables() async throws {
        try await TestAPI.run { api in
            try await api.create(Self.items)
            try await api.create([Self.item("e", ["sar:instrument_mode": "IW"])], in: "radar")
            func names(_ path: String) async throws -> Set<String> {
                Set(try await api.get(path).json["properties"]?.object?.names ?? [])
            }
            let (all, optical) = (try await names("/queryables"), try await names("/collections/c/queryables"))
            let radar = try await names("/collections/radar/queryables")
            #expect(optical.contains("proj:epsg") && !optical.contains("sar:instrument_mode"))
            #expect(radar.contains("sar:instrument_mode") && !radar.contains("proj:epsg"))
            #expect(all.isSuperset(of: ["proj:epsg", "sar:instrument_mode"]))
        }
    }

    @Test("NASA csdap: queryables follow what is in the catalogue, without anybody writing lists")
    func queryablesFollow() async throws {
        try await TestAPI.run { api in
            try await api.create(Self.items)
            _ = try await api.send(.post, "/collections/c/items", Self.item("new", ["fresh:name": 7]))
            #expect(try await api.get("/collections/c/queryables").json["properties"]?["fresh:name"] != nil)
            #expect(try await api.find(Self.query(("filter", "fresh:name = 7"))) == ["new"])
        }
    }

    @Test(
        "stac-fastapi#394, stac-fastapi#395, pgstac v0.10: included members come, with what an Item is told by",
        arguments: SearchMethod.allCases)
    func includedFields(method: SearchMethod) async throws {
        try await TestAPI.run { api in
            try await api.create(Self.items)
            let pages = try await api.pages(
                method, query: "ids=a&fields=id,properties.title,-geometry,-bbox,-assets,-links,-properties.datetime",
                body: ["ids": ["a"], "fields": ["include": ["id", "properties.title"]]])
            let item = try #require(pages[0]["features"]?[0]?.object)
            #expect(Set(item.names) == ["type", "stac_version", "id", "collection", "properties"])
            #expect(item["properties"]?.object?.names == ["title"])
            let links = try await api.get("/search?ids=a&fields=links").json["features"]?[0]
            #expect(links?.link("self")?["href"]?.string?.hasSuffix("/collections/c/items/a") == true)
        }
    }

    @Test(
        "stac-server v5.0: a member that no Item has, or one that is included and excluded, is no error",
        arguments: ["nowhere", "properties.nowhere", "-nowhere", "assets.none.href", "id,-id", ""])
    func oddFields(fields: String) async throws {
        try await TestAPI.run { api in
            try await api.create(Self.items)
            let response = try await api.get("/search?ids=a&fields=" + fields)
            #expect(response.status == 200)
            #expect(response.json.ids == ["a"])
        }
    }
}
