import CatalogueSQLite
import Compression
import Foundation
import InMemoryLogging
import Logging
import STACAPI
import TestKit
import Testing

@testable import Catalogue

@Suite("Opening a catalogue again") struct EngineRecoveryTests {
    let folder: TemporaryDirectory
    /// What searches found before.
    private let before: SearchPage

    init() throws {
        folder = try TemporaryDirectory()
        before = try folder.withCatalogue { catalogue in
            try catalogue.putCollection("a")
            try catalogue.putCollection("b")
            for collection in ["a", "b"] {
                try catalogue.createItems(Samples.items(0..<300).map { Array($0.utf8) }, in: collection)
                try catalogue.compact()
                // Some of these are in memory only when it ends, and rows of the file are dead.
                for number in 0..<20 { try catalogue.put(Samples.bytes("item-\(number)", cloud: 99), in: collection) }
                for number in 100..<110 {
                    try catalogue.deleteItem(id: "item-\(number)", in: collection, ifMatch: nil)
                }
            }
            return try catalogue.page()
        }
        #expect(before.items.count == 580)
    }

    private func expectSamePage() throws {
        try folder.withCatalogue { catalogue in
            #expect(try catalogue.page() == before)
            #expect(try catalogue.verify() == [])
            try catalogue.compact()
        }
        // What was made of it is in order, too.
        #expect(try folder.withCatalogue { try $0.page() } == before)
    }

    private func indexFiles(endingIn suffix: String) throws -> [String] {
        try folder.files(in: "home/index").filter { $0.hasSuffix(suffix) }.map { "home/index/" + $0 }
    }

    @Test("goes on where it stopped")
    func reopens() throws { try expectSamePage() }

    @Test("builds an index that has gone")
    func withoutIndex() throws {
        try FileManager.default.removeItem(atPath: folder.path("home/index"))
        try expectSamePage()
    }

    @Test("builds an index again that has lost a file", arguments: [".tbseg", "manifest.json"])
    func lostFile(suffix: String) throws {
        let file = try #require(try indexFiles(endingIn: suffix).first)
        try FileManager.default.removeItem(atPath: folder.path(file))
        try expectSamePage()
    }

