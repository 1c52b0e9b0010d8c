import Geo
import ItemInput
import JSON
import STACAPI
import TestKit
import Testing

@testable import Catalogue

@Suite("Loading Items of several Collections") struct EngineCollectionLoadTests {
    private let folder: TemporaryDirectory
    private let catalogue: CatalogueEngine

    init() throws {
        folder = try TemporaryDirectory()
        catalogue = try folder.catalogue()
    }

    private static func item(_ id: String, of collection: String?) -> String {
        let text = Samples.item(id)
        return collection.map { text.replacing("\"links\"", with: "\"collection\":\"\($0)\",\"links\"") } ?? text
    }

    @Test("an Item of another Collection is rejected")
    func others() async throws {
        let lines = [Self.item("1", of: "a"), Self.item("2", of: "b"), Self.item("3", of: nil)]
        let (report, rejects) = try await catalogue.load(folder.write(lines: lines, to: "x.ndjson"))
        #expect(report.created == 2 && report.rejected == 1)
        #expect(rejects.map(\.path) == ["collection"])
        #expect(rejects.first?.reason == "is \"b\", but the Item is to be written to \"a\"")
        #expect(try catalogue.ids() == ["1", "3"])
    }

    @Test("each Item goes into its own Collection")
    func byCollection() async throws {
        try catalogue.putCollection("b")
        let lines = (0..<1_000).map { Self.item("i-\($0)", of: $0 % 3 == 0 ? "a" : $0 % 3 == 1 ? "b" : "new") }
        let odd = [
            Self.item("none", of: nil), Self.item("lost", of: "missing"), "{\"collection\":\"a\"}", "{",
            "{\"a\":1,\"a\":1}",
        ]
        let input = try ItemInput(paths: [folder.write(lines: lines + odd, to: "x.ndjson")])
        var rejects: [LoadReject] = []
        var progress: [LoadReport] = []
        let report = try await catalogue.loadByCollection(
            input, creates: { if $0 == "new" { try catalogue.putCollection($0) } }, onReject: { rejects.append($0) },
            onProgress: { progress.append($0) })
        #expect(report.created == 1_000 && report.read == 1_005 && report.rejected == 5)
        #expect(
            Set(rejects.map { $0.location.split(separator: ":").last }) == ["1001", "1002", "1003", "1004", "1005"])
        #expect(rejects.first { $0.location.hasSuffix(":1002") }?.reason == "there is no Collection \"missing\"")
        #expect(report.consumedBytes == report.totalBytes)
        #expect(progress.map(\.created) == progress.map(\.created).sorted())
        for (collection, count) in [("a", 334), ("b", 333), ("new", 333)] {
            #expect(try catalogue.search(SearchRequest(collections: [collection], limit: 0)).matched == count)
        }
        let again = try await catalogue.loadByCollection(input)
        #expect(again.unchanged == 1_000)
        #expect(try catalogue.verify() == [])
    }

    @Test("latitudes half a cell beyond a pole are taken for the pole, and counted")
    func beyondPoles() async throws {
        let polygon = #"{"type":"Polygon","coordinates":[[[0,89],[9,89],[9,90.125],[0,90.125],[0,89]]]}"#
        let line = Samples.item("grid").replacing(#"{"type":"Point","coordinates":[11.0,48]}"#, with: polygon)
            .replacing("[11.0,48,11.0,48]", with: "[0,89,9,90.125]")
        let far = line.replacing("grid", with: "far").replacing("90.125", with: "91")
        let (report, rejects) = try await catalogue.load(
            folder.write(lines: [Samples.item("plain"), line, far], to: "x.ndjson"))
        #expect(report.created == 2 && report.beyondPoles == 1)
        #expect(rejects.map(\.path) == ["geometry"])
        let area = SearchRequest(area: Geometry.polar, limit: 10)
        #expect(try catalogue.search(area).items.map(\.id) == ["grid"])
        // As it was written.
        #expect(String(decoding: try catalogue.item(id: "grid", in: "a").json, as: UTF8.self).contains("90.125"))
    }

    @Test("Items of earlier versions of STAC are migrated when that is wanted")
    func migrating() async throws {
        let old = Samples.item("old", extra: #","eo:gsd":10,"eo:epsg":32632"#).replacing("1.0.0", with: "0.8.1")
        let path = try folder.write(lines: [old, Samples.item("new")], to: "x.ndjson")
        #expect(try await catalogue.load(path).report.rejected == 1)
        let report = try await catalogue.load(ItemInput(paths: [path]), into: "a", migrates: true)
        #expect(report.rejected == 0 && report.created == 1)
        let migrated = try JSONValue(parsing: catalogue.item(id: "old", in: "a").json)
        #expect(migrated["stac_version"] == "1.1.0" && migrated["collection"] == "a")
        #expect(migrated["properties"]?["gsd"] == 10 && migrated["properties"]?["proj:code"] == "EPSG:32632")
        #expect(try JSONValue(parsing: catalogue.item(id: "new", in: "a").json)["stac_version"] == "1.0.0")
    }
}

extension Geometry {
    fileprivate static let polar = Geometry(PlanarBox(minX: 1, minY: 89.9, maxX: 2, maxY: 90))
}
