import HTTPTypes
import HummingbirdTesting
import JSON
import NIOCore
import Parquet
import STACGeoParquet
import Testing

@testable import STACServer

@Suite("Items as GeoParquet") struct ItemFileTests {
    private static let file: HTTPFields = [.accept: "application/vnd.apache.parquet"]

    private static func items(_ response: TestAPI.Response) throws -> [JSONValue] {
        let file = try ParquetFile(MemoryByteSource(Array(response.body.readableBytesView)))
        let reader = try ItemFileReader(file: file)
        return try file.rowGroups.indices.flatMap { group in
            try reader.items(inRowGroup: group, rows: 0..<file.rowGroups[group].rowCount)
                .map { try JSONValue(parsing: $0) }
        }
    }

    @Test("hold what the page has")
    func pages() async throws {
        try await TestAPI.run(.router) { api in
            try await api.fill(30)
            for (path, count) in [
                ("/search?limit=12", 12), ("/collections/c/items?limit=100", 30), ("/search?ids=none", 0),
            ] {
                let page = try await api.get(path)
                let response = try await api.get(path, headers: Self.file)
                #expect(response.status == 200)
                #expect(response.headers[.contentType] == "application/vnd.apache.parquet")
                let items = try Self.items(response)
                #expect(items.count == count)
                #expect(items.map { $0["id"] } == page.json["features"]?.array?.map { $0["id"] })
                #expect(
                    items.map { $0["properties"]?["datetime"] }
                        == page.json["features"]?.array?.map { $0["properties"]?["datetime"] })
                #expect(response.headers[HTTPField.Name("OGC-NumberReturned")!] == String(count))
            }
            let first = try await api.get("/search?limit=12", headers: Self.file)
            #expect(first.headers[values: HTTPField.Name("Link")!].contains { $0.hasSuffix("rel=\"next\"") })
            #expect(try await api.get("/search?limit=x", headers: Self.file).status == 400)
        }
    }
}
