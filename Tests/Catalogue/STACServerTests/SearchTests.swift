import Compression
import HTTPTypes
import HummingbirdTesting
import JSON
import NIOCore
import Testing

@testable import STACServer

@Suite("Search") struct SearchTests {
    @Test(
        "finds the same by GET and POST",
        arguments: [
            ("", [:], 20), ("ids=item-03,item-05,x", ["ids": ["item-03", "item-05", "x"]], 2),
            ("collections=c", ["collections": ["c"]], 20), ("collections=x", ["collections": ["x"]], 0),
            ("bbox=2.2,9,4.2,11", ["bbox": [2.2, 9, 4.2, 11]], 3),
            ("datetime=2024-01-03T00:00:00Z/..", ["datetime": "2024-01-03T00:00:00Z/.."], 18),
            ("datetime=2024-01-03T10:00:00Z", ["datetime": "2024-01-03T10:00:00Z"], 1),
            (
                "filter=eo:cloud_cover%20%3C%205",
                ["filter": ["op": "<", "args": [["property": "eo:cloud_cover"], 5]]], 5
            ),
            ("query=%7B%22platform%22:%7B%22endsWith%22:%22b%22%7D%7D", ["query": ["platform": ["endsWith": "b"]]], 10),
            (
                "intersects=%7B%22type%22:%22Point%22,%22coordinates%22:[3.1,10.1]%7D",
                ["intersects": ["type": "Point", "coordinates": [3.1, 10.1]]], 1
            ),
            ("foo=bar", ["foo": "bar"], 20), ("q=SENTINEL", ["q": ["sentinel"]], 20),
            ("q=2b,x", ["q": ["2b", "x"]], 10), ("q=sentinel-2b%20-2a", ["q": "sentinel-2b -2a"], 10),
            ("q=2b%20AND%202a", ["q": "2b AND 2a"], 0),
            ("q=2a&bbox=2.2,9,4.2,11", ["q": ["2a"], "bbox": [2.2, 9, 4.2, 11]], 2),
        ] as [(String, JSONValue, Int)])
    func matches(query: String, body: JSONValue, matched: Int) async throws {
        try await TestAPI.run { api in
            try await api.fill(20)
            for response in [try await api.get("/search?" + query), try await api.send(.post, "/search", body)] {
                #expect(response.status == 200)
                #expect(response.headers[.contentType] == "application/geo+json")
                #expect(response.json["numberMatched"]?.int == matched)
                #expect(response.json["numberReturned"]?.int == min(matched, 10))
                #expect(response.json.ids.count == min(matched, 10))
                #expect(response.json.link("root") != nil)
            }
        }
    }

    @Test("turns pages forth and back, by GET and by POST", arguments: [TestingSetup.router, .live])
    func paging(setup: TestingSetup) async throws {
        try await TestAPI.run(setup) { api in
            try await api.fill(20)
            let expected = (0..<20).map { "item-\($0 < 10 ? "0" : "")\($0)" }
            for isPost in [false, true] {
                var pages: [[String]] = []
                var link: JSONValue? =
                    isPost
                    ? [
                        "href": "/search", "method": "POST",
                        "body": [
                            "limit": 7, "sortby": [["field": "eo:cloud_cover", "direction": "asc"]], "kept": true,
                        ],
                    ] : ["href": "/search?limit=7&sortby=%2Bproperties.eo:cloud_cover&kept=true"]
                var rel = "next"
                while let next = link, pages.count < 6 {
                    let href = try #require(next["href"]?.string)
                    if isPost { #expect(next["body"]?["kept"] == true) } else { #expect(href.contains("kept=true")) }
                    let response =
                        isPost ? try await api.send(.post, href, next["body"]) : try await api.get(href)
                    #expect(response.json["numberMatched"] == 20)
                    pages.append(response.json.ids)
                    if pages.count == 3 {
                        #expect(response.json.link("next") == nil)
                        rel = "prev"
                    }
                    link = response.json.link(rel)
                }
                #expect(pages.count == 5)
                #expect(pages.prefix(3).flatMap(\.self) == expected)
                #expect(pages[3] == pages[1])
                #expect(pages[4] == pages[0])
            }
        }
    }

    @Test("gives a Collection's Items, or 404 without the Collection")
    func items() async throws {
        try await TestAPI.run { api in
            try await api.fill(3)
            let response = try await api.get("/collections/c/items?limit=2&collections=ignored")
            #expect(response.json["numberMatched"] == 3)
            #expect(response.json.ids.count == 2)
            let next = try #require(response.json.link("next")?["href"]?.string)
            #expect(next.contains("/collections/c/items?"))
            #expect(try await api.get(next).json.ids.count == 1)
            #expect(try await api.get("/collections/x/items").status == 404)
        }
    }

    @Test("returns Items as they came in, with the API's links before their own")
    func wholeItems() async throws {
        try await TestAPI.run { api in
            try await api.fill(1)
            let found = try #require(try await api.get("/search").json["features"]?[0])
            #expect(
                found["links"]?.array?.map { $0["rel"]?.string } == [
                    "self", "parent", "collection", "root", "derived_from",
                ])
            var object = try #require(found.object)
            object["links"] = TestAPI.item(0)["links"]
            #expect(JSONValue.object(object) == TestAPI.item(0))
            let own = try #require(found.link("self")?["href"]?.string)
            #expect(own == "http://localhost/public/api/collections/c/items/item-00")
            #expect(try await api.get(own).json == found)
        }
    }

    @Test("leaves out what is not asked for")
    func fields() async throws {
        try await TestAPI.run { api in
            try await api.fill(1)
            let few = try await api.get("/search?fields=-assets,-links,-geometry,-bbox")
            let item = try #require(few.json["features"]?[0]?.object)
            #expect(Set(item.names) == ["type", "stac_version", "id", "collection", "properties"])
            let some = try await api.send(.post, "/search", ["fields": ["include": ["properties.platform"]]])
            let properties = try #require(some.json["features"]?[0]?["properties"]?.object)
            #expect(properties.names == ["platform"])
        }
    }

    @Test(
        "rejects wrong parameters by name",
        arguments: [
            ("limit=0", "limit"), ("bbox=1,2", "bbox"), ("datetime=now", "datetime"), ("filter=a%20%3C", "filter"),
            ("token=x", "token"), ("sortby=geometry", "sortby"), ("filter=nosuch(a)%3D1", "filter"),
        ])
    func rejections(query: String, name: String) async throws {
        try await TestAPI.run { api in
            try await api.fill(1)
            let response = try await api.get("/search?" + query)
            #expect(response.status == 400)
            #expect(response.headers[.contentType] == "application/problem+json")
            #expect(response.json["code"] == "InvalidParameter")
            #expect(
                response.json["detail"]?.string?.hasPrefix("Parameter '\(name)' ") == true, "\(response.json.jsonText)")
            #expect(response.json["description"] == response.json["detail"])
        }
    }

    @Test("responds to HEAD without a body, and compresses large pages")
    func heads() async throws {
        try await TestAPI.run { api in
            try await api.fill(31)
            let head = try await api.send(.head, "/search")
            #expect(head.status == 200)
            #expect(head.body.readableBytes == 0)
            let plain = try await api.get("/search?limit=100")
            #expect(plain.body.readableBytes > TestAPI.gzipMinimumByteCount)
            #expect(plain.headers[.contentEncoding] == nil)
            let packed = try await api.get("/search?limit=100", headers: [.acceptEncoding: "gzip"])
            #expect(packed.headers[.contentEncoding] == "gzip")
            #expect(packed.body.readableBytes * 4 < plain.body.readableBytes)
        }
    }
}
