import HTTPTypes
import JSON
import Testing

@testable import STACServer

@Suite("Warnings about searches") struct SearchWarningTests {
    @Test(
        "name what nothing has, and the nearest that exists",
        arguments: [
            (
                "filter=eo:cloud_cove%20%3C%205",
                ["No Item has the property 'eo:cloud_cove' (did you mean 'eo:cloud_cover'?)."]
            ),
            (
                "filter=properties.eo:cloudcover%20%3C%205",
                ["No Item has the property 'eo:cloudcover' (did you mean 'eo:cloud_cover'?)."]
            ),
            (
                "sortby=-eo:cloud_covers",
                ["No Item has the property 'eo:cloud_covers' (did you mean 'eo:cloud_cover'?)."]
            ),
            ("filter=quite.another%20%3D%201", ["No Item has the property 'quite.another'."]),
            (
                "query=%7B%22platfrm%22:%7B%22eq%22:1%7D%7D",
                ["No Item has the property 'platfrm' (did you mean 'platform'?)."]
            ),
            ("collections=C,c", ["There is no Collection 'C' (did you mean 'c'?)."]),
            (
                "datetme=2024&limits=5",
                [
                    "There is no parameter 'datetme' (did you mean 'datetime'?).",
                    "There is no parameter 'limits' (did you mean 'limit'?).",
                ]
            ),
            ("filter=f%C3%BC%20%3D%201", ["No Item has the property 'fü'."]),
            // What is long is not repeated as a whole.
            (
                String(repeating: "x", count: 3_000) + "=1",
                [
                    "There is no parameter '\(String(repeating: "x", count: 50)) … \(String(repeating: "x", count: 25))'."
                ]
            ),
        ])
    func warnings(query: String, expected: [String]) async throws {
        try await TestAPI.run { api in
            try await api.fill(3)
            let response = try await api.get("/search?" + query)
            #expect(response.status == 200)
            #expect(response.json["warnings"]?.array?.compactMap(\.string) == expected)
            let header = response.headers[values: warningName]
            #expect(header == expected.map { "299 - \"\($0.map { $0.isASCII ? String($0) : "?" }.joined())\"" })
            // Elsewhere they have headers only.
            for path in [
                "/collections/c/items?",
                query.hasPrefix("sortby") ? "/search?" : "/aggregate?aggregations=total_count&",
            ] where !query.hasPrefix("coll") {
                #expect(try await api.get(path + query).headers[values: warningName] == header)
            }
            let lines = try await api.send(.get, "/search?" + query, headers: [.accept: "application/x-ndjson"])
            #expect(lines.headers[values: warningName] == header)
        }
    }

    @Test(
        "are not given for what exists, or may be in another catalogue",
        arguments: [
            "", "filter=eo:cloud_cover%20%3C%205%20AND%20id%20%3D%20'a'", "sortby=-datetime,id,collection",
            "collections=c", "filter=assets.data.href%20IS%20NULL", "fields=no", "q=none", "ids=none",
        ])
    func silence(query: String) async throws {
        try await TestAPI.run { api in
            try await api.fill(3)
            let response = try await api.get("/search?" + query)
            #expect(response.json["warnings"] == nil)
            #expect(response.headers[warningName] == nil)
        }
    }

    @Test("are few and short, whatever is asked")
    func bounds() async throws {
        try await TestAPI.run { api in
            try await api.fill(3)
            let filter = (0..<200).map { "p\($0)\(String(repeating: "x", count: 100)) = 1" }.joined(separator: " OR ")
            let body: JSONValue = ["filter": .string(filter), "filter-lang": "cql2-text", "x": 1, "y": 2]
            let response = try await api.send(.post, "/search", body)
            #expect(response.json["warnings"]?.array?.count == 5)
        }
    }

    @Test("sort keys whose values have no order are refused")
    func unsortable() async throws {
        try await TestAPI.run { api in
            try await api.fill(3)
            let item = try await api.get("/collections/c/items/item-00").json
            var changed = try #require(item.object)
            var properties = try #require(item["properties"]?.object)
            properties["proj:shape"] = [10, 10]
            changed["properties"] = .object(properties)
            let put = try await api.send(.put, "/collections/c/items/item-00", .object(changed))
            #expect(put.status == 200)
            let response = try await api.get("/search?sortby=proj:shape")
            #expect(response.status == 400)
            #expect(
                response.json["detail"] == "Parameter 'sortby' cannot be 'proj:shape', whose values have no order.")
        }
    }
}

private let warningName = HTTPField.Name("Warning")!
