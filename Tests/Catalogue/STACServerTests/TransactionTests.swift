import HTTPTypes
import HummingbirdTesting
import JSON
import NIOCore
import Testing

@testable import STACServer

@Suite("Transactions") struct TransactionTests {
    @Test("create, replace and delete Collections, with both forms of PUT", arguments: [TestingSetup.router, .live])
    func collections(setup: TestingSetup) async throws {
        try await TestAPI.run(setup) { api in
            let missing = try await api.send(.put, "/collections/c", TestAPI.collection("c"))
            #expect(missing.status == 404)
            let created = try await api.send(.post, "/collections", TestAPI.collection("c"))
            #expect(created.status == 201)
            #expect(created.headers[.location]?.hasSuffix("/public/api/collections/c") == true)
            #expect(try await api.send(.post, "/collections", TestAPI.collection("c")).status == 409)

            let read = try await api.get("/collections/c")
            #expect(read.json == created.json)
            #expect(read.etag == created.etag)
            let tag = try #require(read.etag)
            #expect(try await api.get("/collections/c", headers: [.ifNoneMatch: tag]).status == 304)

            let byPath = try await api.send(.put, "/collections/c", TestAPI.collection("c", title: "One"))
            #expect(byPath.status == 200)
            #expect(byPath.json["title"] == "One")
            #expect(byPath.etag != tag)
            let byBody = try await api.send(.put, "/collections", TestAPI.collection("c", title: "Two"))
            #expect(byBody.status == 200)
            #expect(try await api.get("/collections/c").json["title"] == "Two")
            #expect(try await api.send(.put, "/collections/d", TestAPI.collection("c")).status == 400)
            let stale = try await api.send(.put, "/collections", TestAPI.collection("c"), headers: [.ifMatch: tag])
            #expect(stale.status == 412)

            let deleted = try await api.send(.delete, "/collections/c", headers: [.ifMatch: byBody.etag ?? ""])
            #expect(deleted.status == 200)
            #expect(deleted.json == ["deleted collection": "c"])
            #expect(try await api.get("/collections/c").status == 404)
            #expect(try await api.send(.delete, "/collections/c").status == 404)
        }
    }

    @Test("of several Items write what can be written, and say what has become of each")
    func bulkItems() async throws {
        try await TestAPI.run { api in
            try await api.fill(2)
            let path = "/collections/c/bulk_items"
            let changed = TestAPI.item(7, id: "item-01")
            var items: JSONObject = [
                "item-00": TestAPI.item(0), "item-01": changed, "new": TestAPI.item(3, id: "new"),
                "misplaced": TestAPI.item(4, id: "other"), "broken": ["type": "Feature", "id": "broken"],
            ]
            let inserted = try await api.send(.post, path, ["items": .object(items)])
            #expect(inserted.status == 200)
            #expect(inserted.json["created"] == 1 && inserted.json["replaced"] == 0)
            let rejects = inserted.json["rejected"]?.array ?? []
            let statuses = Dictionary(uniqueKeysWithValues: rejects.map { ($0["id"]?.string, $0["status"]?.int) })
            #expect(statuses == ["item-00": 409, "item-01": 409, "misplaced": 400, "broken": 400])
            #expect(rejects.allSatisfy { $0["detail"]?.string?.isEmpty == false })

            items["broken"] = Optional.none
            let upserted = try await api.send(.post, path, ["items": .object(items), "method": "upsert"])
            #expect(upserted.status == 200)
            #expect(upserted.json["created"] == 0 && upserted.json["replaced"] == 1)
            #expect(upserted.json["unchanged"] == 2 && upserted.json["rejected"]?.array?.count == 1)
            #expect(try await api.get("/collections/c/items/item-01").json["properties"] == changed["properties"])
            #expect(try await api.get("/search").json["numberMatched"] == 3)

            let nothing = try await api.send(.post, path, ["items": ["broken": ["id": "broken"]]])
            #expect(nothing.status == 400 && nothing.json["rejected"]?.array?.count == 1)
            for body in [[:], ["items": []], ["items": [:], "method": "merge"], ["items": [:], "method": nil]]
                as [JSONValue]
            {
                #expect(try await api.send(.post, path, body).status == 400)
            }
            #expect(try await api.send(.post, path, ["items": [:]]).status == 200)
            #expect(try await api.send(.post, "/collections/none/bulk_items", ["items": [:]]).status == 404)
            let unauthorized = try await api.send(
                .post, path, ["items": [:]], headers: [.authorization: "Bearer wrong"])
            #expect([401, 403].contains(unauthorized.status))
        }
    }

