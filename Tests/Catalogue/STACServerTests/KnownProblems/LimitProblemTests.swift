import HTTPTypes
import HummingbirdTesting
import JSON
import NIOCore
import Testing

@testable import STACServer

@Suite("Known problems of limits and counts") struct LimitProblemTests {
    @Test(
        "earth-search#60, stac-fastapi#290, stac-server#226: large limits work, and those above the maximum mean it",
        arguments: ["268", "1000", "10000", "10001", "1000000000", "99999999999999999999999"])
    func largeLimits(limit: String) async throws {
        try await TestAPI.run { api in
            try await api.create((0..<300).map { TestAPI.item("i\($0)") })
            let expected = min(300, Int(limit) ?? .max)
            for response in [
                try await api.get("/search?limit=" + limit), try await api.get("/collections/c/items?limit=" + limit),
                try await api.send(.post, "/search", ["limit": .number(try #require(JSONNumber(limit)))]),
            ] {
                #expect(response.status == 200)
                #expect(response.json.ids.count == expected)
                #expect(response.json["numberReturned"]?.int == expected)
            }
        }
    }

    @Test(
        "stac-server#116: a limit that cannot be is rejected by name, not with a server error",
        arguments: ["0", "-1", "1.5", "ten", "1e3", "%00"])
    func wrongLimits(limit: String) async throws {
        try await TestAPI.run { api in
            for path in ["/search", "/collections", "/children"] {
                let response = try await api.get(path + "?limit=" + limit)
                #expect(response.status == 400, "\(path)")
                #expect(response.json["detail"]?.string?.contains("'limit'") == true, "\(path)")
            }
        }
    }

    @Test(
        "earth-search#17, stac-server#116: a page of many heavy Items comes whole",
        arguments: [TestingSetup.router, .live])
    func heavyPages(setup: TestingSetup) async throws {
        let filler = JSONValue.string(String(repeating: "heavy ", count: 5_000))
        try await TestAPI.run(setup) { api in
            try await api.create(
                (0..<300).map {
                    TestAPI.item("i\($0)", properties: ["datetime": "2024-01-01T00:00:00Z", "filler": filler])
                })
            let response = try await api.get("/search?limit=300")
            // More than the six megabytes at which some platforms truncate responses.
            #expect(response.body.readableBytes > 9_000_000)
            #expect(response.json.ids.count == 300)
            #expect(response.json["features"]?[299]?["properties"]?["filler"] == filler)
        }
    }

    @Test(
        "stac-fastapi#349, stac-fastapi-pgstac#28, veda-backend#117: every page counts all that match, exactly",
        arguments: ["", "filter=eo:cloud_cover%20%3C%207", "bbox=3,9,9,11", "ids=item-01,item-05", "collections=none"])
    func counts(query: String) async throws {
        try await TestAPI.run { api in
            try await api.fill(20)
            let pages = try await api.pages("/search?limit=3&" + query)
            let count = pages.reduce(0) { $0 + $1.ids.count }
            for page in pages {
                #expect(page["numberMatched"]?.int == count)
                #expect(page["numberReturned"]?.int == page.ids.count)
            }
        }
    }

    @Test("pgstac#45: nothing found is an empty array, with and without fields")
    func nothingFound() async throws {
        try await TestAPI.run { api in
            try await api.fill(2)
            for query in ["ids=none", "ids=none&fields=id", "collections=none", "filter=1%3D2"] {
                let page = try await api.get("/search?" + query)
                #expect(page.status == 200)
                #expect(page.json["features"] == [] && page.json["numberMatched"] == 0, "\(query)")
            }
        }
    }

    @Test("stac-server#156: a Collection that is not there has no Items, which is no error of a search")
    func unknownCollections() async throws {
        try await TestAPI.run { api in
            try await api.fill(2)
            #expect(try await api.find("collections=none").isEmpty)
            #expect(try await api.find("collections=none,c").count == 2)
            #expect(try await api.find(posting: ["collections": ["none"]]).isEmpty)
        }
    }
}
