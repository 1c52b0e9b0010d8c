import Foundation
import ItemInput
import JSON
import STAC
import STACAPI
import TestDocuments
import TestKit
import Testing

@testable import Catalogue

@Suite("Items of documents") struct DocumentItemTests {
    /// Items that are rejected, with the path of the fault.
    static let rejected = [
        "stac/invalid/item-datetime.json": "properties.datetime",
        "stac/invalid/item-id.json": "id",
        "stac/invalid/item-old-version.json": "stac_version",
        // Of STAC before 1.0.0, which we do not take.
        "stac/pystac/extensions/eo/examples/0.8.1/item-spec/examples/landsat8-sample.json": "stac_version",
        "stac/pystac/extensions/eo/examples/0.8.1/item-spec/examples/sentinel2-sample.json": "stac_version",
        "stac/pystac/extensions/eo/examples/0.9.0/item-spec/examples/landsat8-sample.json": "stac_version",
        // Written to be rejected.
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
        var expected = try #require(given.value().object)
        let links = (expected["links"]?.array ?? []).filter {
            !["self", "parent", "collection", "root"].contains($0["rel"]?.string)
        }
        expected["links"] = .array(links)
        expected["collection"] = .string(stored.collection)
        let value = try JSONValue(parsing: stored.json)
        #expect(value == .object(expected), "\(name)")
        #expect(value.serialized() == JSONValue.object(expected).serialized(), "\(name)")
    }

    /// The Collection that a document's Items name, which is created when it does not exist.
    private func collection(of document: Document, else name: String = "a") throws -> String {
        var names: Set<String> = []
        try document.forEach("Feature") { _, item, _ in names.insert(item.member("collection")?.string ?? name) }
        let id = names.count == 1 ? names.first ?? name : name
        if try catalogue.collection(id: id) == nil { try catalogue.putCollection(id) }
        return id
    }

    /// NDJSON of scenes.
    private static func scenes(in folder: DocumentFolder) throws -> Document {
        try #require(folder.documents(in: "terrabyte", endingIn: ".items.ndjson.gz").first)
    }

    @Test("real ones are there", .withSharedDocuments)
    func shared() throws {
        let folder = try #require(DocumentFolder.shared)
        #expect(try Self.scenes(in: folder).lines().count > 100)
        #expect(try folder.documents(in: "stac", endingIn: "json").count > 100)
    }

    @Test("that are alike come back equal", arguments: DocumentFolder.all)
    func scenes(folder documents: DocumentFolder) async throws {
        let document = try Self.scenes(in: documents)
        let count = try document.lines().count
        let collection = try collection(of: document)
        let (report, rejects) = try await catalogue.load(document.file, into: collection)
        #expect(report.created == count && rejects.isEmpty)
        try document.forEach("Feature") { name, item, _ in
            let stored = try catalogue.item(id: try #require(item.member("id")?.string), in: collection)
            try expectEqual(stored, item, name)
        }
        #expect(try catalogue.ids().count == count)
        #expect(try catalogue.verify() == [])
        #expect(try await catalogue.load(document.file, into: collection).report.unchanged == count)
    }

    @Test("of all kinds come back equal or are rejected with path and reason", arguments: DocumentFolder.all)
    func documents(folder: DocumentFolder) async throws {
        let documents = try
            (folder.documents(in: "stac", endingIn: ".json")
            + folder.documents(in: "stac", endingIn: ".ndjson"))
            .filter { !$0.path.contains("/schemas/") && !$0.path.contains("/json-schema/") }
        var count = 0
        var rejected: [String: String] = [:]
        for (number, document) in documents.enumerated() {
            var items: [(name: String, id: String)] = []
            try document.forEach("Feature") { name, item, _ in items.append((name, item.member("id")?.string ?? "")) }
            guard !items.isEmpty else { continue }
            count += items.count
            let collection = try collection(of: document, else: "c-\(number)")
            let (report, rejects) = try await catalogue.load(document.file, into: collection)
            #expect(
                report.created + report.replaced + report.unchanged + rejects.count == items.count,
                "\(document.path): \(rejects)")
            for reject in rejects {
                rejected[document.path] = reject.path ?? reject.reason
                #expect(reject.location.hasPrefix(document.file + ":") && !reject.reason.isEmpty)
            }
            guard rejects.isEmpty else { continue }
            try document.forEach("Feature") { name, item, _ in
                let id = item.member("id")?.string ?? ""
                // Of several with one id the last counts.
                guard items.last(where: { $0.id == id })?.name == name else { return }
                try expectEqual(try catalogue.item(id: id, in: collection), item, name)
            }
        }
        let paths = Set(documents.map(\.path))
        #expect(rejected == Self.rejected.filter { paths.contains($0.key) })
        #expect(count > rejected.count)
        #expect(try catalogue.verify() == [])
    }

    @Test("are kept around broken ones", arguments: DocumentFolder.all)
    func brokenBetween(documents: DocumentFolder) async throws {
        var lines: [String] = []
        var broken: [Int: String] = [:]
        var good: [String] = []
        try Self.scenes(in: documents).forEach("Feature") { _, item, _ in
            guard lines.count < 60 else { return }
            good.append(item.member("id")?.string ?? "")
            lines.append(String(decoding: item.rawBytes, as: UTF8.self))
        }
        for (path, fault) in Self.rejected.sorted(by: { $0.key < $1.key }) {
            guard let value = try? Document(folder: documents, path: path).json() else { continue }
            let index = min(broken.count * 7 + 2, lines.count)
            lines.insert(String(decoding: value.serialized(), as: UTF8.self), at: index)
            broken[index + 1] = fault
        }
        #expect(broken.count > 2)
        let file = try folder.write(lines: lines, to: "mixed.ndjson")
        let collection = try collection(of: Self.scenes(in: documents))
        let (report, rejects) = try await catalogue.load(file, into: collection)
        #expect(rejects.map(\.location) == broken.keys.sorted().map { "\(file):\($0)" })
        #expect(rejects.map(\.path) == broken.keys.sorted().map { broken[$0] })
        #expect(report.created == good.count)
        #expect(try catalogue.ids() == good.sorted())
    }
}
