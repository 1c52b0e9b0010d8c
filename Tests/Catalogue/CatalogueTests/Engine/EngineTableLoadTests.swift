import Foundation
import ItemInput
import JSON
import SharedTestData
import TestKit
import Testing

@testable import Catalogue

/// Real files of this platform and of others.
@Suite("Loading GeoParquet", .enabled(if: SharedData.isPresent, "needs shared/data")) struct EngineTableLoadTests {
    static let itemCounts = [
        "terrabyte/Sentinel-2-L2A_20190127_20190202.parquet": 293,
        "geoparquet/rustac/100-sentinel-2-items.parquet": 100,
        "geoparquet/rustac/extended-item.parquet": 1,
        "geoparquet/rustac/opr-one.parquet": 1,
        "geoparquet/rustac/sentinel-1-global-mosaics.parquet": 4,
        "geoparquet/stac-geoparquet/naip.parquet": 5,
        "geoparquet/planetary-computer-tasks/aster-l1t-subset.parquet": 5,
    ]

    @Test("takes every Item of it", arguments: itemCounts.keys.sorted())
    func wholeFile(name: String) async throws {
        let folder = try TemporaryDirectory()
        let catalogue = try folder.catalogue()
        let path = try #require(SharedData.folder).appending(path: name).path
        let (report, rejects) = try await catalogue.load(path)
        #expect(rejects.isEmpty, "\(rejects.prefix(3))")
        #expect(report.created == Self.itemCounts[name])
        #expect(try catalogue.ids().count == Self.itemCounts[name])
        let again = try await catalogue.load(path)
        #expect(again.report.unchanged == report.created)
    }

    @Test("gives the Items that were there before")
    func sameItems() async throws {
        let folder = try TemporaryDirectory()
        let catalogue = try folder.catalogue()
        let data = try #require(SharedData.folder)
        try await catalogue.load(
            data.appending(path: "terrabyte/Sentinel-2-L2A_20190127_20190202.parquet").path)
        let lines = try SharedData.bytes("terrabyte/sentinel-2-c1-l2a.items.ndjson.gz").split(separator: 0x0a)
        #expect(lines.count == 293)
        for line in lines {
            let expected = try JSONValue(parsing: Array(line))
            let id = try #require(expected["id"]?.string)
            let item = try JSONValue(parsing: catalogue.item(id: id, in: "a").json)
            #expect(item["geometry"] == expected["geometry"])
            #expect(item["bbox"] == expected["bbox"])
            #expect(item["assets"] == expected["assets"])
            #expect(item["properties"]?["s2:tile_id"] == expected["properties"]?["s2:tile_id"])
        }
    }
}
