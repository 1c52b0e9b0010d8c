import Compression
import Foundation
import ItemInput
import JSON
import STACAPI
import TestKit
import Testing

@testable import Catalogue

@Suite("Items that are not I-JSON") struct EngineInteroperabilityTests {
    private let folder: TemporaryDirectory
    private let catalogue: CatalogueEngine

    init() throws {
        folder = try TemporaryDirectory()
        catalogue = try folder.catalogue()
    }

    static let faults = [
        #","x":{"a":1,"a":2}"#, #","x":"\ud83d""#, #","x":["\uffff"]"#, #","x":1e400"#,
        #","x":[{"b":{"\u0063":1,"c":2}}]"#,
    ]

    @Test("are rejected by a load, with path, reason and position", arguments: faults)
    func loading(fault: String) async throws {
        let lines = [Samples.item("a"), Samples.item("b", extra: fault), Samples.item("c")]
        let path = try folder.write(lines: lines, to: "items.ndjson")
        let collection = try folder.write("[\(lines.joined(separator: ","))]", to: "items.json")
        for path in [path, collection] {
            let (report, rejects) = try await catalogue.load(path)
            #expect(report.read == 3 && report.rejected == 1)
            #expect(rejects.first?.path?.hasPrefix("properties.x") == true)
            #expect(rejects.first?.reason.hasPrefix("invalid JSON at byte ") == true)
        }
        #expect(try catalogue.ids() == ["a", "c"])
    }

    /// Writes an Item as earlier versions did.
    private func writeUnchecked(_ id: String, _ extra: String) throws {
        let text = Samples.item(id, extra: extra)
        let owner = try catalogue.requireCollection("a")
        var frame: [UInt8] = []
        try Array(text.utf8).withUnsafeBytes { try ZstdCompressor().compress($0, dictionary: nil, into: &frame) }
        let links = try #require(text.range(of: #""links":["#))
        let body = NewBody(frame: frame, dictionary: 0, linksOffset: text[..<links.upperBound].utf8.count)
        _ = try catalogue.store.write { try $0.insert(id, body, in: owner.number) }
    }

    @Test("that a catalogue holds already are named by verify, found by searches, and left out of snapshots' Items")
    func older() throws {
        try catalogue.put(Samples.bytes("good"))
        for (number, fault) in Self.faults.enumerated() { try writeUnchecked("old-\(number)", fault) }
        try catalogue.catchUp()
        let faults = try catalogue.verify()
        for number in Self.faults.indices {
            let named = faults.filter { $0.contains("\"old-\(number)\"") }
            #expect(named.count == 1 && named.first?.contains("properties.x") == true, "\(faults)")
        }
        #expect(!faults.contains { $0.contains("good") })
        #expect(faults.last?.contains("Write what is not I-JSON again") == true)
        #expect(try catalogue.ids().count == 6)

        let snapshot = try CatalogueSnapshot(of: catalogue)
        var sequences: [SequenceNumber] = []
        try snapshot.forEachTime(in: snapshot.collections[0]) { sequences.append($1) }
        var ids: [String] = []
        try snapshot.forEachItem(sequences) {
            ids.append($0.member("id")?.string ?? "")
        } onDamage: { _ in
        }
        #expect(sequences.count == 6 && ids == ["good"])

        // Written again without the fault, or deleted, it is gone.
        for number in Self.faults.indices { try catalogue.put(Samples.bytes("old-\(number)")) }
        #expect(try catalogue.verify() == [])
    }

    @Test("can be patched: of members with one name the first stays")
    func patching() throws {
        try writeUnchecked("old", Self.faults[0])
        try catalogue.catchUp()
        let patched = try catalogue.patchItem(["properties": ["y": 1]], id: "old", in: "a", ifMatch: nil)
        #expect(try JSONValue(parsing: patched.json)["properties"]?["x"] == ["a": 1])
    }
}