    @Test("change Items and Collections by merge patches")
    func patches() async throws {
        try await TestAPI.run { api in
            try await api.fill(2)
            let path = "/collections/c/items/item-01"
            let before = try await api.get(path)
            let patch: JSONValue = ["properties": ["eo:cloud_cover": 77, "platform": nil, "note": ["a": 1]]]
            let patched = try await api.send(.patch, path, patch, headers: [.ifMatch: before.etag ?? ""])
            #expect(patched.status == 200)
            #expect(patched.headers[.contentType] == "application/geo+json")
            var expected = try #require(before.json["properties"]?.object)
            expected["eo:cloud_cover"] = 77
            expected["platform"] = nil
            expected["note"] = ["a": 1]
            #expect(patched.json["properties"] == .object(expected))
            #expect(patched.json["assets"] == before.json["assets"])
            #expect(patched.json["links"] == before.json["links"])
            let after = try await api.get(path)
            #expect(after.json == patched.json && after.etag == patched.etag && after.etag != before.etag)
            #expect(try await api.send(.patch, path, patch).etag == after.etag, "nothing changes")
            let found = try await api.send(.post, "/search", ["query": ["eo:cloud_cover": ["eq": 77]]])
            #expect(found.json.ids == ["item-01"])

            let title = try await api.send(.patch, "/collections/c", ["title": "T"])
            #expect(title.status == 200 && title.json["title"] == "T")
            #expect(try await api.get("/collections/c").json == title.json)
        }
    }

    @Test(
        "reject invalid patches, and change nothing",
        arguments: [
            (["properties": ["datetime": "yesterday"]], [:], 400, "properties.datetime"),
            (["properties": nil], [:], 400, "properties"), (["id": "other"], [:], 400, "id"),
            (["collection": "other"], [:], 400, "collection"), ([1], [:], 400, "object"),
            (["properties": [:]], [.ifMatch: "\"99\""], 412, "changed"),
            (["op": "add"], [.contentType: "application/json-patch+json"], 415, "merge patch"),
        ] as [(JSONValue, HTTPFields, Int, String)])
    func badPatches(patch: JSONValue, fields: HTTPFields, status: Int, detail: String) async throws {
        try await TestAPI.run { api in
            try await api.fill(2)
            let path = "/collections/c/items/item-01"
            let before = try await api.get(path)
            let response = try await api.send(.patch, path, patch, headers: fields)
            #expect(response.status == status)
            #expect(response.json["detail"]?.string?.contains(detail) == true, "\(response.json)")
            let after = try await api.get(path)
            #expect(after.json == before.json && after.etag == before.etag)
            #expect(try await api.send(.patch, "/collections/c/items/none", ["a": 1]).status == 404)
            #expect(try await api.send(.patch, "/collections/none", ["a": 1]).status == 404)
        }
    }

