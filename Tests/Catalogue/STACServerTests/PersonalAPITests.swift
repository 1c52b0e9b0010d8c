import Access
import HTTPEdge
import HTTPTypes
import JSON
import Testing

@testable import STACServer

@Suite("The API of people's own Collections") struct PersonalAPITests {
    @Test("takes what terrapi-client sends in its full circle, and responds as it expects")
    func fullCircle() async throws {
        try await Personal.run { api in
            // pystac's documents: three numbers as bbox, and an Item without one.
            func collection(_ description: String) -> JSONValue {
                [
                    "type": "Collection", "id": "ada.1733", "stac_version": "1.1.0",
                    "description": .string(description), "links": [],
                    "extent": [
                        "spatial": ["bbox": [[-180, -90.180, 90]]], "temporal": ["interval": [[nil, nil]]],
                    ], "license": "other",
                ]
            }
            func item(_ properties: JSONObject) -> JSONValue {
                var properties = properties
                properties["datetime"] = "2026-12-01T15:42:11.123456Z"
                return [
                    "type": "Feature", "stac_version": "1.1.0", "stac_extensions": [], "id": "test_item",
                    "geometry": ["type": "Point", "coordinates": [0, 0]], "bbox": [], "properties": .object(properties),
                    "links": [], "assets": [:],
                ]
            }
            #expect(try await api.send(.post, "/collections", as: "ada", collection("desc")).status == 201)
            #expect(try await api.send(.get, "/collections/ada.1733", as: "ada").json["id"] == "ada.1733")
            #expect(try await api.send(.put, "/collections", as: "ada", collection("new desc")).status == 200)
            let listed = try await api.send(.get, "/collections", as: "ada").json["collections"]
            #expect(listed?[0]?["description"] == "new desc")
            #expect(listed?[0]?["extent"]?["spatial"]?["bbox"] == [[-180, -90, 180, 90]])
            let path = "/collections/ada.1733/items"
            #expect(try await api.send(.post, path, as: "ada", item([:])).status == 201)
            #expect(try await api.send(.get, path + "/test_item", as: "ada").json["bbox"] == [0, 0, 0, 0])
            let changed = item(["newProp": "newValue"])
            #expect(try await api.send(.put, path + "/test_item", as: "ada", changed).status == 200)
            let read = try await api.send(.get, path + "/test_item", as: "ada")
            #expect(read.json["properties"]?["newProp"] == "newValue")
            let deletedItem = try await api.send(.delete, path + "/test_item", as: "ada")
            #expect(deletedItem.json == ["deleted item": "test_item"])
            #expect(try await api.send(.get, path + "/test_item", as: "ada").status == 404)
            // It has the text of the object in the place of the id.
            let deleted = try await api.send(.delete, "/collections/%3CCollection%20id=ada.1733%3E", as: "ada")
            #expect(deleted.json == ["deleted collection": "ada.1733"])
            #expect(try await api.send(.get, "/collections/ada.1733", as: "ada").status == 404)
        }
    }

