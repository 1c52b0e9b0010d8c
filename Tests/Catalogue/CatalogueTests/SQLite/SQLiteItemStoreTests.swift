import Catalogue
import CatalogueTestKit
import Foundation
import Synchronization
import TestKit
import Testing

@testable import CatalogueSQLite

@Suite("SQLite store") struct SQLiteItemStoreTests {
    @Test("does what every store does", arguments: ItemStoreBehaviour.all + ItemStoreBehaviour.backups)
    func conforms(behaviour: ItemStoreBehaviour) async throws {
        try await behaviour.check(SQLiteItemStoreFactory())
    }

    @Test("agrees with a model of a store, whatever is written", arguments: UInt64(1)...25)
    func matchesModel(seed: UInt64) throws {
        let folder = try TemporaryDirectory()
        let store = try SQLiteItemStore(path: folder.path("a.db"))
        try expectItemStoreMatchesModel(store, seed: seed, steps: 150)
        #expect(try store.integrityCheck() == [])
    }

    @Test("refuses files that are no catalogue")
    func refusesForeignFiles() throws {
        let folder = try TemporaryDirectory()
        try Data("This is a text, and a long one: longer than SQLite's header of a hundred bytes, in any case.".utf8)
            .write(to: URL(fileURLWithPath: folder.path("text.db")))
        try folder.execute("CREATE TABLE other (x)", in: "other.db")
        _ = try folder.filledStore("newer.db")
        try folder.execute("INSERT INTO grdb_migrations VALUES ('1000')", in: "newer.db")
        for name in ["text.db", "other.db", "newer.db"] {
            let before = try Data(contentsOf: URL(fileURLWithPath: folder.path(name)))
            let error = #expect(throws: CatalogueError.self) { try SQLiteItemStore(path: folder.path(name)) }
            #expect(error?.code == .storeUnsupported, "\(name)")
            #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path(name))) == before)
        }
        #expect(throws: CatalogueError.self) { try SQLiteItemStore(path: folder.path("no/such/folder.db")) }
    }