    @Test("create, replace and delete Items, also with awkward ids", arguments: ["plain", "a/b c?d#ü%"])
    func items(id: String) async throws {
        try await TestAPI.run { api in
            _ = try await api.send(.post, "/collections", TestAPI.collection("c"))
            let created = try await api.send(.post, "/collections/c/items", TestAPI.item(1, id: id))
            #expect(created.status == 201)
            let location = try #require(created.headers[.location])
            #expect(created.json.link("self")?["href"]?.string == location)
            let tag = try #require(created.etag)
            #expect(try await api.send(.post, "/collections/c/items", TestAPI.item(1, id: id)).status == 409)

            let read = try await api.get(location)
            #expect(read.status == 200)
            #expect(read.json == created.json)
            #expect(read.headers[.contentType] == "application/geo+json")
            #expect(try await api.get(location, headers: [.ifNoneMatch: tag]).status == 304)

            let replaced = try await api.send(.put, location, TestAPI.item(2, id: id), headers: [.ifMatch: tag])
            #expect(replaced.status == 200)
            #expect(replaced.etag != tag)
            #expect(replaced.json["properties"]?["eo:cloud_cover"] == 2)
            for stale in [tag, "\"abc\"", "\"1\", \(tag)"] {
                let response = try await api.send(.put, location, TestAPI.item(3, id: id), headers: [.ifMatch: stale])
                #expect(response.status == 412)
                #expect(try await api.send(.delete, location, headers: [.ifMatch: stale]).status == 412)
            }
            #expect(try await api.send(.put, location, TestAPI.item(3, id: "other")).status == 400)
            #expect(try await api.get(location).etag == replaced.etag)

            let deleted = try await api.send(.delete, location, headers: [.ifMatch: "\(tag), \(replaced.etag ?? "")"])
            #expect(deleted.status == 200)
            #expect(deleted.json == ["deleted item": .string(id)])
            #expect(try await api.get(location).status == 404)
            #expect(try await api.send(.put, location, TestAPI.item(3, id: id)).status == 404)
            #expect(try await api.send(.delete, location).status == 404)
            #expect(try await api.get("/search").json["numberMatched"] == 0)
        }
    }

    @Test("create all Items of a FeatureCollection or none")
    func many() async throws {
        try await TestAPI.run { api in
            _ = try await api.send(.post, "/collections", TestAPI.collection("c"))
            func post(_ items: [JSONValue]) async throws -> TestAPI.Response {
                try await api.send(
                    .post, "/collections/c/items", ["type": "FeatureCollection", "features": .array(items)])
            }
            #expect(try await post([TestAPI.item(1), TestAPI.item(2)]).status == 201)
            let conflict = try await post([TestAPI.item(3), TestAPI.item(2)])
            #expect(conflict.status == 409)
            #expect(conflict.json["detail"]?.string?.contains("item-02") == true)
            let invalid = try await post([TestAPI.item(4), ["type": "Feature", "id": "bad"]])
            #expect(invalid.status == 400)
            #expect(try await api.get("/search").json["numberMatched"] == 2)
            #expect(try await post([]).status == 201)
        }
    }

