import Catalogue
import CatalogueTestKit
import DatabaseTestKit
import SQLDatabase
import TestKit
import Testing

@testable import CataloguePostgreSQL

@Suite("PostgreSQL store", .enabled(if: PostgreSQLServer.isInstalled)) struct PostgreSQLItemStoreTests {
    @Test("does what every store does", arguments: ItemStoreBehaviour.all)
    func conforms(behaviour: ItemStoreBehaviour) async throws {
        try await withPostgreSQL { server, name in
            try await behaviour.check(PostgreSQLItemStoreFactory(server.url(name)))
        }
    }

    @Test("agrees with a model of a store, whatever is written", arguments: UInt64(1)...4)
    func matchesModel(seed: UInt64) async throws {
        try await withPostgreSQL { server, name in
            let store = try PostgreSQLItemStore(server.url(name))
            try expectItemStoreMatchesModel(store, seed: seed, steps: 60)
            #expect(try store.integrityCheck() == [])
        }
    }

    @Test("does so behind a pooler, too", .enabled(if: PostgreSQLServer.isBouncerInstalled))
    func worksBehindPooler() async throws {
        try await withPostgreSQL { server, name in
            try await server.withBouncer {
                var configuration = DatabaseConfiguration(try DatabaseLocation(server.url(bouncer: name)))
                // This one is older than those that know prepared statements.
                configuration.preparesStatements = false
                let store = try PostgreSQLItemStore(configuration)
                try expectItemStoreMatchesModel(store, seed: 7, steps: 40)
                let snapshot = try store.snapshot()
                #expect(try Follower(following: snapshot) == Follower(following: store))
            }
        }
    }

    @Test("is another one for each database, and the same for all who open it")
    func identifies() async throws {
        try await withPostgreSQL { server, name in
            let store = try PostgreSQLItemStore(server.url(name))
            #expect(try store.identifier() == PostgreSQLItemStore(server.url(name)).identifier())
            try await withPostgreSQL { server, other in
                let another = try PostgreSQLItemStore(server.url(other))
                #expect(try another.identifier() != store.identifier())
            }
        }
    }

    @Test("is begun only when that is wanted, and once when many want it at once")
    func begins() async throws {
        try await withPostgreSQL { server, name in
            let url = server.url(name)
            for mode in [PostgreSQLItemStore.Mode.read, .write] {
                let error = #expect(throws: CatalogueError.self) { try PostgreSQLItemStore(url, mode: mode) }
                #expect(error?.code == .storeMissing)
            }
            let identifiers = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<4 {
                    group.addTask { try await onThread { try PostgreSQLItemStore(url).identifier() } }
                }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(identifiers.count == 1)
            let reading = try PostgreSQLItemStore(url, mode: .read)
            #expect(throws: CatalogueError.self) { try reading.write { _ in } }
            #expect(try reading.collections().isEmpty)
        }
    }

    @Test("refuses tables of a newer version")
    func refusesNewer() async throws {
        try await withPostgreSQL { server, name in
            _ = try PostgreSQLItemStore(server.url(name))
            let next = PostgreSQLSchema.migrations.steps.count + 1
            try server.execute(
                "INSERT INTO database_migrations VALUES ('catalogue', \(next), 'newer', 'x', now())", in: name)
            let error = #expect(throws: CatalogueError.self) { try PostgreSQLItemStore(server.url(name)) }
            #expect(error?.code == .storeUnsupported)
        }
    }

    @Test("writes many Items at once as it writes few")
    func writesMany() async throws {
        try await withPostgreSQL { server, name in
            let store = try PostgreSQLItemStore(server.url(name))
            let number = try store.write { try $0.putCollection(id: "a", body: []).number }
            let ids = (0..<20_000).map { "item-\($0)" }
            let sequences = try store.write { transaction in
                try transaction.anticipate(ids, in: number, reading: true)
                return try ids.map {
                    try transaction.insert($0, NewBody([UInt8](repeating: 7, count: 900)), in: number)
                }
            }
            let replaced = try store.write { transaction in
                try transaction.anticipate(ids, in: number, reading: true)
                return try zip(ids, sequences).map { id, sequence in
                    #expect(try transaction.sequence(of: id, in: number) == sequence)
                    #expect(try transaction.withBody(sequence) { $0.frame.count } == 900)
                    return try transaction.replace(sequence, id, NewBody([1]), in: number)
                }
            }
            #expect(
                try store.bodies([sequences[17], replaced[19_999]]) == [0: [UInt8](repeating: 7, count: 900), 1: [1]])
            let follower = try Follower(following: store)
            #expect(follower.items.count == 20_000)
            #expect(try store.itemCounts() == [number: 20_000])
            #expect(try store.integrityCheck() == [])
            try store.purge(through: .max)
            #expect(try store.bodies([sequences[17], replaced[19_999]]) == [1: [1]])
            #expect(try store.integrityCheck() == [])
            let removal = try store.write { try $0.removeCollection(number) }
            try store.purge(through: removal)
            #expect(try server.execute("SELECT count(*) FROM catalogue_item_versions", in: name) == "0")
            #expect(try store.integrityCheck() == [])
        }
    }

    @Test("shows administrators its Items and Collections")
    func showsItems() async throws {
        try await withPostgreSQL { server, name in
            let store = try PostgreSQLItemStore(server.url(name))
            try store.write { transaction in
                let number = try transaction.putCollection(id: "a", body: Array(#"{"id":"a"}"#.utf8)).number
                let first = try transaction.insert("i", NewBody([1]), in: number)
                _ = try transaction.replace(first, "i", NewBody([1, 2, 3]), in: number)
            }
            let items =
                "SELECT collection || ' ' || id || ' ' || sequence || ' ' || compressed_bytes FROM catalogue_items"
            #expect(try server.execute(items, in: name) == "a i 4 3")
            let collections = "SELECT id || ' ' || items || ' ' || document FROM catalogue_collection_documents"
            #expect(try server.execute(collections, in: name) == #"a 1 {"id":"a"}"#)
        }
    }

    @Test("says by which means it is backed up")
    func explainsBackups() async throws {
        try await withPostgreSQL { server, name in
            let store = try PostgreSQLItemStore(server.url(name))
            let error = #expect(throws: CatalogueError.self) { try store.backup(toDirectory: "/tmp") }
            #expect(error?.message.contains("pg_dump") == true)
        }
    }

    @Test(
        "finds damage",
        arguments: [
            ("DELETE FROM catalogue_item_versions WHERE sequence = 5", "not those of its 100 Items"),
            ("UPDATE catalogue_item_versions SET collection = 77 WHERE sequence = 5", "not those of its 100 Items"),
            ("UPDATE catalogue_item_versions SET links_offset = 77 WHERE sequence = 5", #"The Item "item-3""#),
            ("UPDATE catalogue_item_versions SET body = '\\x00' WHERE sequence = 5", #"The Item "item-3""#),
            ("UPDATE catalogue_item_versions SET dictionary = 77 WHERE sequence = 5", "missing dictionary 77"),
            ("UPDATE catalogue_item_versions SET id = 'other' WHERE id = 'item-3'", #"The entry of the Item "other""#),
            (
                "UPDATE catalogue_item_versions SET removed_at = 5 WHERE sequence = 5",
                "has ended, and no change says so"
            ),
            ("INSERT INTO catalogue_removals SELECT 102, 1, 5, 0, 0", "both current and removed"),
            ("INSERT INTO catalogue_removals SELECT 102, 1, 5, 0, 0", "The record of an Item's removal"),
            ("INSERT INTO catalogue_removals SELECT 5, 1, 5, 0, 0", "Two changes have the sequence 5"),
            ("UPDATE catalogue_collection_changes SET body = '\\x00'", #"The Collection "a" is damaged"#),
            ("UPDATE catalogue_collections SET sequence = 99", #"The entry of the Collection "a" is damaged"#),
            ("UPDATE catalogue_collections SET id = 'b'", "The list of Collections"),
            ("DELETE FROM catalogue_collections", "The list of Collections"),
            ("DELETE FROM catalogue_collection_changes", "lost its content"),
            ("UPDATE catalogue_item_counts SET items = 99", "The number of Items"),
            ("DELETE FROM catalogue_item_counts", "The number of Items"),
            ("UPDATE catalogue_state SET purged = 1000", "catalogue_state"),
            ("DELETE FROM catalogue_state", "catalogue_state"),
            ("ALTER TABLE catalogue_removals DROP COLUMN replaced CASCADE", "The tables"),
        ])
    func findsDamage(statement: String, fault: String) async throws {
        try await withPostgreSQL { server, name in
            let store = try PostgreSQLItemStore(server.url(name))
            try store.write { transaction in
                let number = try transaction.putCollection(id: "a", body: [1]).number
                for index in 0..<100 {
                    _ = try transaction.insert("item-\(index)", NewBody([UInt8](repeating: 7, count: 300)), in: number)
                }
            }
            #expect(try store.integrityCheck() == [])
            try server.execute(statement, in: name)
            let faults = try store.integrityCheck()
            #expect(faults.contains { $0.contains(fault) }, "\(faults)")
        }
    }
}

/// A store in a database that is empty at first.
private struct PostgreSQLItemStoreFactory: ItemStoreFactory {
    private let url: String

    init(_ url: String) { self.url = url }

    func open() throws -> any ItemStore { try PostgreSQLItemStore(url) }

    func openBackup(inDirectory directory: String) throws -> any ItemStore {
        throw CatalogueError(.invalid, "This store does not copy itself.")
    }

    func makeDirectory() throws -> String { try TemporaryDirectory().path }
}
