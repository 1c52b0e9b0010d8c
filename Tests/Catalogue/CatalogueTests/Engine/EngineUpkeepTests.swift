import CatalogueSQLite
import Foundation
import STACAPI
import TestKit
import Testing

@testable import Catalogue

@Suite("Upkeep of a catalogue") struct EngineUpkeepTests {
    let folder: TemporaryDirectory
    let catalogue: CatalogueEngine

    init() throws {
        folder = try TemporaryDirectory()
        catalogue = try folder.catalogue()
    }

    private func fill(_ count: Int, extra: String = "") throws {
        try catalogue.createItems(Samples.items(0..<count, extra: extra).map { Array($0.utf8) }, in: "a")
    }

    // MARK: Backup

    @Test("copies a catalogue that opens and finds the same, while it is used")
    func backup() throws {
        try fill(300)
        try catalogue.deleteItem(id: "item-7", in: "a", ifMatch: nil)
        try catalogue.backup(to: folder.path("copies/1"))
        #expect(try folder.files(in: "copies/1") == ["catalogue.sqlite"])
        let copy = try CatalogueEngine(home: folder.path("copies/1"))
        #expect(try copy.page() == catalogue.page())
        #expect(try copy.collection(id: "a") == catalogue.collection(id: "a"))
        #expect(try copy.verify() == [])
    }

    @Test("replaces an older copy, but none that is in use, and never itself")
    func backupOver() throws {
        try fill(10)
        let target = folder.path("copy")
        try catalogue.backup(to: target)
        // A look at the copy leaves an index beside it, and does not make it another catalogue.
        do { _ = try CatalogueEngine(home: target).page() }
        try catalogue.put(Samples.bytes("new"))
        try catalogue.backup(to: target)
        do {
            let copy = try CatalogueEngine(home: target)
            #expect(try copy.page() == catalogue.page())
            #expect(catalogueError { try catalogue.backup(to: target) }?.code == .storeBusy)
        }
        try FileManager.default.createSymbolicLink(atPath: folder.path("link"), withDestinationPath: folder.home)
        for path in [folder.home, folder.home + "/", folder.path("link"), folder.home + "/below"] {
            #expect(catalogueError { try catalogue.backup(to: path) }?.code == .invalid)
        }
        #expect(!FileManager.default.fileExists(atPath: folder.path("home/below")))
        #expect(try catalogue.verify() == [])
    }

    @Test("leaves alone what is no backup of the same catalogue", arguments: ["written", "other", "file"])
    func backupOverOthers(kind: String) throws {
        try fill(10)
        let target = folder.path("target")
        switch kind {
        case "written":
            try catalogue.backup(to: target)
            try CatalogueEngine(home: target).put(Samples.bytes("a way of its own"))
        case "other":
            let other = try TemporaryDirectory()
            try other.withCatalogue { catalogue in
                try catalogue.putCollection("other")
                try catalogue.backup(to: target)
            }
        default: try folder.write("a file", to: "target/notes")
        }
        func content() throws -> [String: Data] {
            let names = try folder.files(in: "target").filter { $0 != "index.lock" }
            return Dictionary(
                uniqueKeysWithValues: names.compactMap { name in
                    FileManager.default.contents(atPath: folder.path("target/" + name)).map { (name, $0) }
                })
        }
        let before = try content()
        #expect(catalogueError { try catalogue.backup(to: target) }?.code == .invalid)
        #expect(try content() == before)
    }

