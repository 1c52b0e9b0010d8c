import Foundation
import JSON
import Parquet
import STACGeoParquet
import SharedTestData
import Temporal
import Testing

/// Files of other writers, and what stac-geoparquet for Python makes of them.
@Suite("Items in files of others", .enabled(if: SharedData.isPresent, "needs shared/data")) struct OtherFilesTests {
    static let rustacFiles = ["100-sentinel-2-items", "extended-item", "opr-one", "sentinel-1-global-mosaics"]

    @Test("are those that stac-geoparquet reads", arguments: rustacFiles)
    func otherWriters(name: String) throws {
        let items = try items(SharedData.bytes("geoparquet/rustac/\(name).parquet"))
        let expected = try lines("geoparquet/rustac/\(name).first5.items.ndjson")
        #expect(items.count >= expected.count && !expected.isEmpty)
        for (item, expected) in zip(items, expected) {
            // No value there is null, and none at all here.
            #expect(difference(normalized(item), normalized(expected)) == nil)
        }
    }

    @Test("with assets as JSON text are whole")
    func assetsAsText() throws {
        let items = try items(SharedData.bytes("terrabyte/Sentinel-2-L2A_20190127_20190202.parquet"))
        let expected = try lines("terrabyte/sentinel-2-c1-l2a.items.ndjson.gz")
        #expect(items.count == 293)
        #expect(expected.count == 293)
        for (item, expected) in zip(items, expected) {
            #expect(difference(normalized(item), normalized(expected)) == nil)
        }
    }

    @Test(
        "from before version 1.0 have boxes and times as well",
        arguments: ["stac-geoparquet/naip", "planetary-computer-tasks/aster-l1t-subset"])
    func legacy(name: String) throws {
        let items = try items(SharedData.bytes("geoparquet/\(name).parquet"))
        #expect(items.count == 5)
        for item in items {
            #expect(item["type"] == "Feature")
            #expect(item["bbox"]?.array?.count == 4)
            #expect(item["geometry"]?["type"] == "Polygon")
            #expect(item["properties"]?["datetime"]?.string.flatMap { Timestamp($0) } != nil)
            #expect(item["properties"]?["proj:epsg"]?.int != nil)
            #expect(item["assets"]?.object?.allSatisfy { $0.value["href"]?.string != nil } == true)
            #expect(item["links"]?.array?.isEmpty == false)
        }
    }

    @Test("a file without Items is rejected")
    func noItems() throws {
        let file = try SharedData.bytes("geoparquet/ogc-geoparquet/example.parquet")
        let error = try #require(throws: ItemFileError.self) { _ = try items(file) }
        #expect("\(error)" == "no column \"id\": this is not a file of Items")
    }

    private func lines(_ path: String) throws -> [JSONValue] {
        try SharedData.bytes(path).split(separator: 0x0a).map { try JSONValue(parsing: Array($0)) }
    }

    /// Without nulls but for `geometry` and `datetime`, and instants in one format.
    private func normalized(_ value: JSONValue, _ name: String = "") -> JSONValue {
        switch value {
        case .object(let object):
            var kept = JSONObject()
            for member in object where !member.value.isNull || ["geometry", "datetime"].contains(member.name) {
                kept[member.name] = normalized(member.value, member.name)
            }
            return .object(kept)
        case .array(let array): return .array(array.map { normalized($0) })
        case .string(let text):
            return Timestamp(text).map { .string($0.description) } ?? value
        default: return value
        }
    }
}
