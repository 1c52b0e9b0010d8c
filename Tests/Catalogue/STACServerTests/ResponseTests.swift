import Catalogue
import HTTPEdge
import HTTPTypes
import JSON
import NIOCore
import STACAPI
import Testing

@testable import STACServer

@Suite("Responses") struct ResponseTests {
    private static let location = APILocation(LinkBase("http://h/public/api"))

    /// - Parameter links: The Item's own links, as JSON.
    private static func item(_ id: String, in collection: String = "c", links: String = "") -> EncodedItem {
        let start = #"{"type":"Feature","id":"\#(id)","links":["#
        return EncodedItem(
            collection: collection, id: id, sequence: 1, json: Array((start + links + #"],"assets":{}}"#).utf8),
            linksOffset: start.utf8.count)
    }

    @Test("put an Item's generated links before its own")
    func itemLinks() throws {
        let generated =
            #"{"rel":"self","type":"application/geo+json","href":"http://h/public/api/collections/a%2Fb/items/i%20%C3%BC"},"#
            + #"{"rel":"parent","type":"application/json","href":"http://h/public/api/collections/a%2Fb"},"#
            + #"{"rel":"collection","type":"application/json","href":"http://h/public/api/collections/a%2Fb"},"#
            + #"{"rel":"root","type":"application/json","href":"http://h/public/api/"}"#
        let plain = ItemWriter.buffer(Self.item("i ü", in: "a/b"), Self.location)
        #expect(String(buffer: plain) == #"{"type":"Feature","id":"i ü","links":[\#(generated)],"assets":{}}"#)
        let own = #"{"rel":"license","href":"x"}"#
        let linked = ItemWriter.buffer(Self.item("i ü", in: "a/b", links: own), Self.location)
        #expect(String(buffer: linked) == #"{"type":"Feature","id":"i ü","links":[\#(generated),\#(own)],"assets":{}}"#)
    }

    @Test("join Items of several collections to a page, allocating once")
    func pages() throws {
        let items = [Self.item("a"), Self.item("b", in: "d", links: "{}"), Self.item("c")]
        let page = SearchPage(items: items, matched: 17)
        let buffer = try ItemWriter.buffer(page, [Link("self", "t", "u")], Self.location, nil)
        let json = try JSONValue(parsing: String(buffer: buffer))
        #expect(json["type"] == "FeatureCollection")
        #expect(json["numberMatched"] == 17)
        #expect(json["numberReturned"] == 3)
        #expect(json["links"] == [["rel": "self", "type": "t", "href": "u", "title": "This document"]])
        #expect(json["features"]?.array?.map { $0["id"]?.string } == ["a", "b", "c"])
        let hrefs = json["features"]?.array?.compactMap { $0["links"]?[0]?["href"]?.string }
        #expect(hrefs == ["c/items/a", "d/items/b", "c/items/c"].map { "http://h/public/api/collections/" + $0 })
        #expect(json["features"]?[1]?["links"]?.array?.count == 5)
        let empty = try ItemWriter.buffer(SearchPage(items: [], matched: 0), [], Self.location, nil)
        #expect(
            String(buffer: empty)
                == #"{"type":"FeatureCollection","numberMatched":0,"numberReturned":0,"links":[],"features":[]}"#)
    }

    @Test("hold only the wanted members, generated links among them")
    func selection() throws {
        let page = SearchPage(items: [Self.item("a")], matched: 1)
        let selection = FieldSelection(include: nil, exclude: ["links", "assets"])
        let buffer = try ItemWriter.buffer(page, [], Self.location, selection)
        #expect(String(buffer: buffer).hasSuffix(#""features":[{"type":"Feature","id":"a"}]}"#))
        let linked = try ItemWriter.buffer(page, [], Self.location, FieldSelection(include: ["links"], exclude: []))
        #expect(try JSONValue(parsing: String(buffer: linked))["features"]?[0]?["links"]?.array?.count == 4)
    }

    @Test("lead to the next and previous page with all parameters kept")
    func paging() throws {
        let next = SearchCursor(.forward, [.string("n")])
        let previous = SearchCursor(.backward, [.string("p")])
        let page = SearchPage(items: [], matched: 0, next: next, previous: previous)
        let query = try QueryPair.pairs(in: "limit=5&sortby=%2Ba,-b&token=old&x=%22")
        let get = PagingLinks.get(page, "http://h/search", query)
        #expect(get.map(\.rel) == ["next", "prev"])
        #expect(get[0].href == "http://h/search?limit=5&sortby=%2Ba%2C-b&x=%22&token=" + next.token)
        #expect(get[1].href == "http://h/search?limit=5&sortby=%2Ba%2C-b&x=%22&token=" + previous.token)
        let post = PagingLinks.post(page, "http://h/search", ["limit": 5, "token": "old", "foo": [1.50]])
        #expect(
            post[0].json == [
                "rel": "next", "type": "application/geo+json", "href": "http://h/search", "title": "Next page",
                "method": "POST", "body": ["limit": 5, "token": .string(next.token), "foo": [1.50]], "merge": false,
            ])
        #expect(PagingLinks.get(SearchPage(items: [], matched: 0), "u", []).isEmpty)
    }

    @Test(
        "put a Collection's generated links wherever its own are",
        arguments: [
            (#"{"id":"c","links":[]}"#, 0), (#"{"id":"c" , "links" : [ {"rel":"license","href":"x"} ] }"#, 1),
            (#"{"id":"c"}"#, 0), (#"{"id":"c","links":[{"rel":"a"},{"rel":"b"}],"title":"T"}"#, 2),
        ])
    func collections(text: String, ownCount: Int) throws {
        let stored = StoredCollection(number: 1, id: "c", sequence: 3, body: Array(text.utf8))
        var output: [UInt8] = []
        let document = try CollectionDocument(stored)
        document.write(Self.location, to: &output)
        let json = try JSONValue(parsing: output)
        #expect(json["id"] == "c")
        let generated = ["self", "parent", "root", "items", "child", Relation.queryables, Relation.sortables]
        #expect(json["links"]?.array?.prefix(generated.count).map { $0["rel"]?.string } == generated)
        // And two of aggregations.
        #expect(json["links"]?.array?.count == generated.count + 2 + ownCount)
        #expect(document.title == (ownCount == 2 ? "T" : nil))
    }

    @Test(
        "to errors of the catalogue have the right status",
        arguments: [
            (CatalogueError.Code.noSuchCollection, 404), (.noSuchItem, 404), (.itemExists, 409),
            (.collectionExists, 409), (.preconditionFailed, 412), (.invalid, 400), (.storeFull, 507), (.storeBusy, 503),
            (.storeDamaged, 500), (.indexDamaged, 503), (.storeFailed, nil),
        ] as [(CatalogueError.Code, Int?)])
    func problems(code: CatalogueError.Code, status: Int?) {
        #expect(Problem(CatalogueError(code, "m") as any Error)?.status.code == status)
    }
}
