import HTTPTypes
import HummingbirdTesting
import JSON
import Testing

@testable import STACServer

@Suite("Collections say what their Items determine") struct CollectionDescriptionTests {
    private static let stored: JSONValue = [
        "type": "Collection", "stac_version": "1.1.0", "id": "c", "description": "For tests", "license": "other",
        "extent": [
            "spatial": ["bbox": [[-10, -10, 10, 10]]], "temporal": ["interval": [["2015-01-01T00:00:00Z", nil]]],
        ],
        "summaries": [
            "platform": ["sentinel-2c"], "gsd": [10, 20], "instruments": ["msi"],
            "eo:cloud_cover": ["minimum": 0, "maximum": 100],
        ], "links": [],
    ]

    private func fill(_ api: TestAPI, _ numbers: Range<Int>) async throws {
        _ = try await api.send(
            .post, "/collections/c/items",
            ["type": "FeatureCollection", "features": .array(numbers.map { TestAPI.item($0) })])
    }

    @Test("current after every write, and the curator's when there are none")
    func current() async throws {
        try await TestAPI.run { api in
            _ = try await api.send(.post, "/collections", Self.stored)
            let empty = try await api.get("/collections/c").json
            #expect(empty["extent"] == Self.stored["extent"])
            #expect(empty["summaries"] == Self.stored["summaries"])
            #expect(empty["stats:items"] == ["count": 0])
            // What only the curator's extent meets.
            let search = "/collections?bbox=-9,-9,-8,-8"
            #expect(try await api.get(search).json["numberMatched"] == 1)

            try await fill(api, 0..<6)
            let full = try await api.get("/collections/c").json
            #expect(full["extent"]?["spatial"]?["bbox"] == [[0, 10, 5.5, 10.5]])
            #expect(
                full["extent"]?["temporal"]?["interval"] == [["2024-01-01T10:00:00Z", "2024-01-06T10:00:00Z"]])
            #expect(full["summaries"]?["eo:cloud_cover"] == ["minimum": 0, "maximum": 5])
            #expect(full["summaries"]?["platform"] == ["sentinel-2a", "sentinel-2b"])
            #expect(full["summaries"]?["gsd"] == [10, 20] && full["summaries"]?["instruments"] == ["msi"])
            #expect(full["stats:items"] == ["count": 6])
            #expect(full["stac_extensions"] == ["https://stac-extensions.github.io/stats/v0.2.0/schema.json"])
            #expect(try await api.get("/collections").json["collections"] == [full])
            #expect(try await api.get(search).json["numberMatched"] == 0)
            #expect(try await api.get("/collections?bbox=3,10,4,11").json["numberMatched"] == 1)

            for number in [0, 5] { _ = try await api.send(.delete, "/collections/c/items/item-0\(number)") }
            var changed = try #require(TestAPI.item(1).object)
            var properties = try #require(changed["properties"]?.object)
            properties["platform"] = "sentinel-2a"
            changed["properties"] = .object(properties)
            _ = try await api.send(.put, "/collections/c/items/item-01", .object(changed))
            _ = try await api.send(.delete, "/collections/c/items/item-03")
            let fewer = try await api.get("/collections/c").json
            #expect(fewer["extent"]?["spatial"]?["bbox"] == [[1, 10, 4.5, 10.5]])
            #expect(
                fewer["extent"]?["temporal"]?["interval"] == [["2024-01-02T10:00:00Z", "2024-01-05T10:00:00Z"]])
            #expect(fewer["summaries"]?["eo:cloud_cover"] == ["minimum": 1, "maximum": 4])
            #expect(fewer["summaries"]?["platform"] == ["sentinel-2a"])
            #expect(fewer["stats:items"] == ["count": 3])

            for number in [1, 2, 4] { _ = try await api.send(.delete, "/collections/c/items/item-0\(number)") }
            #expect(try await api.get("/collections/c").json == empty)
        }
    }

    @Test("across the antimeridian where the Items are")
    func antimeridian() async throws {
        try await TestAPI.run { api in
            _ = try await api.send(.post, "/collections", Self.stored)
            for (id, west) in [("w", 178.0), ("e", -179.5)] {
                var item = try #require(TestAPI.item(0, id: id).object)
                item["geometry"] = ["type": "Point", "coordinates": [JSONValue(west), -17]]
                item["bbox"] = [JSONValue(west), -17, JSONValue(west), -17]
                _ = try await api.send(.post, "/collections/c/items", .object(item))
            }
            #expect(
                try await api.get("/collections/c").json["extent"]?["spatial"]?["bbox"] == [[178, -17, -179.5, -17]])
        }
    }

    @Test("without becoming the curator's when they are written back")
    func roundTrip() async throws {
        try await TestAPI.run { api in
            _ = try await api.send(.post, "/collections", Self.stored)
            let empty = try await api.get("/collections/c")
            try await fill(api, 0..<6)
            let got = try await api.get("/collections/c")
            #expect(got.etag != empty.etag)

            // Other Items have come in between: the tag's version is still that of the Collection.
            try await fill(api, 6..<8)
            let current = try await api.get("/collections/c")
            #expect(current.etag != got.etag)
            let tag = try #require(got.etag)
            let put = try await api.send(.put, "/collections/c", got.json, headers: [.ifMatch: tag])
            #expect(put.status == 200)
            #expect(put.json == current.json && put.etag == current.etag)

            // What is changed is the curator's, the rest is not.
            var edited = try #require(got.json.object)
            edited["description"] = "Other"
            var summaries = try #require(edited["summaries"]?.object)
            summaries["gsd"] = [10]
            edited["summaries"] = .object(summaries)
            #expect(try await api.send(.put, "/collections/c", .object(edited), headers: [.ifMatch: tag]).status == 200)
            #expect(try await api.send(.put, "/collections/c", got.json, headers: [.ifMatch: tag]).status == 412)
            for number in 0..<8 { _ = try await api.send(.delete, "/collections/c/items/item-0\(number)") }
            var expected = try #require(empty.json.object)
            expected["description"] = "Other"
            var written = try #require(expected["summaries"]?.object)
            written["gsd"] = [10]
            expected["summaries"] = .object(written)
            #expect(try await api.get("/collections/c").json == .object(expected))

            _ = try await api.send(
                .patch, "/collections/c", ["extent": ["temporal": ["interval": [["2020-01-01T00:00:00Z", nil]]]]])
            #expect(
                try await api.get("/collections/c").json["extent"]?["temporal"]?["interval"]
                    == [["2020-01-01T00:00:00Z", nil]])
        }
    }

    @Test("in tags that change with what is served, and only then")
    func tags() async throws {
        try await TestAPI.run { api in
            _ = try await api.send(.post, "/collections", Self.stored)
            try await fill(api, 0..<4)
            let first = try await api.get("/collections/c")
            let tag = try #require(first.etag)
            #expect(try await api.get("/collections/c", headers: [.ifNoneMatch: tag]).status == 304)
            // Another asset changes nothing that the Collection says.
            var item = try #require(TestAPI.item(1).object)
            item["assets"] = ["other": ["href": "x"]]
            _ = try await api.send(.put, "/collections/c/items/item-01", .object(item))
            #expect(try await api.get("/collections/c", headers: [.ifNoneMatch: tag]).status == 304)
            try await fill(api, 4..<5)
            let second = try await api.get("/collections/c", headers: [.ifNoneMatch: tag])
            #expect(second.status == 200 && second.etag != tag)
            _ = try await api.send(.delete, "/collections/c/items/item-04")
            #expect(try await api.get("/collections/c").etag == tag)
        }
    }
}
