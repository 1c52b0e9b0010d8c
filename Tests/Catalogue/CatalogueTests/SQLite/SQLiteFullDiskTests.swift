import Catalogue
import CatalogueTestKit
import Foundation
import TestKit
import Testing

@testable import CatalogueSQLite

@Suite("SQLite store on a full disk") struct SQLiteFullDiskTests {
    @Test("refuses writes, goes on reading, and writes again when there is room")
    func reachesItsLimit() throws {
        let folder = try TemporaryDirectory()
        let store = try SQLiteItemStore(path: folder.path("a.db"))
        let number = try store.write { try $0.putCollection(id: "a", body: []).number }
        try store.writer.limitSize(toByteCount: 1 << 20)
        try expectRecovery(of: store, collection: number) { try store.writer.limitSize(toByteCount: 1 << 30) }
    }

    @Test("does so on a real file system without room", .enabled(if: SmallFileSystem.isAvailable))
    func fillsFileSystem() throws {
        let fileSystem = try SmallFileSystem(megabytes: 16)
        var configuration = SQLiteItemStore.Configuration()
        configuration.logByteCount = 1 << 20
        do {
            let store = try SQLiteItemStore(path: fileSystem.path + "/a.db", configuration: configuration)
            let number = try store.write { try $0.putCollection(id: "a", body: []).number }
            let ballast = fileSystem.path + "/ballast"
            try Data(count: 10 << 20).write(to: URL(fileURLWithPath: ballast))
            try expectRecovery(of: store, collection: number) { try FileManager.default.removeItem(atPath: ballast) }
        }
        #expect(try SQLiteItemStore(path: fileSystem.path + "/a.db").integrityCheck() == [])
    }

    private func expectRecovery(
        of store: SQLiteItemStore, collection: CollectionNumber, makeRoom: () throws -> Void
    ) throws {
        var (acknowledged, serial) = ([SequenceNumber](), 0)
        func writeBatch() throws {
            acknowledged += try store.write { transaction in
                try (0..<50).map { _ in
                    serial += 1
                    let frame = [UInt8](repeating: UInt8(serial & 255), count: 2000)
                    return try transaction.insert("item-\(serial)", NewBody(frame), in: collection)
                }
            }
        }
        let error = #expect(throws: CatalogueError.self) { for _ in 0..<10_000 { try writeBatch() } }
        #expect(error?.code == .storeFull, "\(error as Any)")
        // A caller that takes the error for one Item's cannot commit half a transaction.
        let swallowed = #expect(throws: CatalogueError.self) {
            try store.write { transaction in
                for _ in 0..<5000 {
                    serial += 1
                    let frame = [UInt8](repeating: 1, count: 2000)
                    _ = try? transaction.insert("item-\(serial)", NewBody(frame), in: collection)
                }
            }
        }
        #expect(swallowed?.code == .storeFull, "\(swallowed as Any)")

        #expect(try store.lastSequence() == acknowledged.last)
        #expect(try store.bodies(acknowledged).count == acknowledged.count)
        try makeRoom()
        for _ in 0..<10 { try writeBatch() }
        #expect(try store.bodies(acknowledged).count == acknowledged.count)
        #expect(try Follower(following: store).items.count == acknowledged.count)
        #expect(try store.integrityCheck() == [])
    }
}

/// A file system of its own in memory, which only root may mount.
private final class SmallFileSystem {
    private let directory: TemporaryDirectory

    var path: String { directory.path }

    static var isAvailable: Bool { (try? SmallFileSystem(megabytes: 1)) != nil }

    private struct NotMounted: Error {}

    init(megabytes: Int) throws {
        directory = try TemporaryDirectory()
        guard Self.run("mount", "-t", "tmpfs", "-o", "size=\(megabytes)m", "tmpfs", directory.path) else {
            throw NotMounted()
        }
    }

    deinit { _ = Self.run("umount", path) }

    private static func run(_ arguments: String...) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
