import DatabaseTestKit
import Foundation
import Logging
import SQLDatabase
import TestKit
import Testing

@testable import Catalogue
@testable import CataloguePostgreSQL

@Suite("The index of a new node", .enabled(if: PostgreSQLServer.isInstalled)) struct NodeIndexTests {
    let folder: TemporaryDirectory

    init() throws {
        folder = try TemporaryDirectory()
    }

    private func node(
        _ name: String, _ server: PostgreSQLServer, _ database: String, index: CatalogueEngine.IndexUse = .permanent,
        copiedFrom source: String? = nil
    ) throws -> CatalogueEngine {
        try CatalogueEngine(
            postgreSQL: DatabaseConfiguration(DatabaseLocation(server.url(database))), home: folder.path(name),
            index: index, copiedFrom: source)
    }

    /// A node with 200 Items, of which the newest are in its index's memory only, and which serves.
    private func firstNode(_ server: PostgreSQLServer, _ database: String) throws -> CatalogueEngine {
        let first = try node("first", server, database)
        try first.putCollection("a")
        try first.createItems(Samples.items(0..<190).map { Array($0.utf8) }, in: "a")
        for number in 0..<5 { try first.deleteItem(id: "item-\(number)", in: "a", ifMatch: nil) }
        try first.checkpoint()
        try first.createItems(Samples.items(190..<200).map { Array($0.utf8) }, in: "a")
        return first
    }

    private func files(_ name: String) throws -> Set<String> {
        Set(try FileManager.default.contentsOfDirectory(atPath: folder.path("\(name)/index")))
    }

    @Test("is copied from a node that serves, follows the store from there, and is its own")
    func copied() async throws {
        try await withPostgreSQL { server, database in
            let first = try firstNode(server, database)
            let second = try node("second", server, database, copiedFrom: first.home)
            #expect(second.ownsIndex)
            #expect(try second.ids() == first.ids() && second.ids().count == 195)
            #expect(try files("first").contains { $0.hasSuffix(".tbseg") })
            #expect(try files("second").isSuperset(of: files("first").filter { $0.hasSuffix(".tbseg") }))
            try first.put(Samples.bytes("later"))
            try second.catchUp()
            #expect(try second.ids().contains("later"))
            for engine in [first, second] {
                try engine.compact()
                #expect(try engine.verify() == [])
            }
        }
    }

    @Test("is not copied where there is one")
    func present() async throws {
        try await withPostgreSQL { server, database in
            let first = try firstNode(server, database)
            try node("second", server, database).compact()
            let before = try files("second")
            let second = try node("second", server, database, copiedFrom: first.home)
            #expect(try files("second") == before)
            #expect(try second.ids() == first.ids())
        }
    }

    @Test("is built where none can be copied, unless the copy is what was asked for")
    func fallback() async throws {
        try await withPostgreSQL { server, database in
            let first = try firstNode(server, database)
            let nowhere = folder.path("nowhere")
            let second = try node("second", server, database, copiedFrom: nowhere)
            #expect(try second.ids() == first.ids())
            let error = catalogueError {
                try node("third", server, database, index: .rebuilt, copiedFrom: nowhere)
            }
            #expect(error?.code == .invalid)
            #expect(error?.message.contains("\(nowhere) cannot be copied: there is none") == true)
        }
    }

    @Test("is replaced by a copy on demand")
    func replaced() async throws {
        try await withPostgreSQL { server, database in
            let first = try firstNode(server, database)
            try node("second", server, database).compact()
            let before = try files("second")
            let second = try node("second", server, database, index: .rebuilt, copiedFrom: first.home)
            #expect(try files("second").isDisjoint(with: before.filter { $0.hasSuffix(".tbseg") }))
            #expect(try second.ids() == first.ids())
        }
    }

    @Test("is not copied from a node that knows of changes which the store has lost")
    func ahead() async throws {
        try await withPostgreSQL { server, database in
            let first = try firstNode(server, database)
            try first.checkpoint()
            let lost = try first.store.lastSequence()
            let connection = Database(
                DatabaseConfiguration(try DatabaseLocation(server.url(database))), logger: .current)
            defer { connection.close() }
            try connection.write { transaction in
                _ = try transaction.execute("DELETE FROM catalogue_item_versions WHERE sequence = ?", lost)
                _ = try transaction.execute("DELETE FROM catalogue_item_counts WHERE sequence = ?", lost)
            }
            let second = try node("second", server, database, copiedFrom: first.home)
            #expect(try second.ids().count == 194)
        }
    }
}
