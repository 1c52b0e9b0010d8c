import DatabaseTestKit
import Foundation
import SQLDatabase
import TestKit
import Testing

@Suite("Migrations") struct MigrationTests {
    private static let first = Migrations.Step(
        "create", "CREATE TABLE jobs (id BIGINT PRIMARY KEY); CREATE INDEX jobs_id ON jobs (id)")
    private static let second = Migrations.Step(
        "name", "ALTER TABLE jobs ADD COLUMN name TEXT NOT NULL DEFAULT 'it''s; ?'")

    @Test("Steps are applied once, in order, for each service", arguments: DatabaseKind.tested)
    func applies(kind: DatabaseKind) async throws {
        try await withDatabase(kind) { database in
            #expect(try await database.migrate(Migrations("jobs", [Self.first])) == 1)
            #expect(try await database.migrate(Migrations("jobs", [Self.first])) == 0)
            #expect(try await database.migrate(Migrations("jobs", [Self.first, Self.second])) == 1)
            let other = Migrations.Step("create", "CREATE TABLE orders (id BIGINT PRIMARY KEY)")
            #expect(try await database.migrate(Migrations("orders", [other])) == 1)
            try await database.write { transaction in
                try transaction.execute("INSERT INTO jobs (id) VALUES (1)")
                #expect(try transaction.value("SELECT name FROM jobs") == "it's; ?")
                let steps = try transaction.rows(
                    "SELECT service, step, name FROM database_migrations ORDER BY service, step")
                #expect(
                    try steps.map { "\(try $0["service", as: String.self]) \(try $0["step", as: Int.self])" } == [
                        "jobs 1", "jobs 2", "orders 1",
                    ])
            }
        }
    }

    @Test("A step that fails leaves nothing of all of them, and is named", arguments: DatabaseKind.tested)
    func fails(kind: DatabaseKind) async throws {
        try await withDatabase(kind) { database in
            let wrong = Migrations.Step("break", "CREATE TABLE more (id BIGINT); SELECT nothing")
            let error = await #expect(throws: DatabaseError.self) {
                try await database.migrate(Migrations("jobs", [Self.first, wrong]))
            }
            #expect(error?.kind == .invalidStatement)
            #expect(error?.message.hasPrefix("Step 2, 'break', of the service 'jobs' cannot be applied") == true)
            let count = try await database.migrate(Migrations("jobs", [Self.first, Self.second]))
            #expect(count == 2)
        }
    }

    @Test("A database that is newer than the program is refused", arguments: DatabaseKind.tested)
    func newer(kind: DatabaseKind) async throws {
        try await withDatabase(kind) { database in
            try await database.migrate(Migrations("jobs", [Self.first, Self.second]))
            let error = await #expect(throws: DatabaseError.self) {
                try await database.migrate(Migrations("jobs", [Self.first]))
            }
            #expect(error?.kind == .schemaMismatch)
            #expect(error?.message.contains("step 2, 'name', of the service 'jobs'") == true)
        }
    }

    @Test("An applied step that has changed is refused", arguments: DatabaseKind.tested) func changed(
        kind: DatabaseKind
    ) async throws {
        try await withDatabase(kind) { database in
            try await database.migrate(Migrations("jobs", [Self.first]))
            let changed = Migrations.Step("create", "CREATE TABLE jobs (id TEXT PRIMARY KEY)")
            let error = await #expect(throws: DatabaseError.self) {
                try await database.migrate(Migrations("jobs", [changed]))
            }
            #expect(error?.kind == .schemaMismatch)
            #expect(error?.message.contains("must not change") == true)
            let same = Migrations.Step("create", Self.first.sql.replacing("; ", with: ";\n-- An index.\n"))
            #expect(try await database.migrate(Migrations("jobs", [same])) == 0)
        }
    }

    @Test("A database with a gap in its steps is refused", arguments: DatabaseKind.tested) func gap(kind: DatabaseKind)
        async throws
    {
        try await withDatabase(kind) { database in
            let migrations = Migrations("jobs", [Self.first, Self.second])
            try await database.migrate(migrations)
            try await database.write { try $0.execute("DELETE FROM database_migrations WHERE step = 1") }
            let error = await #expect(throws: DatabaseError.self) { try await database.migrate(migrations) }
            #expect(error?.kind == .schemaMismatch)
        }
    }

    @Test("Several processes at once apply each step once", arguments: DatabaseKind.tested)
    func processes(kind: DatabaseKind) async throws {
        try await withDatabaseLocation(kind) { location in
            let children = try (0..<3).map { _ in try Child("DatabaseChild", [location]) }
            let counts = try children.map { try $0.output() }.sorted()
            #expect(counts == ["0\n", "0\n", "20\n"])
        }
    }

    @Test("A table that is in use is waited for without a queue behind", .enabled(if: PostgreSQLServer.isInstalled))
    func busyTable() async throws {
        try await withDatabase(.postgreSQL) { database in
            try await database.migrate(Migrations("jobs", [Self.first]))
            let (isReading, mayEnd) = (Flag(), Flag())
            let reader = Task {
                try await database.read { transaction in
                    _ = try transaction.rows("SELECT id FROM jobs")
                    isReading.set()
                    try blockUntil("Nobody ends it") { mayEnd.isSet }
                }
            }
            try await waitUntil("Nobody reads") { isReading.isSet }
            let migration = Task { try await database.migrate(Migrations("jobs", [Self.first, Self.second])) }
            // It gives up its place in the queue, in which this one would wait for the reader.
            try await waitUntil("The step does not wait") {
                try await database.read { try $0.value("SELECT count(*) FROM pg_locks WHERE NOT granted") } == 1
            }
            _ = try await database.read(timeout: .seconds(20)) { try $0.rows("SELECT id FROM jobs") }
            #expect(!mayEnd.isSet)
            mayEnd.set()
            try await reader.value
            #expect(try await migration.value == 1)
        }
    }
}

/// A child process that ends by itself.
private final class Child {
    private let process = Process()
    private let pipe = Pipe()

    init(_ name: String, _ arguments: [String]) throws {
        let bundle = Bundle(for: Self.self).bundleURL
        process.executableURL = [bundle, bundle.deletingLastPathComponent()]
            .map { $0.appendingPathComponent(name) }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
        process.arguments = arguments
        process.standardOutput = pipe
        try process.run()
    }

    func output() throws -> String {
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return String(decoding: data, as: UTF8.self)
    }
}
