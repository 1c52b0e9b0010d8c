import HTTPTypes
import HummingbirdTesting
import JSON
import Testing

@testable import STACServer

/// Source: [RFC 9110, section 13.1](https://www.rfc-editor.org/rfc/rfc9110#section-13.1).
@Suite("Preconditions of writes") struct PreconditionTests {
    @Test(
        "If-None-Match: * creates an Item or a Collection, and changes none", arguments: [TestingSetup.router, .live])
    func creating(setup: TestingSetup) async throws {
        try await TestAPI.run(setup) { api in
            let any: HTTPFields = [.ifNoneMatch: "*"]
            for (path, body, other) in [
                ("/collections/c", TestAPI.collection("c"), TestAPI.collection("c", title: "Other")),
                ("/collections/c/items/item-01", TestAPI.item(1), TestAPI.item(2, id: "item-01")),
            ] {
                let created = try await api.send(.put, path, body, headers: any)
                #expect(created.status == 201)
                #expect(created.headers[.location]?.hasSuffix(path) == true)
                #expect(created.etag != nil)
                #expect(try await api.send(.put, path, other, headers: any).status == 412)
                #expect(try await api.send(.patch, path, ["title": "Other"], headers: any).status == 412)
                #expect(try await api.send(.delete, path, headers: any).status == 412)
                let read = try await api.get(path)
                #expect(read.json == created.json && read.etag == created.etag)
            }
            let byBody = try await api.send(.put, "/collections", TestAPI.collection("c"), headers: any)
            #expect(byBody.status == 412)
            #expect(try await api.send(.put, "/collections", TestAPI.collection("d"), headers: any).status == 201)
            // What is wrong is wrong all the same.
            #expect(try await api.send(.put, "/collections/e", TestAPI.collection("f"), headers: any).status == 400)
            #expect(try await api.send(.put, "/collections/none/items/i", TestAPI.item(1), headers: any).status == 404)
            #expect(try await api.send(.delete, "/collections/c/items/none", headers: any).status == 404)
        }
    }

    @Test(
        "If-Match compares strongly, If-None-Match weakly; both take lists and *",
        arguments: [
            ("If-Match", "TAG", true), ("If-Match", "W/TAG", false), ("If-Match", "\"0\", TAG", true),
            ("If-Match", "\"0\", W/TAG", false), ("If-Match", "W/\"0\",TAG", true), ("If-Match", "*", true),
            ("If-Match", " * ", true), ("If-Match", "\"x,y\"", false), ("If-Match", "", false),
            ("If-None-Match", "TAG", false), ("If-None-Match", "W/TAG", false), ("If-None-Match", "\"0\"", true),
            ("If-None-Match", "\"0\", W/TAG", false), ("If-None-Match", "*", false),
        ])
    func comparison(header: String, value: String, isMet: Bool) async throws {
        try await TestAPI.run { api in
            for (path, change) in [
                ("/collections/c", ["title": "Other"]),
                ("/collections/c/items/item-00", ["properties": ["eo:cloud_cover": 77]]),
            ] as [(String, JSONValue)] {
                try await api.fill(1)
                let before = try await api.get(path)
                let field = try #require(HTTPField.Name(header))
                let fields: HTTPFields = [field: value.replacing("TAG", with: before.etag ?? "")]
                var document = try #require(before.json.object)
                for member in change.object ?? [:] {
                    document[member.name] = (document[member.name] ?? [:]).merged(with: member.value)
                }
                let put = try await api.send(.put, path, .object(document), headers: fields)
                #expect(put.status == (isMet ? 200 : 412))
                _ = try await api.send(.put, path, before.json)
                let again = try await api.get(path).etag ?? ""
                let newFields: HTTPFields = [field: value.replacing("TAG", with: again)]
                #expect(try await api.send(.delete, path, headers: newFields).status == (isMet ? 200 : 412))
                if isMet { _ = try await api.send(.delete, "/collections/c") }
            }
        }
    }

    @Test("an Item whose collection is not that of the URL is refused, however it comes")
    func otherCollection() async throws {
        try await TestAPI.run { api in
            try await api.fill(1)
            let foreign = TestAPI.item(1, collection: "d")
            let place = "/collections/c/items"
            for (method, path, body) in [
                (.post, place, foreign), (.put, place + "/item-00", TestAPI.item(0, collection: "d")),
                (.patch, place + "/item-00", ["collection": "d"]),
                (.post, place, ["type": "FeatureCollection", "features": [TestAPI.item(2), foreign]]),
                (.post, "/collections/c/bulk_items", ["items": ["item-01": foreign]]),
            ] as [(HTTPRequest.Method, String, JSONValue)] {
                let response = try await api.send(method, path, body)
                #expect(response.status == 400)
                #expect(response.json.jsonText.contains("collection"), "\(response.json)")
            }
            #expect(try await api.get("/search").json.ids == ["item-00"])
            var without = try #require(TestAPI.item(3).object)
            without["collection"] = Optional.none
            let added = try await api.send(.post, place, .object(without))
            #expect(added.status == 201 && added.json["collection"] == "c")
        }
    }

    @Test("ids that URLs drop are refused, however they come", arguments: [".", "..", "%2e", "%2E."])
    func dotSegments(id: String) async throws {
        try await TestAPI.run { api in
            try await api.fill(1)
            let escaped = id.replacing("%", with: "%25").replacing(".", with: "%2E")
            for (method, path, body) in [
                (.post, "/collections", TestAPI.collection(id)),
                (.post, "/collections", ["collections": [TestAPI.collection(id)]]),
                (.put, "/collections/\(escaped)", TestAPI.collection(id)),
                (.post, "/collections/c/items", TestAPI.item(1, id: id)),
                (.put, "/collections/c/items/\(escaped)", TestAPI.item(1, id: id)),
                (.post, "/collections/c/bulk_items", ["items": [id: TestAPI.item(1, id: id)]]),
                (.patch, "/collections/c/items/item-00", ["id": .string(id)]),
            ] as [(HTTPRequest.Method, String, JSONValue)] {
                let response = try await api.send(method, path, body)
                #expect(response.status == 400, "\(method) \(path) \(response.json)")
            }
            #expect(try await api.get("/collections").json["numberMatched"] == 1)
            #expect(try await api.get("/search").json.ids == ["item-00"])
        }
    }
}
