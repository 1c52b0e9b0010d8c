import Foundation
import JSON
import Parquet
import STACGeoParquet
import Temporal
import TestDocuments
import Testing

/// Files of other writers, and what stac-geoparquet for Python makes of them.
@Suite("Items in files of others") struct OtherFilesTests {
    /// What stac-geoparquet reads in files of other writers: their first Items.
    private static let expected = (try? Document.all(in: "geoparquet", endingIn: ".first5.items.ndjson")) ?? []

    @Test("are there", .withSharedDocuments)
    func shared() {
        #expect(Self.expected.count { $0.folder == .shared } >= 4)
    }

    @Test("are those that stac-geoparquet reads", arguments: expected)
    func otherWriters(document: Document) throws {
        let name = try #require(document.path.split(separator: "/").last).replacing(".first5.items.ndjson", with: "")
        let items = try items(document.neighbour(name + ".parquet").bytes())
        let expected = try document.lines()
        #expect(items.count >= expected.count && !expected.isEmpty)
        for (item, expected) in zip(items, expected) {
            // No value there is null, and none at all here.
            #expect(difference(normalized(item), normalized(expected)) == nil)
        }
    }

    @Test("with assets as JSON text are whole", arguments: try Document.all(in: "terrabyte", endingIn: ".parquet"))
    func assetsAsText(document: Document) throws {
        let items = try items(document.bytes())
        // The same Items, in the same order.
        let lines = try #require(document.folder.documents(in: "terrabyte", endingIn: ".items.ndjson.gz").first)
        let expected = try lines.lines()
        #expect(items.count == expected.count && !items.isEmpty)
        for (item, expected) in zip(items, expected) {
            #expect(difference(normalized(item), normalized(expected)) == nil)
        }
    }

    @Test(
        "from before version 1.0 have boxes and times as well",
        arguments: try ["stac-geoparquet", "planetary-computer-tasks", "before-1.0"].flatMap {
            try Document.all(in: "geoparquet/\($0)", endingIn: ".parquet")
        })
    func legacy(document: Document) throws {
        let items = try items(document.bytes())
        #expect(!items.isEmpty)
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

    @Test(
        "a file without Items is rejected",
        arguments: try Document.all(in: "geoparquet/ogc-geoparquet", endingIn: "/example.parquet")
            + Document.all(in: "geoparquet/no-items", endingIn: ".parquet"))
    func noItems(document: Document) throws {
        let file = try document.bytes()
        let error = try #require(throws: ItemFileError.self) { _ = try items(file) }
        #expect("\(error)" == "no column \"id\": this is not a file of Items")
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
