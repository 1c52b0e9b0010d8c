import DatabaseTestKit
import Foundation
import SQLDatabase
import TestKit
import Testing

@Suite("SQLite's log") struct SQLiteLogTests {
    @Test("does not grow without end while somebody reads at any time") func staysShort() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.path("platform.sqlite")
            let database = Database(.init(.sqlite(path: path)), logger: .silent)
            defer { database.close() }
            try await database.write { transaction in
                try transaction.execute("CREATE TABLE things (id BIGINT PRIMARY KEY, content BYTEA)")
                try transaction.execute("INSERT INTO things VALUES (1, ?)", [UInt8](repeating: 0, count: 2_000_000))
            }
            let mustEnd = Flag()
            let readers = (0..<3).map { _ in
                Task {
                    while !mustEnd.isSet {
                        try await database.read { transaction in
                            // As long as a write takes, so that one reader or the other is always there.
                            for _ in 0..<300 { try transaction.rows("SELECT id FROM things") }
                        }
                    }
                }
            }
            for number in 0..<30 {
                let content = [UInt8](repeating: UInt8(number), count: 2_000_000)
                try await database.write { try $0.execute("UPDATE things SET content = ? WHERE id = 1", content) }
            }
            mustEnd.set()
            for reader in readers { try await reader.value }
            let size = try FileManager.default.attributesOfItem(atPath: path + "-wal")[.size] as? Int
            #expect(try #require(size) < 40_000_000)
        }
    }
}
