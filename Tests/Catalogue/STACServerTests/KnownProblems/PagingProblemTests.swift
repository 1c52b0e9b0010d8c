import HTTPTypes
import JSON
import Testing

@testable import STACServer

/// What users of other servers ran into when turning pages; `docs/reference/known-problems.md` tells of each.
@Suite("Known problems of paging") struct PagingProblemTests {
    @Test(
        "stac-server#589, pystac-client#629, earth-search#27: sorted pages come to an end, with every Item once",
        arguments: ["+eo:cloud_cover", "-properties.eo:cloud_cover", "platform", "-platform,+id", "nowhere", ""],
        SearchMethod.allCases)
    func sortedPagesEnd(sort: String, method: SearchMethod) async throws {
        try await TestAPI.run { api in
            try await api.fill(20)
            let keys = sort.split(separator: ",").map { JSONValue(String($0)) }
            let pages = try await api.pages(
                method, query: "limit=3&sortby=" + sort.replacing("+", with: "%2B"),
                body: ["limit": 3, "sortby": .array(keys)])
            #expect(pages.count == 7)
            #expect(Set(pages.flatMap(\.ids)).count == 20)
            #expect(pages.flatMap(\.ids).count == 20)
        }
    }

    @Test("stac-server#242, stac-server#1161: the id decides between equals, so that none is skipped at a page's edge")
    func ties() async throws {
        try await TestAPI.run { api in
            try await api.create((0..<17).map { TestAPI.item("t\($0)", properties: Self.sameDay) })
            for query in ["limit=4", "limit=4&sortby=datetime", "limit=4&sortby=-eo:cloud_cover"] {
                let ids = try await api.pages("/search?" + query).flatMap(\.ids)
                #expect(ids.count == 17 && Set(ids).count == 17, "\(query)")
            }
        }
    }

    private static let sameDay: JSONValue = ["datetime": "2024-01-01T00:00:00Z", "eo:cloud_cover": 5]

    @Test("PlanetaryComputer#163: equals of several Collections, with equal ids, are distinguished at a page's edge")
    func equalIDs() async throws {
        try await TestAPI.run { api in
            for collection in ["a", "b", "c"] {
                try await api.create((0..<5).map { TestAPI.item("t\($0)", properties: Self.sameDay) }, in: collection)
            }
            let pages = try await api.pages("/search?limit=2&sortby=eo:cloud_cover")
            let found = pages.flatMap { $0["features"]?.array ?? [] }
            #expect(found.count == 15)
            #expect(Set(found.map { "\($0["collection"]!)/\($0["id"]!)" }).count == 15)
        }
    }

    @Test(
        "stac-server#608, stac-server#1082, SFEOS#322, SFEOS#756: Items without datetime are paged through like others",
        arguments: ["", "&sortby=datetime", "&sortby=-properties.datetime", "&sortby=start_datetime"])
    func nullDatetime(sort: String) async throws {
        try await TestAPI.run { api in
            let intervals = (0..<9).map { number in
                TestAPI.item(
                    "i\(number)",
                    properties: [
                        "datetime": nil, "start_datetime": .string("2024-01-0\(number + 1)T00:00:00Z"),
                        "end_datetime": "2024-02-01T00:00:00Z",
                    ])
            }
            try await api.create(intervals + (0..<4).map { TestAPI.item("d\($0)") })
            let ids = try await api.pages("/search?limit=2" + sort).flatMap(\.ids)
            #expect(ids.count == 13 && Set(ids).count == 13)
        }
    }

    @Test("stac-server#1135: tokens survive commas, quotes and other characters in what is sorted by")
    func oddTokens() async throws {
        let names = ["a,b", "a,b,c", "\"", "\\", "ä ö", "=&?#%", "-1", "null", "日本", "{}", "'"]
        try await TestAPI.run { api in
            try await api.create(
                names.map {
                    TestAPI.item($0, properties: ["datetime": "2024-01-01T00:00:00Z", "title": .string($0)])
                })
            for query in ["limit=1", "limit=1&sortby=title", "limit=2&sortby=-title,id"] {
                let ids = try await api.pages("/search?" + query).flatMap(\.ids)
                #expect(ids.count == names.count && Set(ids) == Set(names), "\(query)")
            }
        }
    }

