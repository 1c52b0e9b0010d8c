import CatalogueSQLite
import Compression
import Foundation
import HTTPTypes
import HummingbirdTesting
import JSON
import NIOCore
import STACAPI
import TestKit
import Testing

@testable import Catalogue
@testable import HTTPEdge
@testable import STACServer

@Suite("Items by lines") struct ItemStreamTests {
    private static let lines: HTTPFields = [.accept: "application/x-ndjson"]

    private static func items(_ response: TestAPI.Response) throws -> [JSONValue] {
        try response.body.readableBytesView.split(separator: UInt8(ascii: "\n")).map {
            try JSONValue(parsing: Array($0))
        }
    }

    @Test("are all that match, or as many as are wanted, as pages have them", arguments: [TestingSetup.router, .live])
    func lines(setup: TestingSetup) async throws {
        try await TestAPI.run(setup) { api in
            try await api.fill(30)
            let page = try await api.get("/search?limit=100")
            let all = try await api.get("/search", headers: Self.lines)
            #expect(all.status == 200)
            #expect(all.headers[.contentType] == "application/x-ndjson")
            #expect(try Self.items(all) == page.json["features"]?.array)
            for (path, body, count) in [
                ("/search?limit=7", nil, 7), ("/search?bbox=2.2,9,4.2,11", nil, 3), ("/search?ids=none", nil, 0),
                ("/collections/c/items", nil, 30), ("/search", ["limit": 12, "fields": ["include": ["id"]]], 12),
            ] as [(String, JSONValue?, Int)] {
                let response = try await api.send(body == nil ? .get : .post, path, body, headers: Self.lines)
                #expect(response.status == 200)
                #expect(try Self.items(response).count == count, "\(path)")
            }
            let wrong = try await api.get("/search?limit=x", headers: Self.lines)
            #expect(wrong.status == 400 && wrong.json["code"] == "InvalidParameter")
            #expect(try await api.get("/collections/none/items", headers: Self.lines).status == 404)
            let plain = try await api.get("/search", headers: [.accept: "application/geo+json, application/json"])
            #expect(plain.json["type"] == "FeatureCollection")
        }
    }

    @Test("come compressed to those who take it")
    func compressed() async throws {
        try await TestAPI.run(.live) { api in
            try await api.fill(20)
            let plain = try await api.get("/search", headers: Self.lines)
            let packed = try await api.get(
                "/search", headers: [.accept: "application/x-ndjson", .acceptEncoding: "gzip"])
            #expect(packed.headers[.contentEncoding] == "gzip")
            #expect(packed.body.readableBytes < plain.body.readableBytes / 2)
        }
    }

    @Test("are cut into pages without loss, whatever their size", arguments: [1, 2, 7, 29, 30, 31], [5, 30, 100])
    func pages(pageSize: Int, limit: Int) throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let catalogue = try CatalogueEngine(home: directory.path)
        _ = try catalogue.putCollection(TestAPI.collection("c").serialized(), id: nil, .create, ifMatch: nil)
        try catalogue.createItems((0..<30).map { TestAPI.item($0).serialized() }, in: "c")
        let location = APILocation(LinkBase("http://h"))
        for isCompressed in [false, true] {
            let stream = try ItemStream(
                SearchRequest(), limit: limit, ItemWriter(location), isCompressed: isCompressed, pageSize: pageSize,
                Cancellation()
            ) { request, _ in try catalogue.search(request) }
            var (bytes, parts): ([UInt8], Int) = ([], 0)
            while let part = try stream.next(Cancellation()) {
                bytes += part.readableBytesView
                parts += 1
            }
            if isCompressed {
                let file = try directory.write(bytes, to: "packed")
                bytes = try decoded(FileStream(path: file)).readToEnd()
            }
            let expected = try catalogue.search(SearchRequest(limit: limit))
            var writer = ItemWriter(location)
            #expect(bytes == Array(try writer.lines(expected.items).readableBytesView))
            let count = min(30, limit)
            #expect(parts == (count + pageSize - 1) / pageSize)
            #expect(try stream.next(Cancellation()) == nil)
        }
    }
}