    @Test("gives Collections ids that begin with a name of the caller's, and names those that are allowed")
    func ids() async throws {
        try await Personal.run { api in
            try await api.make("eve.taken", as: "eve")
            func make(_ id: String, as name: String) async throws -> TestAPI.Response {
                try await api.send(.post, "/collections", as: name, TestAPI.collection(id))
            }
            for id in ["willi.a", "\(Personal.container).a", "willi.A_b-c.d"] {
                #expect(try await make(id, as: "willi").status == 201, "\(id)")
            }
            for id in ["eve.taken", "eve.free", "fields", "willi", "willi.", ".a", "willia.a"] {
                let refused = try await make(id, as: "willi")
                #expect(refused.status == 403 && refused.json["code"] == "IDNotAllowed", "\(id)")
                #expect(
                    refused.json["detail"]?.string
                        == "id: the id of your Collection must begin with one of 'willi.', '\(Personal.container).'.")
            }
            let long = String(repeating: "x", count: 250)
            for id in ["willi.ä", "willi.a b", "willi./", "willi.a\n", "willi.\(long)"] {
                let refused = try await make(id, as: "willi")
                #expect(refused.status == 400 && refused.json["code"] == "InvalidID", "\(id)")
            }
            #expect(try await make("\(Personal.container).b", as: "rosa").status == 403)
            let several: JSONValue = ["collections": [TestAPI.collection("willi.x"), TestAPI.collection("eve.x")]]
            #expect(try await api.send(.post, "/collections", as: "willi", several).status == 403)
            #expect(try await api.send(.get, "/collections/willi.x", as: "willi").status == 404)
            let put = try await api.send(
                .put, "/collections/eve.y", as: "willi", TestAPI.collection("eve.y"), headers: [.ifNoneMatch: "*"])
            #expect(put.status == 403)
        }
    }

    @Test("shows readers of a container its Collections, and lets only the others write them")
    func sharing() async throws {
        try await Personal.run { api in
            let id = "\(Personal.container).a"
            try await api.make(id, as: "willi", items: 3)
            try await api.make("willi.a", as: "willi", items: 2)
            #expect(try await api.send(.get, "/search", as: "willi").json["numberMatched"] == 5)
            #expect(try await api.send(.get, "/search", as: "rosa").json["numberMatched"] == 3)
            #expect(try await api.send(.get, "/search", as: "eve").json["numberMatched"] == 0)
            #expect(try await api.send(.delete, "/collections/\(id)", as: "rosa").status == 403)
            #expect(try await api.send(.delete, "/collections/\(id)", as: "eve").status == 404)
            #expect(try await api.send(.get, "/search", as: "narrow").status == 200)
            let narrow = try await api.send(.post, "/collections", as: "narrow", TestAPI.collection("narrow.a"))
            #expect(narrow.status == 403 && narrow.json["code"] == "InsufficientScope")
            for path in ["/", "/search", "/collections", "/conformance", "/api", "/collections/willi.a"] {
                #expect(try await api.get(path).status == 401, "\(path)")
            }
        }
    }

    @Test("keeps its responses out of shared caches")
    func caching() async throws {
        try await Personal.run { api in
            for path in ["/search", "/collections", "/nosuch", "/collections/eve.a"] {
                let response = try await api.send(.get, path, as: "ada")
                guard path != "/nosuch" else { continue }
                #expect(response.headers[.cacheControl] == "private, no-cache", "\(path)")
                #expect(response.headers[.vary]?.contains("Authorization") == true, "\(path)")
            }
        }
    }

    @Test("continues a page of one person's for another with what that one may see")
    func cursors() async throws {
        try await Personal.run { api in
            try await api.make("ada.a", as: "ada", items: 5)
            try await api.make("eve.a", as: "eve", items: 2)
            let page = try await api.send(.get, "/search?limit=2", as: "ada")
            let next = try #require(page.json.link("next")?["href"]?.string)
            #expect(try await api.send(.get, next, as: "ada").json.ids.count == 2)
            let others = try await api.send(.get, next, as: "eve")
            let collections = others.json["features"]?.array?.compactMap { $0["collection"]?.string } ?? []
            #expect(Set(collections).isSubset(of: ["eve.a"]) && others.json["numberMatched"] == 2)
        }
    }

    // MARK: Curated Collections

    @Test("has curated Collections where a request or the configuration asks for them", arguments: [false, true])
    func curated(isIncluded: Bool) async throws {
        try await Personal.run {
            $0.includesCurated = isIncluded
        } _: { api in
            try await Self.withCurated(api)
            func count(_ path: String) async throws -> JSONValue? {
                try await api.send(.get, path, as: "ada").json["numberMatched"]
            }
            #expect(try await count("/search") == (isIncluded ? 6 : 3))
            #expect(try await count("/search?curated=true") == 6)
            #expect(try await count("/search?curated=false") == 3)
            #expect(try await count("/collections?curated=true") == 2)
            #expect(try await count("/collections?curated=false") == 1)
            let search: JSONObject = ["limit": 2, "curated": true]
            #expect(
                try await api.send(.post, "/search", as: "ada", .object(search)).json["numberMatched"] == 6)
            let aggregated = try await api.send(
                .post, "/aggregate", as: "ada", ["aggregations": ["total_count"], "curated": true])
            #expect(aggregated.json["aggregations"]?[0]?["value"] == 6)
            for path in ["/search?curated=perhaps", "/collections?curated="] {
                #expect(try await api.send(.get, path, as: "ada").status == 400, "\(path)")
            }
            #expect(try await api.send(.post, "/search", as: "ada", ["curated": "yes"]).status == 400)
            // Links to them lead there.
            #expect(try await api.send(.get, "/collections/open/items/item-00", as: "ada").status == 200)
            #expect(try await api.send(.delete, "/collections/open/items/item-00", as: "ada").status == 403)
        }
    }

    @Test("keeps the choice from page to page")
    func curatedPages() async throws {
        try await Personal.run { api in
            try await Self.withCurated(api)
            let first = try await api.send(.get, "/search?limit=4&curated=true", as: "ada")
            let next = try #require(first.json.link("next")?["href"]?.string)
            #expect(try await api.send(.get, next, as: "ada").json.ids.count == 2)
            for (path, body) in [("/search", ["limit": 4, "curated": true]), ("/search?curated=true", ["limit": 4])]
                as [(String, JSONValue)]
            {
                let first = try await api.send(.post, path, as: "ada", body)
                #expect(first.json["numberMatched"] == 6, "\(path)")
                let next = try #require(first.json.link("next")?["body"])
                #expect(try await api.send(.post, "/search", as: "ada", next).json.ids.count == 2, "\(path)")
            }
        }
    }

    /// A curated Collection, and one of Ada's, each with three Items.
    private static func withCurated(_ api: TestAPI) async throws {
        try await api.make("ada.a", as: "ada", items: 3)
        for id in ["open"] {
            try api.catalogue.put(TestAPI.collection(id))
            for number in 0..<3 { try api.catalogue.put(TestAPI.item(number, collection: id)) }
        }
    }

    // MARK: Moving

    @Test("moves a Collection to a container, with its Items")
    func move() async throws {
        try await Personal.run { api in
            try await api.make("willi.a", as: "willi", items: 3)
            let (path, shared) = ("/collections/willi.a/move", "\(Personal.container).a")
            for (name, id, status) in [
                ("willi", "eve.a", 403), ("willi", "open", 403), ("rosa", shared, 404), ("eve", "eve.a", 404),
            ] {
                let refused = try await api.send(.post, path, as: name, ["id": .string(id)])
                #expect(refused.status == status, "\(name) \(id)")
            }
            #expect(try await api.send(.post, path, as: "willi", ["title": "x"]).status == 400)
            let stale = try await api.send(
                .post, path, as: "willi", ["id": .string(shared)], headers: [.ifMatch: "\"1\""])
            #expect(stale.status == 412)
            let tag = try #require(try await api.send(.get, "/collections/willi.a", as: "willi").etag)
            let moved = try await api.send(
                .post, path, as: "willi", ["id": .string(shared)], headers: [.ifMatch: tag])
            #expect(moved.status == 200 && moved.json["id"] == .string(shared))
            #expect(moved.headers[.location]?.hasSuffix("/collections/\(shared)") == true)
            #expect(moved.json.link("items")?["href"]?.string?.hasSuffix("/collections/\(shared)/items") == true)
            let item = try await api.send(.get, "/collections/\(shared)/items/item-01", as: "rosa")
            #expect(item.json["collection"] == .string(shared))
            #expect(item.json.link("collection")?["href"]?.string?.hasSuffix("/collections/\(shared)") == true)
            #expect(try await api.send(.get, "/collections/willi.a", as: "willi").status == 404)
            #expect(try await api.send(.get, "/search", as: "rosa").json["numberMatched"] == 3)
            try await api.make("willi.b", as: "willi")
            let taken = try await api.send(
                .post, "/collections/willi.b/move", as: "willi", ["id": .string(shared)])
            #expect(taken.status == 409)
        }
    }
}