    @Test(
        "reject other bodies",
        arguments: [
            ("/collections/c/items", "[]", 400), ("/collections/c/items", "{", 400),
            ("/collections/c/items", #"{"type":"Feature"}"#, 400),
            ("/collections/c/items", #"{"type":"FeatureCollection"}"#, 400), ("/collections", "[]", 400),
            ("/collections", #"{"type":"Collection"}"#, 400), ("/collections/x/items", #"{"type":"Feature"}"#, 404),
            ("/search", "[]", 400), ("/search", "{", 400),
        ])
    func rejections(path: String, body: String, status: Int) async throws {
        try await TestAPI.run { api in
            _ = try await api.send(.post, "/collections", TestAPI.collection("c"))
            let response = try await api.client.executeRequest(
                uri: TestAPI.prefix + path, method: .post, headers: [.authorization: "Bearer " + TestAPI.token],
                body: ByteBuffer(string: body))
            #expect(Int(response.status.code) == status, "\(String(buffer: response.body))")
            #expect(response.headers[.contentType] == "application/problem+json")
        }
    }

    @Test("need the operator's token")
    func access() async throws {
        try await TestAPI.run { api in
            let body = TestAPI.collection("c")
            let wrong = try await api.send(.post, "/collections", body, headers: [.authorization: "Bearer x"])
            #expect(wrong.status == 401)
            #expect(wrong.headers[.wwwAuthenticate] == #"Bearer error="invalid_token""#)
            #expect(try await api.get("/collections").json["numberMatched"] == 0)
        }
        try await TestAPI.run(token: nil) { api in
            let response = try await api.send(.delete, "/collections/c")
            #expect(response.status == 403)
            #expect(response.json["detail"]?.string?.contains("TERRABYTE_OPERATOR_TOKEN") == true)
            #expect(try await api.send(.post, "/search", [:]).status == 200)
        }
    }

    @Test("create all of several Collections or none")
    func severalCollections() async throws {
        try await TestAPI.run { api in
            func post(_ ids: [String]) async throws -> TestAPI.Response {
                try await api.send(
                    .post, "/collections", ["collections": .array(ids.map { TestAPI.collection($0) })])
            }
            let created = try await post(["a", "b", "c"])
            #expect(created.status == 201)
            #expect(created.json == ["created": 3])
            let taken = try await post(["d", "b", "e"])
            #expect(taken.status == 409)
            #expect(taken.json["detail"] == "collections[1]: There is a Collection \"b\" already.")
            #expect(try await post(["x", "y", "x"]).status == 409)
            let invalid = try await api.send(
                .post, "/collections", ["collections": [TestAPI.collection("f"), ["type": "Collection"]]])
            #expect(invalid.status == 400)
            #expect(invalid.json["detail"]?.string?.hasPrefix("collections[1]: ") == true)
            #expect(try await api.send(.post, "/collections", ["collections": "a"]).status == 400)
            #expect(try await api.send(.post, "/collections", ["collections": []]).json == ["created": 0])
            let all = try await api.get("/collections").json["collections"]?.array ?? []
            #expect(all.compactMap { $0["id"]?.string } == ["a", "b", "c"])
        }
    }

    @Test("take Items without links, which the API makes itself")
    func itemsWithoutLinks() async throws {
        try await TestAPI.run { api in
            try await api.fill(1)
            func withoutLinks(_ number: Int) -> JSONValue {
                var object = TestAPI.item(number).object ?? [:]
                object["links"] = nil
                return .object(object)
            }
            let created = try await api.send(.post, "/collections/c/items", withoutLinks(5))
            #expect(created.status == 201)
            let relations = created.json["links"]?.array?.compactMap { $0["rel"]?.string }
            #expect(relations?.contains("self") == true)
            let several: JSONValue = ["type": "FeatureCollection", "features": [withoutLinks(6), withoutLinks(7)]]
            #expect(try await api.send(.post, "/collections/c/items", several).status == 201)
            #expect(try await api.send(.put, "/collections/c/items/item-05", withoutLinks(5)).status == 200)
            // Links of the wrong kind are as wrong as ever.
            var object = TestAPI.item(8).object ?? [:]
            object["links"] = "none"
            let rejected = try await api.send(.post, "/collections/c/items", .object(object))
            #expect(rejected.status == 400)
            #expect(rejected.json["detail"]?.string?.hasPrefix("links: must be an array") == true)
        }
    }

    @Test("respond without a body where the client prefers that", arguments: [TestingSetup.router, .live])
    func minimalAnswers(setup: TestingSetup) async throws {
        try await TestAPI.run(setup) { api in
            try await api.fill(1)
            let minimal: HTTPFields = [.prefer: "return=minimal"]
            let path = "/collections/c/items/item-00"
            let replaced = try await api.send(.put, path, TestAPI.item(0), headers: minimal)
            #expect(replaced.status == 204 && replaced.body.readableBytes == 0)
            #expect(replaced.headers[.preferenceApplied] == "return=minimal")
            #expect(replaced.headers[.contentType] == nil)
            let patched = try await api.send(.patch, path, ["properties": ["eo:cloud_cover": 9]], headers: minimal)
            #expect(patched.status == 204)
            let read = try await api.get(path)
            #expect(read.etag == patched.etag && read.json["properties"]?["eo:cloud_cover"] == 9)
            let new = try await api.send(.post, "/collections/c/items", TestAPI.item(3), headers: minimal)
            #expect(new.status == 201 && new.json["id"] == "item-03")
            let other: HTTPFields = [.prefer: "return=representation"]
            #expect(try await api.send(.delete, "/collections/c/items/item-03", headers: other).status == 200)
            #expect(try await api.send(.delete, path, headers: [.prefer: "wait=10, RETURN=minimal; x=y"]).status == 204)
            // What goes wrong is said all the same.
            let missing = try await api.send(.delete, path, headers: minimal)
            #expect(missing.status == 404 && missing.json["detail"] != nil)
            #expect(try await api.send(.delete, "/collections/c", headers: minimal).status == 204)
        }
    }
}