    private func damage(_ suffix: String, at place: Double) throws {
        let file = try #require(try indexFiles(endingIn: suffix).first)
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder.path(file))))
        bytes[Int(Double(bytes.count - 1) * place)] ^= 0x15
        try folder.write(bytes, to: file)
    }

    @Test(
        "builds an index again whose manifest or ends of files are damaged",
        arguments: [("manifest.json", 0.0), ("manifest.json", 0.3), ("manifest.json", 1), (".tbseg", 0), (".tbseg", 1)])
    func damagedEnd(suffix: String, place: Double) throws {
        try damage(suffix, at: place)
        try expectSamePage()
    }

    @Test("finds damage inside files, which opening may pass over, and builds the index again on demand")
    func damagedInside() throws {
        try damage(".tbseg", at: 0.3)
        let files = try indexFiles(endingIn: ".tbseg")
        try folder.withCatalogue { catalogue in
            // What opening has read of a file, it has built again.
            let isRepaired = try !Set(files).isSubset(of: indexFiles(endingIn: ".tbseg"))
            #expect(try isRepaired || catalogue.verify().contains { $0.hasPrefix("The index's file") })
            try catalogue.reindex()
            #expect(try catalogue.verify() == [])
        }
        try expectSamePage()
    }

    @Test("builds an index again that was cut short", arguments: [".tbseg", "manifest.json"])
    func truncatedFile(suffix: String) throws {
        let file = try #require(try indexFiles(endingIn: suffix).first)
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder.path(file))))
        try folder.write(Array(bytes.prefix(bytes.count / 2)), to: file)
        try expectSamePage()
        try folder.write([], to: try #require(try indexFiles(endingIn: suffix).first))
        try expectSamePage()
    }

    @Test("removes what a killed process has left of files")
    func leftovers() throws {
        for name in ["segment-x.tbseg", "segment-x.tbseg.part", "segment-x.tbseg.live-3.part", "manifest.json.part"] {
            try folder.write("not whole", to: "home/index/" + name)
        }
        try expectSamePage()
        #expect(try folder.files(in: "home/index").filter { $0.hasPrefix("segment-x.") || $0.hasSuffix(".part") } == [])
        try folder.write("{}", to: "home/index/manifest.json")
        try folder.write("not whole", to: "home/index/segment-x.tbseg")
        do { _ = try CatalogueEngine(home: folder.home) }
        #expect(try !folder.files(in: "home/index").contains("segment-x.tbseg"))
    }

    @Test("does not take the index of another store for its own")
    func otherStore() throws {
        let other = try TemporaryDirectory()
        try other.withCatalogue { catalogue in
            try catalogue.putCollection("a")
            try catalogue.createItems((0..<1000).map { Samples.bytes("other-\($0)") }, in: "a")
            try catalogue.compact()
        }
        try FileManager.default.removeItem(atPath: folder.path("home/index"))
        try FileManager.default.copyItem(atPath: other.path("home/index"), toPath: folder.path("home/index"))
        try expectSamePage()
    }

    @Test("does not take the index of the store's own future for the present")
    func olderStore() throws {
        // As when an operator copies the files themselves, and puts them back later.
        try FileManager.default.copyItem(
            atPath: folder.path("home/catalogue.sqlite"), toPath: folder.path("old.sqlite"))
        try folder.withCatalogue { catalogue in
            try catalogue.put(Samples.bytes("future"))
            try catalogue.compact()
        }
        try FileManager.default.removeItem(atPath: folder.path("home/catalogue.sqlite"))
        try FileManager.default.moveItem(
            atPath: folder.path("old.sqlite"), toPath: folder.path("home/catalogue.sqlite"))
        for use in [CatalogueEngine.IndexUse.required, .permanent, .reading] {
            let error = #expect(throws: CatalogueError.self) { try folder.withCatalogue(index: use) { _ in } }
            #expect(error?.code == .storeDamaged && error?.message.contains("reindex") == true)
        }
        try folder.withCatalogue(index: .rebuilt) { try $0.reindex() }
        try expectSamePage()
    }

    @Test("is an error when the database is gone or empty, but not its index", arguments: [true, false])
    func lostStore(isEmpty: Bool) throws {
        for name in ["catalogue.sqlite", "catalogue.sqlite-wal", "catalogue.sqlite-shm"] {
            try? FileManager.default.removeItem(atPath: folder.path("home/" + name))
        }
        if isEmpty { try folder.write("", to: "home/catalogue.sqlite") }
        #expect(catalogueError { try CatalogueEngine(home: folder.home) }?.code == .storeMissing)
        #expect(catalogueError { try CatalogueEngine(home: folder.home, creating: false) }?.code == .storeMissing)
    }

    @Test("is an error when the database is no catalogue, which is left as it is", arguments: ["x", "empty"])
    func foreignStore(kind: String) throws {
        let other = try TemporaryDirectory()
        try other.write(kind == "x" ? "x" : "", to: "home/catalogue.sqlite")
        if kind == "empty" { try other.execute("PRAGMA user_version = 1", in: "home/catalogue.sqlite") }
        let before = FileManager.default.contents(atPath: other.path("home/catalogue.sqlite"))
        #expect(catalogueError { try CatalogueEngine(home: other.home, creating: false) }?.code == .storeUnsupported)
        #expect(FileManager.default.contents(atPath: other.path("home/catalogue.sqlite")) == before)
    }

    @Test("searches the rest when an Item cannot be indexed, and says so")
    func unindexable() throws {
        let handler = InMemoryLogHandler()
        let logger = Logger(label: "test") { _ in handler }
        let catalogue = try withLogger(logger) { _ in try folder.catalogue() }
        // As an older version may have stored them: one that is no Item, one that is not even a frame.
        let body = try ZstdFrame.of(#"{"id":"odd","properties":{"datetime":"never"}}"#)
        let number = try catalogue.requireCollection("a").number
        _ = try catalogue.store.write { try $0.insert("odd", body, in: number) }
        _ = try catalogue.store.write {
            try $0.insert("broken", NewBody(frame: [1, 2, 3], dictionary: 0, linksOffset: 0), in: number)
        }
        try catalogue.put(Samples.bytes("later"))
        #expect(try catalogue.search(SearchRequest(ids: ["later"])).matched == 1)
        #expect(try catalogue.search(SearchRequest(limit: 0)).matched == 581)
        #expect(handler.entries.filter { $0.message == "An Item cannot be indexed" }.count == 2)
        let faults = try catalogue.verify()
        #expect(faults.count == 1 && faults[0].contains(#""broken""#), "\(faults)")
        let missing = #"Collection "a": 2 Items are not in the index: "broken", "odd"."#
        #expect(try catalogue.reindex() == [missing])
        #expect(try catalogue.search(SearchRequest(limit: 0)).matched == 581)
        // Writing them anew repairs that.
        try catalogue.put(Samples.bytes("odd"))
        try catalogue.put(Samples.bytes("broken"))
        #expect(try catalogue.verify() == [])
    }

    @Test("keeps writes that the index cannot take, and shows them when it can")
    func indexFailure() async throws {
        let handler = InMemoryLogHandler()
        let logger = Logger(label: "test") { _ in handler }
        let path = try folder.write(lines: Samples.items(1000..<10_000), to: "a.ndjson")
        let catalogue = try withLogger(logger) { _ in try folder.catalogue() }
        // Files cannot be made where there is no directory.
        try folder.move("home/index", to: "away")
        #expect(try await catalogue.load(path).report.created == 9000)
        #expect(try catalogue.put(Samples.bytes("single")).id == "single")
        #expect(handler.entries.contains { $0.message == "The index could not follow a load" })
        #expect(catalogueError { try catalogue.compact() }?.code == .storeFailed)
        #expect(try catalogue.item(id: "item-9999", in: "a").id == "item-9999")
        try folder.move("away", to: "home/index")
        try catalogue.catchUp()
        #expect(try catalogue.search(SearchRequest(limit: 0)).matched == 9581)
        #expect(try catalogue.verify() == [])
    }
}

private enum ZstdFrame {
    static func of(_ text: String) throws -> NewBody {
        NewBody(frame: try ZstdCompressor().compress(Array(text.utf8)), dictionary: 0, linksOffset: 0)
    }
}
