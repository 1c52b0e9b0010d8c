import JSON
import Parquet
import STACGeoParquet
import TestDocuments
import TestKit
import Testing

@testable import Catalogue

/// Files of this platform and of others.
@Suite("Loading GeoParquet") struct EngineTableLoadTests {
    private static let folders = [
        "terrabyte", "geoparquet/rustac", "geoparquet/stac-geoparquet", "geoparquet/planetary-computer-tasks",
        "geoparquet/writers", "geoparquet/before-1.0",
    ]
    private static let files =
        (try? folders.flatMap { try Document.all(in: $0, endingIn: ".parquet") }) ?? []

    @Test("real ones are there", .withSharedDocuments)
    func shared() {
        #expect(Self.files.count { $0.folder == .shared } >= 7)
    }

    /// The Collection that the Items name.
    private static func owner(of document: Document) throws -> String {
        let reader = try ItemFileReader(file: ParquetFile(MemoryByteSource(document.bytes())))
        var owner: String?
        _ = try reader.next { _, item in
            owner = (try? item.get()).flatMap { text in
                try? JSONReader().read(text) { $0.member("collection")?.string }
            }
        }
        return owner ?? "a"
    }

    @Test("takes every Item of it", arguments: files)
    func wholeFile(document: Document) async throws {
        let folder = try TemporaryDirectory()
        let catalogue = try folder.catalogue()
        let rowCount = try ParquetFile(MemoryByteSource(document.bytes())).metadata.rowCount
        let owner = try Self.owner(of: document)
        try catalogue.putCollection(owner)
        let (report, rejects) = try await catalogue.load(document.file, into: owner)
        #expect(rejects.isEmpty, "\(rejects.prefix(3))")
        #expect(report.created == rowCount && rowCount > 0)
        #expect(try catalogue.ids().count == rowCount)
        let again = try await catalogue.load(document.file, into: owner)
        #expect(again.report.unchanged == report.created)
    }

    @Test("gives the Items that were there before", arguments: try Document.all(in: "terrabyte", endingIn: ".parquet"))
    func sameItems(document: Document) async throws {
        let folder = try TemporaryDirectory()
        let catalogue = try folder.catalogue()
        let owner = try Self.owner(of: document)
        try catalogue.putCollection(owner)
        try await catalogue.load(document.file, into: owner)
        let lines = try #require(document.folder.documents(in: "terrabyte", endingIn: ".items.ndjson.gz").first)
        for expected in try lines.lines() {
            let id = try #require(expected["id"]?.string)
            let item = try JSONValue(parsing: catalogue.item(id: id, in: owner).json)
            #expect(item["geometry"] == expected["geometry"])
            #expect(item["bbox"] == expected["bbox"])
            #expect(item["assets"] == expected["assets"])
            #expect(item["properties"]?["platform"] == expected["properties"]?["platform"])
            #expect(item["properties"]?["s2:tile_id"] == expected["properties"]?["s2:tile_id"])
        }
    }
}