    @Test(
        "stac-server#823, stac-server#1135: pages go on when the sort key is excluded, or fields is an empty object",
        arguments: [
            ["exclude": ["properties.eo:cloud_cover", "properties.datetime"]], ["include": ["id"]], [:],
            ["exclude": ["properties", "id", "links"]],
        ] as [JSONValue])
    func excludedSortKey(fields: JSONValue) async throws {
        try await TestAPI.run { api in
            try await api.fill(10)
            let pages = try await api.pages(posting: [
                "limit": 3, "sortby": [["field": "eo:cloud_cover", "direction": "desc"]], "fields": fields,
            ])
            #expect(pages.map { $0["features"]?.array?.count } == [3, 3, 3, 1])
            let members = pages.map { $0["features"]?[0]?.object?.names }
            #expect(Set(members).count == 1, "later pages show the same of each Item as the first")
        }
    }

    @Test(
        "SFEOS#242, pystac-client#334, pystac-client#617: the last page has no next link, also when it is full",
        arguments: [(10, 5), (10, 10), (10, 11), (1, 1), (0, 5)])
    func lastPage(count: Int, limit: Int) async throws {
        try await TestAPI.run { api in
            try await api.fill(count)
            let pages = try await api.pages("/search?limit=\(limit)")
            #expect(pages.count == max(1, (count + limit - 1) / limit))
            #expect(pages.last?.link("next") == nil)
            #expect(pages.flatMap(\.ids).count == count)
        }
    }

    @Test("stac-server#219, sat-search#115: a next link repeats sortby and area as the client wrote them")
    func nextLinkRepeats() async throws {
        try await TestAPI.run { api in
            try await api.fill(20)
            let area = #"{"type":"Polygon","coordinates":[[[0,0],[90,0],[90,50],[0,50],[0,0]]]}"#
            let query = [
                QueryPair(name: "sortby", value: "-datetime,+id"), QueryPair(name: "intersects", value: area),
                QueryPair(name: "collections", value: "c,d"), QueryPair(name: "limit", value: "3"),
            ]
            let page = try await api.get("/search?" + QueryPair.query(query)).json
            let href = try #require(page.link("next")?["href"]?.string)
            let mark = try #require(href.firstIndex(of: "?"))
            let pairs = try QueryPair.pairs(in: String(href[mark...].dropFirst()))
            #expect(pairs.filter { $0.name != "token" } == query)
            #expect(try await api.pages("/search?" + QueryPair.query(query)).flatMap(\.ids).count == 20)
        }
    }

    @Test("stac-fastapi#37: the next link of a GET is a GET, that of a POST is a POST with its body")
    func linkMethods() async throws {
        try await TestAPI.run { api in
            try await api.fill(4)
            let get = try #require(try await api.get("/search?limit=2").json.link("next"))
            #expect([nil, "GET"].contains(get["method"]?.string))
            #expect(get["href"]?.string?.contains("token=") == true && get["body"] == nil)
            let body: JSONValue = ["limit": 2, "collections": ["c"]]
            let post = try #require(try await api.send(.post, "/search", body).json.link("next"))
            #expect(post["method"] == "POST" && post["body"]?["collections"] == ["c"])
            #expect(post["href"]?.string?.contains("?") == false)
        }
    }

    @Test(
        "SFEOS#807, SFEOS#439: prev and self links work after a POST as after a GET", arguments: SearchMethod.allCases)
    func previousAndSelf(method: SearchMethod) async throws {
        try await TestAPI.run { api in
            try await api.fill(9)
            let pages = try await api.pages(method, query: "limit=2&sortby=id", body: ["limit": 2, "sortby": ["id"]])
            for (number, page) in pages.enumerated() {
                let own = try #require(page.link("self"))
                #expect(try await api.follow(own).json.ids == page.ids)
                guard number > 0 else {
                    #expect(page.link("prev") == nil)
                    continue
                }
                let previous = try #require(page.link("prev"))
                #expect(try await api.follow(previous).json.ids == pages[number - 1].ids)
            }
        }
    }

