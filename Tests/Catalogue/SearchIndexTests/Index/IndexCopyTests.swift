import Foundation
import STACAPI
import Synchronization
import TestKit
import Testing

@testable import SearchIndex

@Suite("Copying an index") struct IndexCopyTests {
    private let folder: TemporaryDirectory
    private var source: String { folder.path("node/index") }
    private var target: String { folder.path("new") }

    init() throws {
        folder = try TemporaryDirectory()
        try FileManager.default.createDirectory(atPath: folder.path("node"), withIntermediateDirectories: true)
    }

    /// An index of several files, in some of which rows are dead.
    private func write(_ path: String, storeID: String = "store") throws -> ItemIndex {
        var random = SeededGenerator(seed: 11)
        var history = CatalogueHistory()
        let index = try ItemIndex(path: path, storeID: storeID)
        for _ in 0..<3 {
            for _ in 0..<60 { history.advance(&random) }
            try index.apply(history.indexChanges(after: index.appliedSequence, through: history.lastSequence))
            try index.checkpoint()
        }
        return index
    }

    private func sequences(_ index: ItemIndex) throws -> [Int64] {
        try index.search(SearchRequest(limit: 10_000)) { _, _ in }.hits.map(\.sequence)
    }

    private func copy(from source: String) throws {
        try ItemIndex.replace(target, byCopyOf: source, storeID: "store")
    }

    private func copyError(from source: String) -> String? {
        (#expect(throws: IndexCopyError.self) { try copy(from: source) })?.description
    }

    private func files(_ path: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    }

    @Test("finds the same, and neither is changed by what becomes of the other", arguments: ["node", "node/index"])
    func copied(from name: String) throws {
        let original = try write(source)
        try copy(from: folder.path(name))
        let copied = try ItemIndex(path: target, storeID: "store")
        #expect(copied.appliedSequence == original.appliedSequence && copied.damage() == [])
        let expected = try sequences(original)
        #expect(try sequences(copied) == expected && !expected.isEmpty)
        #expect(try files(target) == files(source))
        copied.clear()
        let again = try ItemIndex(path: source, storeID: "store")
        #expect(try sequences(again) == expected && again.damage() == [])
    }

    @Test("from another file system is the same")
    func otherFileSystem() throws {
        let original = try write(source)
        let memory = "/dev/shm/\(UUID().uuidString)"
        guard (try? FileManager.default.createDirectory(atPath: memory, withIntermediateDirectories: true)) != nil
        else {
            try Test.cancel("There is no /dev/shm.")
        }
        defer { try? FileManager.default.removeItem(atPath: memory) }
        try ItemIndex.replace(memory, byCopyOf: source, storeID: "store")
        let copied = try ItemIndex(path: memory, storeID: "store")
        #expect(try sequences(copied) == sequences(original) && copied.damage() == [])
    }

    @Test("takes the place of what was there")
    func replaces() throws {
        let original = try write(source)
        try write(target, storeID: "other").clear()
        _ = try write(target)
        try Data().write(to: URL(filePath: target + "/segment-left.tbseg.part"))
        try copy(from: source)
        #expect(try files(target) == files(source))
        // Also once more: files of the same names.
        try copy(from: source)
        #expect(try files(target) == files(source))
        #expect(try sequences(ItemIndex(path: target, storeID: "store")) == sequences(original))
    }

    @Test("says why it cannot, and leaves what was there")
    func errors() throws {
        let kept = try sequences(write(target))
        func expectKept() throws {
            #expect(try sequences(ItemIndex(path: target, storeID: "store")) == kept)
        }
        #expect(copyError(from: folder.path("nowhere"))?.hasPrefix("there is none (cannot open") == true)
        _ = try write(source, storeID: "other")
        #expect(copyError(from: source) == "it is that of another catalogue")
        #expect(copyError(from: target) == "it is this node's own")
        let manifest = URL(filePath: source + "/manifest.json")
        let whole = try String(contentsOf: manifest, encoding: .utf8)
        try whole.replacing("other", with: "store").write(to: manifest, atomically: true, encoding: .utf8)
        #expect(copyError(from: source) == "its manifest is damaged")
        try expectKept()
    }

    @Test("refuses what is damaged", arguments: ["missing", "short"])
    func damaged(how: String) throws {
        let kept = try sequences(write(target))
        _ = try write(source)
        let file = try #require(try files(source).first { $0.hasSuffix(".tbseg") })
        if how == "missing" {
            try FileManager.default.removeItem(atPath: "\(source)/\(file)")
        } else {
            try Data([1, 2, 3]).write(to: URL(filePath: "\(source)/\(file)"))
        }
        let error = try #require(copyError(from: source))
        #expect(error.hasPrefix("it is damaged: ") && error.contains(file))
        #expect(try sequences(ItemIndex(path: target, storeID: "store")) == kept)
    }

    @Test("succeeds while the other node writes and merges")
    func beside() async throws {
        var random = SeededGenerator(seed: 12)
        var history = CatalogueHistory()
        var configuration = ItemIndex.Configuration()
        configuration.looseSegments = 2
        let original = try ItemIndex(path: source, storeID: "store", configuration: configuration)
        let isDone = Atomic(false)
        func advance() throws {
            for _ in 0..<20 { history.advance(&random) }
            try original.apply(history.indexChanges(after: original.appliedSequence, through: history.lastSequence))
            try original.checkpoint()
            while try original.mergeOnce() { try original.checkpoint() }
        }
        try advance()
        let (target, source) = (target, source)
        let copies = Task.detached {
            var applied: [Int64] = []
            while !isDone.load(ordering: .relaxed) {
                try ItemIndex.replace(target, byCopyOf: source, storeID: "store")
                let copied = try ItemIndex(path: target, storeID: "store")
                #expect(copied.damage() == [])
                applied.append(copied.appliedSequence)
            }
            return applied
        }
        for _ in 0..<25 { try advance() }
        isDone.store(true, ordering: .relaxed)
        let applied = try await copies.value
        #expect(applied == applied.sorted() && !applied.isEmpty)
        try copy(from: source)
        #expect(try sequences(ItemIndex(path: target, storeID: "store")) == sequences(original))
    }
}
