import Catalogue
import Foundation
import HTTPEdge
import HTTPTypes
import HummingbirdTesting
import JSON
import Testing

@testable import STACServer

@Suite("Locations of assets") struct AssetLocationTests {
    private static let folders = [
        "file=file:///data/ https=https://data.example.org/d/ s3=s3://data/",
        "file=file:///data/deep/ https=https://deep.example.org/",
    ]

    private static func rewritten(_ item: JSONValue, _ name: String?) throws -> JSONValue {
        let json = item.serialized()
        let text = String(decoding: json, as: UTF8.self)
        let links = try #require(text.range(of: #""links":["#))
        let offset = text[..<links.upperBound].utf8.count
        let rewriting = AssetRewriting(locations: try AssetLocations(folders), name: name)
        let result = rewriting.apply(
            to: EncodedItem(collection: "c", id: "i", sequence: 1, json: json, linksOffset: offset))
        #expect(String(decoding: result.json[..<result.linksOffset], as: UTF8.self).hasSuffix(#""links":["#))
        return try JSONValue(parsing: result.json)
    }

    private static func item(_ assets: JSONValue, extensions: JSONValue? = [], assetsFirst: Bool = false) -> JSONValue {
        var item: JSONObject = ["type": "Feature"]
        if let extensions { item["stac_extensions"] = extensions }
        if assetsFirst { item["assets"] = assets }
        item["links"] = [["rel": "derived_from", "href": "file:///data/a"]]
        if !assetsFirst { item["assets"] = assets }
        return .object(item)
    }

