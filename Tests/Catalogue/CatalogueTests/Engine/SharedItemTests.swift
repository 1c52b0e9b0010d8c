import Foundation
import ItemInput
import JSON
import STAC
import STACAPI
import SharedTestData
import TestKit
import Testing

@testable import Catalogue

@Suite("Real Items", .enabled(if: SharedData.isPresent, "no shared/data beside the checkout"))
struct SharedItemTests {
    /// Items that are refused, with the path of the fault.
    static let refused = [
        // Of STAC before 1.0.0, which we do not take.
        "stac/pystac/extensions/eo/examples/0.8.1/item-spec/examples/landsat8-sample.json": "stac_version",
        "stac/pystac/extensions/eo/examples/0.8.1/item-spec/examples/sentinel2-sample.json": "stac_version",
        "stac/pystac/extensions/eo/examples/0.9.0/item-spec/examples/landsat8-sample.json": "stac_version",
        // Written to be refused.
        "stac/rustac/invalid/invalid-item-datetime.json": "properties.datetime",
        "stac/rustac/invalid/invalid-item.json": "id",
    ]

    private let folder: TemporaryDirectory
    private let catalogue: CatalogueEngine

    init() throws {
        folder = try TemporaryDirectory()
        catalogue = try folder.catalogue()
    }

    /// What comes out must be what went in, without generated links, and with the Collection's id.
    private func expectEqual(_ stored: EncodedItem, _ given: JSONElement, _ name: String) throws {
        var expected = try #require(try given.value().object)
        let links = (expected["links"]?.array ?? []).filter {
            !["self", "parent", "collection", "root"].contains($0["rel"]?.string)
        }
        expected["links"] = .array(links)
        expected["collection"] = .string(stored.collection)
        let value = try JSONValue(parsing: stored.json)
        #expect(value == .object(expected), "\(name)")
        #expect(value.serialized() == JSONValue.object(expected).serialized(), "\(name)")
    }

    @Test("of terrabyte's Sentinel-2 come back equal")
    func sentinel2() async throws {
        let path = "terrabyte/sentinel-2-c1-l2a.items.ndjson.gz"
        let file = try #require(SharedData.folder).appending(path: path).path
        let (report, rejects) = try await catalogue.load(file)
        #expect(report.created == 293 && rejects.isEmpty)
        try SharedData.forEach("Feature", in: path) { name, item, _ in
            let stored = try catalogue.item(id: try #require(item.member("id")?.string), in: "a")
            try expectEqual(stored, item, name)
        }
        #expect(try catalogue.ids().count == 293)
        #expect(try catalogue.verify() == [])
        #expect(try await catalogue.load(file).report.unchanged == 293)
    }

    @Test("of all kinds come back equal or are refused with path and reason")
    func documents() async throws {
        let files = try
            (SharedData.files(in: "stac", endingIn: ".json")
            + SharedData.files(in: "stac", endingIn: ".ndjson"))
            .filter { !$0.contains("/schemas/") && !$0.contains("/json-schema/") }
        var count = 0
        var refused: [String: String] = [:]
        for (number, path) in files.enumerated() {
            var items: [(name: String, id: String)] = []
            try SharedData.forEach("Feature", in: path) { name, item, _ in
                items.append((name, item.member("id")?.string ?? ""))
            }
            guard !items.isEmpty else { continue }
            count += items.count
            let collection = "c-\(number)"
            try catalogue.putCollection(collection)
            let file = try #require(SharedData.folder).appending(path: path).path
            let (report, rejects) = try await catalogue.load(file, into: collection)
            #expect(report.created + report.replaced + rejects.count == items.count, "\(path): \(rejects)")
            for reject in rejects {
                refused[path] = reject.path ?? reject.reason
                #expect(reject.location.hasPrefix(file + ":") && !reject.reason.isEmpty)
            }
            guard rejects.isEmpty else { continue }
            try SharedData.forEach("Feature", in: path) { name, item, _ in
                let id = item.member("id")?.string ?? ""
                // Of several with one id the last counts.
                guard items.last(where: { $0.id == id })?.name == name else { return }
                try expectEqual(try catalogue.item(id: id, in: collection), item, name)
            }
        }
        #expect(refused == Self.refused)
        #expect(count > 100)
        #expect(try catalogue.verify() == [])
    }

    @Test("are kept around broken ones")
    func brokenBetween() async throws {
        var lines: [String] = []
        var broken: [Int: String] = [:]
        var good: [String] = []
        try SharedData.forEach("Feature", in: "terrabyte/sentinel-2-c1-l2a.items.ndjson.gz") { _, item, _ in
            guard lines.count < 60 else { return }
            good.append(item.member("id")?.string ?? "")
            lines.append(String(decoding: item.rawBytes, as: UTF8.self))
        }
        for (path, fault) in Self.refused.sorted(by: { $0.key < $1.key }) {
            let value = try JSONValue(parsing: SharedData.bytes(path))
            lines.insert(String(decoding: value.serialized(), as: UTF8.self), at: broken.count * 7 + 2)
            broken[broken.count * 7 + 3] = fault
        }
        let file = try folder.write(lines: lines, to: "mixed.ndjson")
        let (report, rejects) = try await catalogue.load(file)
        #expect(rejects.map(\.location) == broken.keys.sorted().map { "\(file):\($0)" })
        #expect(rejects.map(\.path) == broken.keys.sorted().map { broken[$0] })
        #expect(report.created == good.count)
        #expect(try catalogue.ids() == good.sorted())
    }
}
