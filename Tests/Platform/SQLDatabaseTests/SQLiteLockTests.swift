import DatabaseTestKit
import Logging
import SQLDatabase
import Testing

#if os(Linux)
    import Glibc

    @Suite("SQLite's locks") struct SQLiteLockTests {
        /// SQLite's `SHARED_FIRST`, and how many bytes it locks.
        private static let (start, length): (off_t, off_t) = (0x4000_0002, 510)
        /// `F_OFD_GETLK`, which sees the locks of this process, too.
        private static let query: Int32 = 36

        @Test("stay while further connections are opened, so that no other program takes the log away")
        func connections() async throws {
            try await withDatabaseLocation(.sqlite) { location in
                let path = String(location.dropFirst("sqlite:".count))
                try await withDatabase(at: location) { database in
                    try await database.write { _ = try $0.execute("CREATE TABLE t (id BIGINT)") }
                    // Opens another connection.
                    let count: Int = try await database.read { try $0.value("SELECT count(*) FROM t") }
                    #expect(count == 0)
                    let descriptor = open(path, O_RDWR)
                    #expect(descriptor >= 0)
                    var lock = flock()
                    lock.l_type = Int16(F_WRLCK)
                    lock.l_whence = Int16(SEEK_SET)
                    (lock.l_start, lock.l_len) = (Self.start, Self.length)
                    #expect(fcntl(descriptor, Self.query, &lock) == 0)
                    #expect(lock.l_type != Int16(F_UNLCK), "no connection holds a lock on the file")
                    _ = close(descriptor)
                }
            }
        }

        private func withDatabase(at location: String, _ body: (Database) async throws -> Void) async throws {
            let configuration = DatabaseConfiguration(try DatabaseLocation(location))
            let database = Database(configuration, logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() })
            defer { database.close() }
            try await body(database)
        }
    }
#endif