    @Test("put hrefs where the client can reach them, and the others under alternate", arguments: [true, false])
    func rewriting(assetsFirst: Bool) throws {
        let item = Self.item(
            ["a": ["title": "A", "href": "file:///data/x/ä b.tif", "n": 1.50]], assetsFirst: assetsFirst)
        let result = try Self.rewritten(item, "s3")
        #expect(
            result["assets"]?["a"] == [
                "title": "A", "href": "s3://data/x/ä b.tif",
                "alternate": [
                    "file": ["href": "file:///data/x/ä b.tif"],
                    "https": ["href": "https://data.example.org/d/x/ä b.tif"],
                ], "n": JSONValue(1.5),
            ])
        #expect(result["stac_extensions"] == [.string(AssetRewriting.schema)])
        #expect(result["links"] == item["links"])
        let kept = try Self.rewritten(item, nil)
        #expect(kept["assets"]?["a"]?["href"] == "file:///data/x/ä b.tif")
        #expect(kept["assets"]?["a"]?["alternate"]?.object?.names == ["https", "s3"])
    }

    @Test("take the longest prefix, and leave what lies in no folder")
    func prefixes() throws {
        let item = Self.item([
            "deep": ["href": "https://deep.example.org/a"], "other": ["href": "https://elsewhere.org/a"],
            "relative": ["href": "./a.tif"], "none": ["title": "no href"], "odd": 7,
        ])
        let assets = try #require(try Self.rewritten(item, "file")["assets"])
        #expect(assets["deep"]?["href"] == "file:///data/deep/a")
        #expect(assets["deep"]?["alternate"] == ["https": ["href": "https://deep.example.org/a"]])
        for name in ["other", "relative", "none", "odd"] { #expect(assets[name] == item["assets"]?[name]) }
        // There is no s3 for that folder: the href stays.
        #expect(try Self.rewritten(item, "s3")["assets"]?["deep"]?["href"] == "https://deep.example.org/a")
    }

    @Test("keep alternates that the Item has, and do not add twice")
    func existing() throws {
        let alternate: JSONValue = ["s3": ["href": "s3://own/x", "alternate:name": "mine"]]
        let item = Self.item(
            [
                "a": ["href": "file:///data/x", "alternate": alternate],
                "b": ["href": "file:///data/y", "alternate": [:]],
            ],
            extensions: nil)
        let once = try Self.rewritten(item, "https")
        #expect(once["assets"]?["a"]?["alternate"]?["s3"] == alternate["s3"])
        #expect(once["assets"]?["a"]?["alternate"]?["file"] == ["href": "file:///data/x"])
        #expect(once["assets"]?["b"]?["alternate"]?.object?.names == ["file", "s3"])
        #expect(once["stac_extensions"]?.array?.count == 1)
        #expect(try Self.rewritten(once, "https") == once)
        let untouched = Self.item(["a": ["href": "https://elsewhere.org/a"]])
        #expect(try Self.rewritten(untouched, "https") == untouched)
    }

    @Test(
        "must be named locations",
        arguments: [
            "file=file:///data/", "file:///a/ s3=s3://b/", "file=a s3=s3://b/", "stored=file:///a/ s3=s3://b/",
            "a=file:///a/ a=s3://b/", "A=file:///a/ s3=s3://b/", "",
        ])
    func wrong(folder: String) {
        #expect(throws: InvalidAssetLocation.self) { try AssetLocations([folder]) }
    }

    private static func configuration() throws -> STACServer.Configuration {
        var configuration = STACServer.Configuration()
        configuration.assetLocations = try AssetLocations(folders)
        configuration.assetLocation = "https"
        return configuration
    }

    @Test("are chosen by request, also page after page", arguments: [TestingSetup.router, .live])
    func requests(setup: TestingSetup) async throws {
        try await TestAPI.run(setup, configuration: Self.configuration()) { api in
            try await api.fill(3)
            func href(_ json: JSONValue?) -> String? { json?["assets"]?["data"]?["href"]?.string }
            let item = "/collections/c/items/item-01"
            let standard = try await api.get(item)
            #expect(href(standard.json) == "https://data.example.org/d/1")
            let s3 = try await api.get(item + "?asset-location=s3")
            #expect(href(s3.json) == "s3://data/1")
            let stored = try await api.get(item + "?asset-location=stored")
            #expect(href(stored.json) == "file:///data/1")
            #expect(stored.json["assets"]?["data"]?["alternate"] == nil)
            #expect(Set([standard.etag, s3.etag, stored.etag]).count == 3)
            #expect(
                try await api.get(item + "?asset-location=s3", headers: [.ifNoneMatch: s3.etag ?? ""]).status == 304)
            #expect(try await api.get(item, headers: [.ifNoneMatch: s3.etag ?? ""]).status == 200)
            // Whichever form was read, it is the same version that is replaced.
            let patched = try await api.send(
                .patch, item, ["properties": ["x": 1]], headers: [.ifMatch: s3.etag ?? ""])
            #expect(patched.status == 200)

            let wrong = try await api.get(item + "?asset-location=ftp")
            #expect(wrong.status == 400)
            #expect(wrong.json["detail"]?.string?.contains("must be one of stored, file, https, s3") == true)

            var page = try await api.get("/search?limit=1&asset-location=s3")
            #expect(href(page.json["features"]?[0])?.hasPrefix("s3://data/") == true)
            let next = try #require(page.json["links"]?.array?.first { $0["rel"] == "next" }?["href"]?.string)
            page = try await api.get(next)
            #expect(href(page.json["features"]?[0])?.hasPrefix("s3://data/") == true)
            page = try await api.send(.post, "/search", ["limit": 1, "asset-location": "file"])
            #expect(href(page.json["features"]?[0])?.hasPrefix("file:///data/") == true)
            let body = try #require(page.json["links"]?.array?.first { $0["rel"] == "next" }?["body"])
            page = try await api.send(.post, "/search", body)
            #expect(href(page.json["features"]?[0])?.hasPrefix("file:///data/") == true)
            #expect(try await api.send(.post, "/search", ["asset-location": 7]).status == 400)
        }
    }

    /// Items with hrefs in a folder, elsewhere, and with alternates of their own.
    private static let authored: JSONValue = [
        "data": ["href": "file:///data/1", "title": "Data"], "other": ["href": "https://elsewhere.org/a"],
        "own": [
            "href": "s3://data/2", "alternate": ["ftp": ["href": "ftp://x/2"], "https": ["href": "https://own/2"]],
        ],
    ]

    @Test(
        "come back to where they were when a client changes and returns an Item",
        arguments: [
            "", "?asset-location=file", "?asset-location=https", "?asset-location=s3", "?asset-location=stored",
        ])
    func roundTrip(query: String) async throws {
        try await TestAPI.run(configuration: Self.configuration()) { api in
            try await api.fill(1)
            let path = "/collections/c/items/item-07"
            let stored = path + "?asset-location=stored"
            for extensions in [[], nil, ["https://example.org/x"], [.string(AssetRewriting.schema)]] as [JSONValue?] {
                var item = try #require(TestAPI.item(7).object)
                item["assets"] = Self.authored
                item["stac_extensions"] = extensions ?? Optional.none
                #expect(
                    try await api.send(.post, "/collections/c/items?asset-location=stored", .object(item)).status == 201
                )
                let before = try await api.get(stored)
                // What is read is put: nothing has changed.
                let read = try await api.get(path + query)
                #expect(try await api.send(.put, path, read.json).status == 200)
                #expect(try await api.get(stored).json == before.json)
                // One change is the only one.
                var changed = try #require(read.json.object)
                changed["properties"] = read.json["properties"]?.merged(with: ["eo:cloud_cover": 5])
                #expect(try await api.send(.put, path, .object(changed)).status == 200)
                var expected = try #require(before.json.object)
                expected["properties"] = before.json["properties"]?.merged(with: ["eo:cloud_cover": 5])
                #expect(try await api.get(stored).json == .object(expected))
                let assets = try #require(read.json["assets"])
                #expect(try await api.send(.patch, path, ["assets": assets]).status == 200)
                #expect(try await api.get(stored).json == .object(expected))
                let bulk: JSONValue = ["items": ["item-07": .object(changed)], "method": "upsert"]
                #expect(try await api.send(.post, "/collections/c/bulk_items", bulk).json["unchanged"] == 1)
                #expect(try await api.send(.delete, path).status == 200)
            }
        }
    }

    @Test("are stored as the client writes them where they are new, and without what the server would generate")
    func newAssets() async throws {
        try await TestAPI.run(configuration: Self.configuration()) { api in
            try await api.fill(1)
            let path = "/collections/c/items/item-00"
            let read = try await api.get(path)
            // A copy, as it was read, under another id.
            var copy = try #require(read.json.object)
            copy["id"] = "copy"
            #expect(try await api.send(.post, "/collections/c/items", .object(copy)).status == 201)
            let stored = try await api.get("/collections/c/items/copy?asset-location=stored")
            #expect(stored.json["assets"] == ["data": ["href": "https://data.example.org/d/0"]])
            #expect(stored.json["stac_extensions"] == nil)
            // Another file, and a new asset.
            let assets: JSONValue = ["data": ["href": "https://data.example.org/d/9"], "new": ["href": "s3://data/8"]]
            #expect(try await api.send(.patch, path, ["assets": assets]).status == 200)
            let changed = try await api.get(path + "?asset-location=stored")
            #expect(changed.json["assets"] == assets)
            // With asset-location=stored the body is taken by the letter.
            let moved: JSONValue = ["assets": ["data": ["href": "s3://data/9"]]]
            #expect(try await api.send(.patch, path + "?asset-location=stored", moved).status == 200)
            #expect(
                try await api.get(path + "?asset-location=stored").json["assets"]?["data"]?["href"] == "s3://data/9")
        }
    }

    @Test("go by the client's network")
    func networks() async throws {
        var configuration = try Self.configuration()
        configuration.assetNetworks = [(IPNetworks.loopback, "file")]
        try await TestAPI.run(.live, configuration: configuration) { api in
            try await api.fill(1)
            for _ in 0..<2 {
                let item = try await api.get("/collections/c/items/item-00")
                #expect(item.json["assets"]?["data"]?["href"] == "file:///data/0")
            }
        }
    }
}
