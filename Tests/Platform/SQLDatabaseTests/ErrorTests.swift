import DatabaseTestKit
import Foundation
import SQLDatabase
import TestKit
import Testing

@Suite("Errors") struct ErrorTests {
    @Test(
        "PostgreSQL's states are the layer's kinds", .enabled(if: PostgreSQLServer.isInstalled),
        arguments: [
            ("53100", DatabaseError.Kind.diskFull), ("42501", .notPermitted), ("54000", .tooLarge),
            ("22012", .invalidValue),
            ("23P01", .invalidValue), ("XX001", .damaged), ("P0001", .other), ("55P03", .timeout),
            ("57014", .cancelled),
            ("40001", .serializationFailure), ("40P01", .deadlock),
        ])
    func states(state: String, kind: DatabaseError.Kind) async throws {
        try await withDatabase(.postgreSQL) { database in
            let error = await #expect(throws: DatabaseError.self) {
                // Too short for all attempts at what is repeated.
                try await database.write(timeout: .milliseconds(400)) {
                    try $0.execute("DO $$ BEGIN RAISE EXCEPTION 'words' USING ERRCODE = '\(state)'; END $$")
                }
            }
            #expect(error?.kind == kind)
            #expect(error?.code == state)
            #expect(error?.message.hasSuffix(".") == true && error?.message.contains("words") == false)
            #expect(error?.detail?.contains("words") == true)
        }
    }

    @Test("A full disk is named") func fullDisk() async throws {
        try await withDatabase(.sqlite) { database in
            try await database.write { try $0.execute("CREATE TABLE things (content BYTEA)") }
            let error = await #expect(throws: DatabaseError.self) {
                try await database.write { transaction in
                    try transaction.rows("PRAGMA max_page_count = 10")
                    try transaction.execute("INSERT INTO things VALUES (?)", [UInt8](repeating: 1, count: 1_000_000))
                }
            }
            #expect(error?.kind == .diskFull)
        }
    }

    @Test("Files that cannot be used are named with their path") func files() async throws {
        try await withTemporaryDirectory { directory in
            try directory.write(String(repeating: "no database ", count: 1_000), to: "text")
            for (name, creates, kind) in [
                ("none/platform.sqlite", true, DatabaseError.Kind.unavailable), ("text", true, .damaged),
                ("absent.sqlite", false, .unavailable),
            ] {
                var configuration = DatabaseConfiguration(.sqlite(path: directory.path(name)))
                configuration.createsFile = creates
                let database = Database(configuration, logger: .silent)
                defer { database.close() }
                let error = await #expect(throws: DatabaseError.self) {
                    try await database.read { try $0.rows("SELECT 1 AS one") }
                }
                #expect(error?.kind == kind, "\(name)")
                #expect(error?.message.contains(directory.path(name)) == true, "\(String(describing: error))")
            }
            #expect(try directory.files() == ["text"])
        }
    }

    @Test("Only the owner may read the file") func fileMode() async throws {
        try await withTemporaryDirectory { directory in
            let database = Database(.init(.sqlite(path: directory.path("platform.sqlite"))), logger: .silent)
            try await database.write { try $0.execute("CREATE TABLE things (id BIGINT)") }
            for name in try directory.files() {
                let attributes = try FileManager.default.attributesOfItem(atPath: directory.path(name))
                #expect(attributes[.posixPermissions] as? Int == 0o600, "\(name)")
            }
            database.close()
        }
    }

    @Test("Another process that writes for too long is named") func busy() async throws {
        try await withDatabase(.sqlite) { database in
            let other = Database(database.configuration, logger: .silent)
            defer { other.close() }
            let (isWriting, mayEnd) = (Flag(), Flag())
            let writer = Task {
                try await other.write { _ in
                    isWriting.set()
                    try blockUntil("Nobody ends it") { mayEnd.isSet }
                }
            }
            try await waitUntil("Nobody writes") { isWriting.isSet }
            let error = await #expect(throws: DatabaseError.self) {
                try await database.write(timeout: .milliseconds(100)) { _ in }
            }
            #expect(error?.kind == .busy)
            // Reading goes on.
            try await database.read { try $0.rows("SELECT 1 AS one") }
            mayEnd.set()
            try await writer.value
        }
    }
}