    @Test("stac-fastapi#731: a Collection's Items have a second page")
    func itemsOfCollection() async throws {
        try await TestAPI.run { api in
            try await api.fill(7)
            let pages = try await api.pages("/collections/c/items?limit=3")
            #expect(pages.map(\.ids.count) == [3, 3, 1])
            #expect(Set(pages.flatMap(\.ids)).count == 7)
        }
    }

    @Test("stac-fastapi-geoparquet#18: pages over several Collections come to an end")
    func severalCollections() async throws {
        try await TestAPI.run { api in
            for collection in ["a", "b", "c"] {
                try await api.create((0..<5).map { TestAPI.item($0, id: "\(collection)\($0)") }, in: collection)
            }
            let pages = try await api.pages("/search?collections=a,c&limit=3")
            let expected = ["a", "c"].flatMap { collection in (0..<5).map { "\(collection)\($0)" } }
            #expect(pages.flatMap(\.ids).sorted() == expected)
        }
    }

    @Test(
        "pgstac v0.10: a token that is none is rejected, instead of giving the first page again",
        arguments: ["x", "next:c:item-01", "prev:item-01", "bnVsbA", "W10", "%7B%7D", "AAAA", "2", "WyJuIiwxXQ"])
    func malformedTokens(token: String) async throws {
        try await TestAPI.run { api in
            try await api.fill(4)
            for path in ["/search?limit=2&token=", "/collections/c/items?limit=2&token="] {
                let response = try await api.get(path + token)
                #expect(response.status == 400)
                #expect(response.json["detail"]?.string?.hasPrefix("Parameter 'token' ") == true)
            }
            let posted = try await api.send(.post, "/search", ["limit": 2, "token": .string(token)])
            #expect(posted.status == 400)
        }
    }

    @Test("pgstac v0.10: a token goes on where its page ended, though Items have been deleted there since")
    func replayAfterDeletions() async throws {
        try await TestAPI.run { api in
            try await api.fill(12)
            let next = try #require(try await api.get("/search?limit=4&sortby=id").json.link("next"))
            for number in ["02", "03", "04", "05"] {
                _ = try await api.send(.delete, "/collections/c/items/item-\(number)")
            }
            for _ in 0..<2 {
                let page = try await api.follow(next).json
                #expect(page.ids == ["item-06", "item-07", "item-08", "item-09"])
                #expect(page["numberMatched"] == 8)
            }
            for number in ["06", "07", "08", "09", "10", "11"] {
                _ = try await api.send(.delete, "/collections/c/items/item-\(number)")
            }
            let empty = try await api.follow(next)
            #expect(empty.status == 200 && empty.json.ids.isEmpty && empty.json.link("next") == nil)
        }
    }

    @Test("stac-server v4.5: links do not grow from page to page")
    func linksDoNotGrow() async throws {
        try await TestAPI.run { api in
            try await api.fill(31)
            let pages = try await api.pages("/search?limit=1&sortby=id&filter=eo:cloud_cover%20%3E=%200")
            let lengths = pages.compactMap { $0.link("next")?["href"]?.string?.utf8.count }
            #expect(pages.count == 31 && Set(lengths).count == 1)
        }
    }

    @Test("stac-auth-proxy#64: links repeat what the client has sent, and add the token alone")
    func linksAddNothing() async throws {
        try await TestAPI.run { api in
            try await api.fill(4)
            let body: JSONObject = ["limit": 1, "filter": ["op": ">", "args": [["property": "eo:cloud_cover"], 0]]]
            let page = try await api.send(.post, "/search", .object(body)).json
            var next = try #require(page.link("next")?["body"]?.object)
            next["token"] = Optional.none
            #expect(next == body)
        }
    }
}