    @Test("makes a catalogue of a backup, in an empty directory only")
    func restoresBackup() throws {
        try fill(10)
        try catalogue.backup(to: folder.path("copy"))
        try folder.write("{}", to: "new/terrabyte.json")
        try CatalogueEngine.restore(from: folder.path("copy"), to: folder.path("new"))
        let restored = try CatalogueEngine(home: folder.path("new"))
        #expect(try restored.page() == catalogue.page())
        #expect(try restored.verify() == [])
        #expect(
            catalogueError { try CatalogueEngine.restore(from: folder.path("copy"), to: folder.home) }?.code == .invalid
        )
        #expect(
            catalogueError { try CatalogueEngine.restore(from: folder.path("none"), to: folder.path("x")) }?.code
                == .storeMissing)
        // No directory is left of a backup that is not sound.
        try folder.execute("UPDATE item SET body = x'00' WHERE sequence = 5", in: "copy/catalogue.sqlite")
        #expect(
            catalogueError { try CatalogueEngine.restore(from: folder.path("copy"), to: folder.path("x")) }?.code
                == .storeDamaged)
        #expect(!FileManager.default.fileExists(atPath: folder.path("x")))
        // It is no backup, even before anything is written to it.
        #expect(catalogueError { try catalogue.backup(to: folder.path("new")) } != nil)
    }

    @Test("put back in the place of the original is not searched with the original's index")
    func restore() throws {
        let original = try TemporaryDirectory()
        try original.withCatalogue { catalogue in
            try catalogue.putCollection("a")
            try catalogue.put(Samples.bytes("old"))
            try catalogue.backup(to: original.path("copy"))
            try catalogue.put(Samples.bytes("x"))
            try catalogue.compact()
        }
        for name in ["catalogue.sqlite", "catalogue.sqlite-wal", "catalogue.sqlite-shm"] {
            try? FileManager.default.removeItem(atPath: original.path("home/" + name))
        }
        try FileManager.default.copyItem(
            atPath: original.path("copy/catalogue.sqlite"), toPath: original.path("home/catalogue.sqlite"))
        // As many changes as the index has seen, but others.
        try original.withCatalogue(index: .none) { _ = try $0.put(Samples.bytes("y")) }
        #expect(try original.withCatalogue { try $0.ids() } == ["old", "y"])
    }

    // MARK: Verification

    @Test(
        "finds differences between store and index",
        arguments: [
            ("UPDATE item_key SET id = 'renamed' WHERE id = 'item-3'", #""renamed""#),
            ("DELETE FROM item_key WHERE id = 'item-3'", "has 99 entries"),
            ("UPDATE item_key SET sequence = 5 WHERE id = 'item-2'", #""item-2""#),
        ])
    func differences(statement: String, fault: String) throws {
        try fill(100)
        #expect(try catalogue.verify() == [])
        try folder.execute(statement, in: "home/catalogue.sqlite")
        let faults = try catalogue.verify()
        #expect(faults.contains { $0.contains(fault) && $0.contains(#"Collection "a""#) }, "\(faults)")
    }

    @Test("finds no differences while others write")
    func verifyBesideWriters() async throws {
        try fill(2000)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [catalogue, folder] in
                let other = try CatalogueEngine(home: folder.home, index: .none)
                for number in 0..<400 {
                    try (number % 2 == 0 ? other : catalogue).put(Samples.bytes("item-\(number)", cloud: 3))
                }
            }
            for _ in 0..<8 { #expect(try catalogue.verify() == []) }
            try await group.waitForAll()
        }
    }

    @Test("builds the index anew")
    func reindex() throws {
        try fill(300)
        for number in 0..<50 { try catalogue.put(Samples.bytes("item-\(number)", cloud: 1)) }
        let before = try catalogue.page()
        let files = Set(try folder.files(in: "home/index"))
        try catalogue.reindex()
        #expect(try catalogue.page() == before)
        #expect(try catalogue.verify() == [])
        #expect(try Set(folder.files(in: "home/index")).intersection(files).subtracting(["manifest.json"]).isEmpty)
    }

    // MARK: Dictionaries

    private func frameByteCount(_ id: String) throws -> (bytes: Int, dictionary: Int64) {
        let number = try catalogue.requireCollection("a").number
        let sequence = try #require(try catalogue.store.sequence(of: id, in: number))
        var result = (0, Int64(0))
        try catalogue.store.withBodies([sequence]) { result = ($1.frame.count, $1.dictionary) }
        return result
    }

    private let long =
        #","terms":"#
        + #""All of these words are the same in each of the Items, as those of real Items mostly are, in all 4 lines.""#

    @Test("trains a dictionary once there are Items enough, and leaves old Items readable")
    func dictionary() throws {
        try fill(CatalogueEngine.minimumSamples - 1, extra: long)
        try catalogue.trainDictionaries()
        #expect(try catalogue.store.latestDictionary(of: 1) == nil)
        let last = try catalogue.status().lastSequence
        try catalogue.createItems(Samples.items(500..<800, extra: long).map { Array($0.utf8) }, in: "a")
        let old = try catalogue.item(id: "item-1", in: "a")
        try catalogue.trainDictionaries()
        let dictionary = try #require(try catalogue.store.latestDictionary(of: 1))
        try catalogue.put(Samples.bytes("new", extra: long))
        let (plain, packed) = (try frameByteCount("item-1"), try frameByteCount("new"))
        #expect(plain.dictionary == 0 && packed.dictionary == dictionary.number)
        #expect(packed.bytes * 3 < plain.bytes, "\(packed.bytes) instead of \(plain.bytes)")
        #expect(try catalogue.item(id: "item-1", in: "a") == old)
        try catalogue.trainDictionaries()
        #expect(try catalogue.store.latestDictionary(of: 1)?.number == dictionary.number)
        #expect(try catalogue.status().lastSequence == last + 301)
        #expect(try catalogue.verify() == [])
    }

    @Test("trains one with the first Items of a load, for all of them")
    func dictionaryOfLoad() async throws {
        let small = try folder.write(lines: Samples.items(0..<63, extra: long), to: "small.ndjson")
        try await catalogue.load(small)
        #expect(try catalogue.store.latestDictionary(of: 1) == nil)
        let large = try folder.write(lines: Samples.items(100..<400, extra: long), to: "large.ndjson")
        try await catalogue.load(large)
        #expect(try frameByteCount("item-100").dictionary == 1)
        #expect(try frameByteCount("item-399").dictionary == 1)
        // The same with a dictionary as without one.
        #expect(try await catalogue.load(small).report.unchanged == 63)
        #expect(try await catalogue.load(large).report.unchanged == 300)
    }
}
