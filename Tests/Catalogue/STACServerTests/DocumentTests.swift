import HTTPTypes
import HummingbirdTesting
import JSON
import NIOCore
import Testing

@testable import STACServer

@Suite("Documents") struct DocumentTests {
    @Test("lead from the landing page to everything", arguments: [TestingSetup.router, .live])
    func landingPage(setup: TestingSetup) async throws {
        try await TestAPI.run(setup) { api in
            try await api.fill(2)
            _ = try await api.send(.post, "/collections", TestAPI.collection("d", title: "The other"))
            let page = try await api.get("/")
            #expect(page.status == 200)
            #expect(page.headers[.contentType] == "application/json")
            #expect(page.json["type"] == "Catalog")
            #expect(try await api.get("/conformance").json["conformsTo"] == page.json["conformsTo"])
            let links = try #require(page.json["links"]?.array)
            let relations = Set(links.compactMap { $0["rel"]?.string })
            #expect(
                relations.isSuperset(of: [
                    "self", "root", "data", "children", "conformance", "service-desc", "service-doc", "search", "child",
                    Relation.queryables, Relation.sortables,
                ]))
            #expect(links.filter { $0["rel"] == "search" }.map { $0["method"]?.string } == ["GET", "POST"])
            #expect(links.filter { $0["rel"] == "child" }.map { $0["title"]?.string } == ["c", "The other"])
            for link in links {
                let href = try #require(link["href"]?.string)
                let response = try await api.get(href)
                #expect(response.status == 200, "\(href)")
                if let type = link["type"]?.string {
                    #expect(response.headers[.contentType]?.hasPrefix(type) == true, "\(href)")
                }
            }
        }
    }

    @Test("list Collections on one page, or on several when asked")
    func collections() async throws {
        try await TestAPI.run { api in
            for id in ["a", "b", "c", "d e/f"] { _ = try await api.send(.post, "/collections", TestAPI.collection(id)) }
            let all = try await api.get("/collections")
            #expect(all.json["collections"]?.array?.map { $0["id"]?.string } == ["a", "b", "c", "d e/f"])
            #expect(all.json["numberMatched"] == 4)
            #expect(all.json.link("next") == nil)
            let first = try await api.get("/collections?limit=3")
            #expect(first.json["numberReturned"] == 3)
            let second = try await api.get(try #require(first.json.link("next")?["href"]?.string))
            #expect(second.json["collections"]?.array?.map { $0["id"]?.string } == ["d e/f"])
            #expect(second.json.link("next") == nil)
            let last = try #require(second.json["collections"]?[0])
            #expect(last.link("license")?["href"] == "https://example.org/license")
            let own = try #require(last.link("self")?["href"]?.string)
            #expect(own.hasSuffix("/collections/d%20e%2Ff"))
            #expect(try await api.get(own).json == last)
            #expect(try await api.get("/collections/x").status == 404)

            let children = try await api.get("/children")
            #expect(children.json["children"] == all.json["collections"])
            #expect(children.json.link("self")?["href"]?.string?.hasSuffix("/public/api/children") == true)
            let next = try #require(try await api.get("/children?limit=3").json.link("next")?["href"]?.string)
            #expect(try await api.get(next).json["children"]?.array?.count == 1)
        }
    }

    @Test("say what can be filtered and sorted by, for all and for one Collection")
    func queryables() async throws {
        try await TestAPI.run { api in
            try await api.fill(3)
            for path in ["/queryables", "/collections/c/queryables"] {
                let response = try await api.get(path)
                #expect(response.headers[.contentType] == "application/schema+json")
                let properties = try #require(response.json["properties"]?.object)
                #expect(
                    Set(properties.names).isSuperset(of: [
                        "id", "collection", "geometry", "datetime", "eo:cloud_cover", "platform",
                    ]))
                #expect(
                    properties["eo:cloud_cover"] == [
                        "title": "Cloud cover", "x-ogc-unit": "%", "type": "integer", "minimum": 0, "maximum": 2,
                    ])
                #expect(properties["platform"]?["enum"] == ["sentinel-2a", "sentinel-2b"])
                #expect(properties["datetime"]?["format"] == "date-time")
                #expect(properties["datetime"]?["title"] == "Acquired")
            }
            // What was only in Items that are gone is gone.
            for id in ["item-00", "item-01"] { _ = try await api.send(.delete, "/collections/c/items/" + id) }
            let left = try await api.get("/queryables").json["properties"]
            #expect(left?["eo:cloud_cover"]?["minimum"] == 2 && left?["platform"]?["enum"] == ["sentinel-2a"])
            _ = try await api.send(.delete, "/collections/c/items/item-02")
            #expect(try await api.get("/queryables").json["properties"]?["platform"] == nil)
            try await api.fill(3)
            let sortables = try await api.get("/collections/c/sortables").json["properties"]?.object
            #expect(sortables?["geometry"] == nil)
            #expect(sortables?["eo:cloud_cover"] != nil)
            #expect(try await api.get("/collections/x/queryables").status == 404)
        }
    }
}