    @Test("is created once when several open it at the same moment")
    func opensTogether() async throws {
        let folder = try TemporaryDirectory()
        let path = folder.path("a.db")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<8 {
                group.addTask {
                    _ = try SQLiteItemStore(path: path).write { try $0.putCollection(id: "\(number)", body: []) }
                }
            }
            try await group.waitForAll()
        }
        #expect(try SQLiteItemStore(path: path).collections().count == 8)
    }

    @Test("lets many read while one writes, and keeps its log short")
    func readsWhileWriting() async throws {
        let folder = try TemporaryDirectory()
        var configuration = SQLiteItemStore.Configuration()
        configuration.logByteCount = 1 << 20
        let store = try SQLiteItemStore(path: folder.path("a.db"), configuration: configuration)
        let number = try store.write { try $0.putCollection(id: "a", body: []).number }
        let first = try store.insert("first", [1], in: number)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for batch in 0..<200 {
                    try store.write { transaction in
                        for index in 0..<100 {
                            let frame = [UInt8](repeating: UInt8(index), count: 700)
                            _ = try transaction.insert("\(batch)-\(index)", NewBody(frame), in: number)
                        }
                    }
                }
            }
            for _ in 0..<4 {
                group.addTask {
                    var last = first
                    while last < first + 20_000 {
                        let next = try store.lastSequence()
                        #expect((next - first) % 100 == 0, "Part of a transaction was seen")
                        let sequences = (0..<20).map { _ in SequenceNumber.random(in: first...next) }
                        #expect(try store.bodies(sequences).count == 20)
                        last = next
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(store.logByteCount < 16 << 20)
        #expect(try store.integrityCheck() == [])
    }

    @Test("purges a large collection in pieces, and finishes what was begun")
    func purgesInPieces() throws {
        let folder = try TemporaryDirectory()
        let store = try SQLiteItemStore(path: folder.path("a.db"))
        let (old, kept) = try store.write {
            (try $0.putCollection(id: "old", body: []).number, try $0.putCollection(id: "kept", body: []).number)
        }
        try store.write { transaction in
            for index in 0..<40_000 {
                _ = try transaction.insert("\(index)", NewBody([1, 2, 3]), in: index % 4 == 0 ? kept : old)
            }
        }
        let removal = try store.write { try $0.removeCollection(old) }
        // As if a purge had been cut short.
        try store.writer.write { try $0.purgeItems(of: old, with: 1...9999) }
        _ = try store.writer.write { try $0.purgeKeys(of: old) }
        #expect(try store.integrityCheck() == [])
        try store.purge(through: removal)
        #expect(try store.integrityCheck() == [])
        let statistics = try store.statistics()
        #expect(statistics.collections.map(\.itemCount) == [10_000])
        #expect(statistics.lastSequence == removal)
        #expect(try store.readers.withReader { try $0.freeByteCount() } > 0)
        let follower = try Follower(following: store)
        #expect(follower.items.count == 10_000 && follower.position == removal)
    }

    @Test("takes no write for damage that comes while Collections are looked up")
    func lookupsWhileWriting() throws {
        let folder = try TemporaryDirectory()
        let store = try folder.filledStore("a.db")
        let state = Mutex((isDone: false, fault: nil as String?))
        DispatchQueue.global().async {
            do {
                for number in 0..<60 {
                    _ = try store.write { transaction in
                        _ = try transaction.putCollection(id: "new \(number)", body: [1])
                        return try transaction.putCollection(id: "a", body: [UInt8(number)])
                    }
                }
            } catch {
                state.withLock { $0.fault = "\(error)" }
            }
            state.withLock { $0.isDone = true }
        }
        var isDone = false
        while !isDone {
            isDone = state.withLock { $0.isDone }
            #expect(try store.collection(id: "missing") == nil)
            #expect(try store.collection(id: "a")?.isDamaged == false)
            #expect(try store.itemCounts()[1] == 100)
        }
        #expect(state.withLock { $0.fault } == nil)
    }

    @Test("sees what others write while it is open for reading only")
    func readsOnlyWhileOthersWrite() throws {
        let folder = try TemporaryDirectory()
        let path = folder.path("a.db")
        var last = try folder.filledStore("a.db").lastSequence()
        let reader = try SQLiteItemStore(path: path, mode: .read)
        #expect(try reader.lastSequence() == last)
        for number in 0..<3 {
            do {
                // A process that begins, writes and ends.
                let writer = try SQLiteItemStore(path: path, mode: .write)
                last = try writer.write { try $0.putCollection(id: "b\(number)", body: [1]).sequence }
                #expect(try reader.lastSequence() == last)
            }
            #expect(try reader.lastSequence() == last)
        }
        // One that has not written yet: its log is empty.
        let writer = try SQLiteItemStore(path: path, mode: .write)
        let second = try SQLiteItemStore(path: path, mode: .read)
        #expect(try second.lastSequence() == last)
        last = try writer.write { try $0.putCollection(id: "c", body: [1]).sequence }
        #expect(try second.lastSequence() == last)
        #expect(try reader.lastSequence() == last)
    }

    @Test("replaces whatever lies where its backup goes, and leaves nothing beside it")
    func backsUp() throws {
        let folder = try TemporaryDirectory()
        let store = try folder.filledStore("a.db")
        try Data("an older backup".utf8).write(to: URL(fileURLWithPath: folder.path("backup.db")))
        try store.backup(to: folder.path("backup.db"))
        #expect(try SQLiteItemStore(path: folder.path("backup.db")).lastSequence() == store.lastSequence())
        #expect(try folder.files().filter { $0.contains("partial") } == [])
    }

    @Test(
        "finds damage",
        arguments: [
            ("DELETE FROM item WHERE sequence = 5", "is missing"),
            ("DELETE FROM item_key WHERE id = 'item-3'", "neither current nor removed"),
            ("UPDATE item SET collection = 77 WHERE sequence = 5", "in another collection"),
            (
                "UPDATE item SET collection = 77 WHERE sequence = 5",
                #"The Item "item-3" of the Collection "a" is damaged"#
            ),
            ("UPDATE item SET links_offset = 77 WHERE sequence = 5", #"The Item "item-3""#),
            ("UPDATE item SET body = x'00' WHERE sequence = 5", #"The Item "item-3""#),
            ("UPDATE item SET checksum = NULL WHERE sequence = 5", #"The Item "item-3""#),
            ("UPDATE item_key SET id = 'other' WHERE id = 'item-3'", #"The entry of the Item "other""#),
            ("UPDATE collection_change SET body = x'00'", #"The Collection "a" is damaged"#),
            ("UPDATE collection SET items = 99", #"The entry of the Collection "a" is damaged"#),
            ("UPDATE collection SET id = 'b'", "The list of Collections"),
            ("UPDATE sqlite_sequence SET seq = 0", "The count of numbers"),
            ("UPDATE state SET identity = 'other'", "lost count"),
            ("DELETE FROM collection", "The list of Collections"),
            ("UPDATE item SET dictionary = 77 WHERE sequence = 5", "missing dictionary 77"),
            ("UPDATE item_key SET sequence = 6 WHERE sequence = 5", "two keys"),
            ("INSERT INTO removal VALUES (5, 1, 2, 0, NULL)", "Two changes"),
            ("INSERT INTO removal SELECT last, 1, 5, 0, NULL FROM state", "both current and removed"),
            ("DELETE FROM collection_change WHERE sequence = 1", "lost its content"),
        ])
    func findsDamage(statement: String, fault: String) throws {
        let folder = try TemporaryDirectory()
        _ = try folder.filledStore("a.db")
        try folder.execute(statement, in: "a.db")
        let faults: [String]
        do {
            faults = try SQLiteItemStore(path: folder.path("a.db")).integrityCheck()
        } catch let error as CatalogueError {
            faults = [error.message]
        }
        #expect(faults.contains { $0.contains(fault) }, "\(faults)")
    }

    @Test("finds pages that were overwritten")
    func findsOverwrittenPages() throws {
        let folder = try TemporaryDirectory()
        _ = try folder.filledStore("a.db", itemCount: 5000)
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: folder.path("a.db")))
        try file.seek(toOffset: 30 * 8192)
        try file.write(contentsOf: Data(repeating: 0xAB, count: 3 * 8192))
        try file.close()
        #expect(try !SQLiteItemStore(path: folder.path("a.db")).integrityCheck().isEmpty)
    }
}

/// Databases in a folder of their own.
private struct SQLiteItemStoreFactory: ItemStoreFactory {
    private let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    func open() throws -> any ItemStore { try SQLiteItemStore(path: folder.path("a.db")) }

    func openBackup(inDirectory directory: String) throws -> any ItemStore {
        try SQLiteItemStore(path: "\(directory)/\(SQLiteItemStore.fileName)")
    }

    func makeDirectory() throws -> String {
        let path = folder.path(UUID().uuidString)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        return path
    }
}
