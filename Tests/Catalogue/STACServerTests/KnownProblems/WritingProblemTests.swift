import HTTPTypes
import HummingbirdTesting
import JSON
import Testing

@testable import STACServer

@Suite("Known problems of writing") struct WritingProblemTests {
    @Test(
        "stac-fastapi#407, stac-fastapi-pgstac#2, pgstac#211: many may write Items at once",
        arguments: [TestingSetup.router, .live])
    func parallelWrites(setup: TestingSetup) async throws {
        try await TestAPI.run(setup) { api in
            try await api.create([])
            let statuses = try await withThrowingTaskGroup { group in
                for number in 0..<64 {
                    group.addTask {
                        try await api.send(.post, "/collections/c/items", TestAPI.item("i\(number)")).status
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses == Array(repeating: 201, count: 64))
            #expect(try await api.find("").count == 64)
        }
    }

    @Test("stac-fastapi#407: of many who create the same Item, one does and the others are told")
    func sameItem() async throws {
        try await TestAPI.run(.live) { api in
            try await api.create([])
            let statuses = try await withThrowingTaskGroup { group in
                for _ in 0..<24 {
                    group.addTask { try await api.send(.post, "/collections/c/items", TestAPI.item("i")).status }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.sorted() == [201] + Array(repeating: 409, count: 23))
            #expect(try await api.find("") == ["i"])
        }
    }

    @Test("pgstac#285: what is acknowledged is there, and what is not there was rejected, when many load at once")
    func parallelBulk() async throws {
        try await TestAPI.run(.live) { api in
            for collection in ["a", "b"] { try await api.create([], in: collection) }
            let created = try await withThrowingTaskGroup { group in
                for load in 0..<8 {
                    let collection = load % 2 == 0 ? "a" : "b"
                    var items = JSONObject()
                    // Neighbouring loads of a collection share half of their Items.
                    for number in (load / 2 * 10)..<(load / 2 * 10 + 20) {
                        items["i\(number)"] = TestAPI.item("i\(number)")
                    }
                    let body: JSONValue = ["items": .object(items)]
                    group.addTask {
                        let response = try await api.send(.post, "/collections/\(collection)/bulk_items", body)
                        let (done, rejected) = (response.json["created"]?.int, response.json["rejected"]?.array?.count)
                        #expect((done ?? 0) + (rejected ?? 0) == 20)
                        return done ?? 0
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(created == 100)
            #expect(try await api.find("").count == 100)
        }
    }

    @Test("PlanetaryComputer#34: searches work while Items are being written")
    func searchWhileWriting() async throws {
        try await TestAPI.run(.live) { api in
            try await api.fill(20)
            try await withThrowingTaskGroup { group in
                for writer in 0..<4 {
                    group.addTask {
                        for number in 0..<10 {
                            let item = TestAPI.item("w\(writer)-\(number)")
                            let response = try await api.send(.post, "/collections/c/items", item)
                            #expect(response.status == 201)
                        }
                    }
                    group.addTask {
                        for _ in 0..<20 {
                            let found = try await api.find("filter=eo:cloud_cover%20%3C%2050")
                            #expect(found.count == 20)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test("stac-fastapi-pgstac#186, stac-fastapi#56: a hundred Items of 30 kB are written by one request")
    func heavyBulk() async throws {
        let filler = JSONValue.string(String(repeating: "x y z ", count: 5_000))
        var items = JSONObject()
        for number in 0..<100 {
            items["i\(number)"] = TestAPI.item(
                "i\(number)", properties: ["datetime": "2024-01-01T00:00:00Z", "filler": filler])
        }
        let body: JSONValue = ["items": .object(items), "method": "upsert"]
        try await TestAPI.run { api in
            try await api.create([])
            let response = try await api.send(.post, "/collections/c/bulk_items", body)
            #expect(response.status == 200 && response.json["created"] == 100)
            #expect(try await api.send(.post, "/collections/c/bulk_items", body).json["unchanged"] == 100)
        }
    }

    @Test("stac-fastapi#614, stac-fastapi-pgstac#64: a conflict among many names the Item")
    func namedConflict() async throws {
        try await TestAPI.run { api in
            try await api.create([TestAPI.item("there")])
            let several: JSONValue = [
                "type": "FeatureCollection", "features": [TestAPI.item("new"), TestAPI.item("there")],
            ]
            let response = try await api.send(.post, "/collections/c/items", several)
            #expect(response.status == 409)
            #expect(response.json["detail"]?.string?.contains("there") == true)
            #expect(try await api.find("") == ["there"], "all or none")
            let bulk = try await api.send(
                .post, "/collections/c/bulk_items",
                ["items": ["new": TestAPI.item("new"), "there": TestAPI.item("there")]])
            #expect(bulk.json["rejected"]?.array?.map { $0["id"]?.string } == ["there"])
        }
    }

    @Test("stac-fastapi#384, stac-fastapi#385, SFEOS#869: the ids of path and body must agree in a PUT")
    func idsAgree() async throws {
        try await TestAPI.run { api in
            try await api.create([TestAPI.item("a")])
            for path in ["/collections/c/items/a", "/collections/c/items/none"] {
                let response = try await api.send(.put, path, TestAPI.item("b"))
                #expect(response.status == 400)
                #expect(response.json["detail"]?.string?.contains("id") == true)
            }
            #expect(try await api.send(.put, "/collections/c", TestAPI.collection("d")).status == 400)
            #expect(try await api.get("/collections/d").status == 404)
            #expect(try await api.find("") == ["a"])
        }
    }

    @Test("SFEOS#814: creating a Collection that exists changes nothing and says so")
    func existingCollection() async throws {
        try await TestAPI.run { api in
            _ = try await api.send(.post, "/collections", TestAPI.collection("c", title: "First"))
            let again = try await api.send(.post, "/collections", TestAPI.collection("c", title: "Second"))
            #expect(again.status == 409)
            #expect(try await api.get("/collections/c").json["title"] == "First")
        }
    }

    @Test("SFEOS#814: creating an Item responds 201 with its address, several 201 without")
    func locations() async throws {
        try await TestAPI.run { api in
            try await api.create([])
            let one = try await api.send(.post, "/collections/c/items", TestAPI.item("a"))
            #expect(one.status == 201)
            #expect(one.headers[.location]?.hasSuffix("/public/api/collections/c/items/a") == true)
            let several = try await api.send(
                .post, "/collections/c/items", ["type": "FeatureCollection", "features": [TestAPI.item("b")]])
            #expect(several.status == 201 && several.headers[.location] == nil)
        }
    }

    private static let writes: [(HTTPRequest.Method, String)] = [
        (.post, "/collections"), (.put, "/collections"), (.put, "/collections/c"), (.patch, "/collections/c"),
        (.delete, "/collections/c"), (.post, "/collections/c/items"), (.put, "/collections/c/items/a"),
        (.patch, "/collections/c/items/a"), (.delete, "/collections/c/items/a"), (.post, "/collections/c/bulk_items"),
    ]

    @Test(
        "stac-server#888, SFEOS#347: no write passes without the token, whichever way it comes",
        arguments: [
            "", "Bearer", "Bearer ", "Bearer wrong", "Basic correct horse", "correct horse", "Bearer correct horse x",
        ])
    func closed(authorization: String) async throws {
        try await TestAPI.run { api in
            try await api.create([TestAPI.item("a")])
            let before = try await api.get("/collections/c/items/a").etag
            for (method, path) in Self.writes {
                let response = try await api.send(
                    method, path, TestAPI.item("a"), headers: [.authorization: authorization])
                #expect(response.status == 401, "\(method) \(path)")
                #expect(response.headers[.wwwAuthenticate]?.hasPrefix("Bearer") == true)
            }
            #expect(try await api.get("/collections/c/items/a").etag == before)
        }
        try await TestAPI.run(token: nil) { api in
            for (method, path) in Self.writes {
                let response = try await api.send(method, path, TestAPI.item("a"))
                #expect(response.status == 403, "\(method) \(path)")
            }
        }
    }

    @Test(
        "stac-server#863: parameters that proxies of other servers add mean nothing here",
        arguments: ["_filter", "_collections"])
    func hiddenParameters(name: String) async throws {
        try await TestAPI.run { api in
            try await api.fill(3)
            #expect(try await api.find("\(name)=x").count == 3)
            #expect(try await api.find(posting: .object([name: ["x"]])).count == 3)
        }
    }
}
