import Foundation
import HTTPEdge
import HTTPTypes
import HummingbirdTesting
import JSON
import Testing

@testable import STACServer

@Suite("Known problems of Collections and links") struct CollectionProblemTests {
    private static let ids = (0..<120).map { "collection-\($0 < 10 ? "00" : $0 < 100 ? "0" : "")\($0)" }

    @Test(
        "SFEOS#65, SFEOS#299, stac-fastapi#510, stac-fastapi-eodag#20: Collections are all there, and paged on demand")
    func manyCollections() async throws {
        try await TestAPI.run { api in
            for id in Self.ids { _ = try await api.send(.post, "/collections", TestAPI.collection(id)) }
            let all = try await api.get("/collections").json
            #expect(all["collections"]?.array?.compactMap { $0["id"]?.string } == Self.ids)
            #expect(all["numberMatched"] == 120 && all["numberReturned"] == 120 && all.link("next") == nil)
            let pages = try await api.pages("/collections?limit=50")
            #expect(pages.map { $0["numberReturned"]?.int } == [50, 50, 20])
            #expect(pages.flatMap { $0["collections"]?.array?.compactMap { $0["id"]?.string } ?? [] } == Self.ids)
        }
    }

    @Test(
        "stac-server#770, stac-server#1047, SFEOS#412: a search in very many Collections searches these and no others",
        arguments: [TestingSetup.router, .live])
    func manyInASearch(setup: TestingSetup) async throws {
        try await TestAPI.run(setup) { api in
            for id in ["collection-001", "collection-777", "other"] {
                try await api.create([TestAPI.item("in-" + id)], in: id)
            }
            // 30 kB of URL.
            let names = (0..<2_000).map { number in
                "collection-\(number < 10 ? "00" : number < 100 ? "0" : "")\(number)"
            }
            let expected: Set = ["in-collection-001", "in-collection-777"]
            #expect(try await Set(api.find("collections=" + names.joined(separator: ","))) == expected)
            let body: JSONValue = ["collections": .array(names.map { JSONValue($0) })]
            #expect(try await Set(api.find(posting: body)) == expected)
        }
    }

    @Test("pgstac#347: a search without Collections finds Items of all of them")
    func searchInAll() async throws {
        try await TestAPI.run { api in
            for id in Self.ids.prefix(40) { try await api.create([TestAPI.item("i")], in: id) }
            let pages = try await api.pages("/search?limit=7&sortby=collection")
            let found = pages.flatMap { $0["features"]?.array?.compactMap { $0["collection"]?.string } ?? [] }
            #expect(found == Array(Self.ids.prefix(40)))
        }
    }

    @Test("stac-server#402: what the landing page links to as child leads on to Items")
    func children() async throws {
        try await TestAPI.run { api in
            try await api.fill(1)
            let child = try #require(try await api.get("/").json.link("child"))
            let collection = try await api.follow(child).json
            #expect(try await api.follow(try #require(collection.link("items"))).json.ids == ["item-00"])
        }
    }

    @Test(
        "stac-server#917, stac-fastapi#850, stac-fastapi-pgstac#262: generated links are whole, whatever the request's headers are",
        arguments: [
            [:], [HTTPField.Name("X-Forwarded-Proto")!: "https, https"],
            [HTTPField.Name("X-Forwarded-Proto")!: "undefined", HTTPField.Name("X-Forwarded-Host")!: "evil.example"],
            [HTTPField.Name("Forwarded")!: "proto=undefined;host="],
            [HTTPField.Name("X-Forwarded-Prefix")!: "//evil.example"],
        ] as [HTTPFields])
    func wholeLinks(headers: HTTPFields) async throws {
        try await TestAPI.run(.live) { api in
            try await api.fill(3)
            for path in ["/", "/collections", "/collections/c", "/search?limit=1", "/collections/c/items?limit=1"] {
                let links = try await api.get(path, headers: headers).json["links"]?.array ?? []
                #expect(!links.isEmpty)
                for link in links where link["rel"] != "license" {
                    let href = try #require(link["href"]?.string)
                    // The test's client leaves the port out.
                    #expect(href.hasPrefix("http://localhost/public/api"), "\(href)")
                    #expect(href.components(separatedBy: "/public/api").count == 2, "\(href)")
                    #expect(!href.dropFirst(7).contains("//"), "\(href)")
                }
            }
        }
    }

    @Test(
        "stac-fastapi#940, stac-auth-proxy#196: links and assets of Items come out as they went in, also those to this host"
    )
    func foreignLinks() async throws {
        let hrefs = [
            "https://example.org/license", "http://localhost/raster/x/viewer", "/absolute/path", "../relative.json",
            "s3://bucket/key", "file:///data/B04.tif", "http://localhost/public/api/other",
        ]
        try await TestAPI.run { api in
            var item = TestAPI.item("a").object ?? [:]
            item["links"] = .array(hrefs.map { ["rel": "related", "href": .string($0)] })
            item["assets"] = .object(
                hrefs.enumerated().reduce(into: JSONObject()) { $0["a\($1.offset)"] = ["href": .string($1.element)] })
            try await api.create([.object(item)])
            let found = try await api.get("/collections/c/items/a").json
            let related = found["links"]?.array?.filter { $0["rel"] == "related" }
            #expect(related?.compactMap { $0["href"]?.string } == hrefs)
            #expect(found["assets"] == item["assets"])
        }
    }

    @Test("terrapi item create: generated links that come back in a PUT do not pile up")
    func linksDoNotPileUp() async throws {
        try await TestAPI.run { api in
            try await api.fill(1)
            let path = "/collections/c/items/item-00"
            let first = try await api.get(path).json
            for _ in 0..<3 {
                #expect(try await api.send(.put, path, try await api.get(path).json).status == 200)
            }
            #expect(try await api.get(path).json["links"] == first["links"])
            let collection = try await api.get("/collections/c").json
            #expect(try await api.send(.put, "/collections/c", collection).json["links"] == collection["links"])
        }
    }
}
