import DatabaseTestKit
import Foundation
import SQLDatabase
import Synchronization
import TestKit
import Testing

@Suite(
    "Faults of PostgreSQL",
    .enabled(
        if: PostgreSQLServer.isInstalled,
        "PostgreSQL's server is not installed: the database layer was tested with SQLite only"))
struct PostgreSQLFaultTests {
    private static let counters = "CREATE TABLE counters (name TEXT PRIMARY KEY, value BIGINT NOT NULL)"

    private func withPostgreSQLDatabase<Result>(
        configure: (inout DatabaseConfiguration) -> Void = { _ in },
        _ body: (PostgreSQLServer, String, Database) async throws -> Result
    ) async throws -> Result {
        try await withPostgreSQL { server, name in
            var configuration = DatabaseConfiguration(try DatabaseLocation(server.url(name)))
            configure(&configuration)
            let database = Database(configuration, logger: .silent)
            defer { database.close() }
            return try await body(server, name, database)
        }
    }

    @Test("Deadlocks are repeated until both are through") func deadlock() async throws {
        try await withPostgreSQLDatabase { _, _, database in
            try await database.write { transaction in
                try transaction.execute(Self.counters)
                try transaction.execute("INSERT INTO counters VALUES ('a', 0), ('b', 0)")
            }
            let (first, second) = (Flag(), Flag())
            @Sendable func update(_ names: [String], _ own: Flag, _ other: Flag) async throws {
                try await database.write(.readCommitted) { transaction in
                    try transaction.execute("UPDATE counters SET value = value + 1 WHERE name = ?", names[0])
                    own.set()
                    try blockUntil("The other one does not begin") { other.isSet }
                    try transaction.execute("UPDATE counters SET value = value + 1 WHERE name = ?", names[1])
                }
            }
            async let one: Void = update(["a", "b"], first, second)
            async let two: Void = update(["b", "a"], second, first)
            _ = try await (one, two)
            let values: [Int] = try await database.read {
                try $0.rows("SELECT value FROM counters").map { try $0["value"] }
            }
            #expect(values == [2, 2])
            #expect(database.statistics.retryCount >= 1)
        }
    }

    @Test("After a crash and restart of the server, reads and writes go on without an error") func crash() async throws
    {
        try await withPostgreSQLDatabase { server, _, database in
            try await database.write { transaction in
                try transaction.execute(Self.counters)
                try transaction.execute("INSERT INTO counters VALUES ('a', 0)")
            }
            let mustEnd = Flag()
            let (acknowledged, unknown) = (Box(Mutex(0)), Box(Mutex(0)))
            let writers = (0..<3).map { _ in
                Task {
                    while !mustEnd.isSet {
                        do {
                            try await database.write(.readCommitted) {
                                try $0.execute("UPDATE counters SET value = value + 1 WHERE name = 'a'")
                            }
                            acknowledged.value.withLock { $0 += 1 }
                        } catch let error as DatabaseError where error.mayHaveCommitted {
                            unknown.value.withLock { $0 += 1 }
                        }
                        let _: Int = try await database.read { try $0.value("SELECT value FROM counters") }
                    }
                }
            }
            try await waitUntil("Nothing is written") { acknowledged.value.withLock { $0 } > 20 }
            try server.crashAndRestart()
            let before = acknowledged.value.withLock { $0 }
            try await waitUntil("Nothing is written after the restart") {
                acknowledged.value.withLock { $0 } > before + 20
            }
            mustEnd.set()
            for writer in writers { try await writer.value }
            let value: Int = try await database.read { try $0.value("SELECT value FROM counters") }
            let (least, more) = (acknowledged.value.withLock { $0 }, unknown.value.withLock { $0 })
            #expect(least <= value && value <= least + more)
        }
    }

    @Test("Idle connections that were cut are replaced without an error") func cutWhileIdle() async throws {
        try await withPostgreSQLDatabase { server, name, database in
            for _ in 0..<3 {
                #expect(try await database.write { try $0.value("SELECT 1 AS one") } == 1)
                try server.cutConnections(to: name)
                #expect(try await database.read { try $0.value("SELECT 1 AS one") } == 1)
                try server.cutConnections(to: name)
            }
        }
    }

    @Test("A transaction whose connection is cut before its commit is repeated") func cutInTransaction() async throws {
        try await withPostgreSQLDatabase { server, name, database in
            try await database.write { try $0.execute(Self.counters) }
            let attempts = Box(Mutex(0))
            try await database.write { transaction in
                try transaction.execute("INSERT INTO counters VALUES ('a', 1)")
                let attempt = attempts.value.withLock { count in
                    count += 1
                    return count
                }
                if attempt == 1 { try server.cutConnections(to: name) }
                try transaction.execute("INSERT INTO counters VALUES ('b', 1)")
            }
            #expect(attempts.value.withLock { $0 } == 2)
            #expect(try await database.read { try $0.value("SELECT count(*) FROM counters") } == 2)
        }
    }

    @Test("A connection that is cut during the commit is an error that says so, and nothing is repeated")
    func cutInCommit() async throws {
        try await withPostgreSQLDatabase { server, name, database in
            try await database.write { transaction in
                try transaction.execute(Self.counters)
                try transaction.execute(
                    """
                    CREATE FUNCTION wait() RETURNS TRIGGER LANGUAGE plpgsql AS
                    $$ BEGIN PERFORM pg_sleep(600); RETURN NULL; END $$
                    """)
                try transaction.execute(
                    """
                    CREATE CONSTRAINT TRIGGER waits AFTER INSERT ON counters DEFERRABLE INITIALLY DEFERRED
                    FOR EACH ROW EXECUTE FUNCTION wait()
                    """)
            }
            let attempts = Box(Mutex(0))
            let writing = Task {
                try await database.write { transaction in
                    attempts.value.withLock { $0 += 1 }
                    try transaction.execute("INSERT INTO counters VALUES ('a', 1)")
                }
            }
            try await waitUntil("It does not commit") {
                try server.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'") == "1"
            }
            try server.cutConnections(to: name)
            let error = await #expect(throws: DatabaseError.self) { try await writing.value }
            #expect(error?.kind == .connectionLost && error?.mayHaveCommitted == true)
            #expect(attempts.value.withLock { $0 } == 1)
        }
    }

    @Test("A server that stays away is an error after the configured time, and comes back") func away() async throws {
        try await withPostgreSQLDatabase(configure: { $0.reconnectTimeout = .milliseconds(300) }) {
            server, _, database in
            _ = try await database.read { try $0.rows("SELECT 1 AS one") }
            try server.stop()
            let error = await #expect(throws: DatabaseError.self) {
                try await database.read { try $0.rows("SELECT 1 AS one") }
            }
            #expect(error?.kind == .unavailable)
            try server.start()
            #expect(try await database.read { try $0.value("SELECT 1 AS one") } == 1)
        }
    }

    @Test("A statement that an administrator cancels is an error, and the connection goes on")
    func cancelledByAdministrator() async throws {
        try await withPostgreSQLDatabase { server, name, database in
            let sleeping = Task { try await database.read { try $0.rows("SELECT pg_sleep(600) AS slept") } }
            let sleeper =
                "FROM pg_stat_activity WHERE datname = '\(name)' AND wait_event = 'PgSleep'"
            try await waitUntil("It does not begin") { try server.execute("SELECT count(*) \(sleeper)") == "1" }
            try server.execute("SELECT pg_cancel_backend(pid) \(sleeper)")
            let error = await #expect(throws: DatabaseError.self) { try await sleeping.value }
            #expect(error?.kind == .cancelled)
        }
    }

    @Test("A statement that was ended by its deadline does not go on in the server") func cancelsInServer() async throws
    {
        try await withPostgreSQLDatabase { server, name, database in
            await #expect(throws: DatabaseError.self) {
                try await database.read(timeout: .milliseconds(100)) { try $0.rows("SELECT pg_sleep(600) AS slept") }
            }
            try await waitUntil("It goes on") {
                try server.execute(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = '\(name)' AND state = 'active'") == "0"
            }
        }
    }

    @Test("Transactions that commit in another order than they began are seen when they are committed")
    func outOfOrder() async throws {
        try await withPostgreSQLDatabase { _, _, database in
            try await database.write {
                try $0.execute("CREATE TABLE changes (id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY)")
            }
            let (hasFirst, mayCommit) = (Flag(), Flag())
            let slow = Task {
                try await database.write(.readCommitted) { transaction -> Int in
                    let id: Int = try transaction.value("INSERT INTO changes DEFAULT VALUES RETURNING id")
                    hasFirst.set()
                    try blockUntil("The other one does not commit") { mayCommit.isSet }
                    return id
                }
            }
            try await waitUntil("The first one does not begin") { hasFirst.isSet }
            let fast: Int = try await database.write(.readCommitted) {
                try $0.value("INSERT INTO changes DEFAULT VALUES RETURNING id")
            }
            @Sendable func ids() async throws -> [Int] {
                try await database.read { try $0.rows("SELECT id FROM changes ORDER BY id").map { try $0["id"] } }
            }
            #expect(try await ids() == [fast])
            mayCommit.set()
            let first = try await slow.value
            #expect(first < fast)
            #expect(try await ids() == [first, fast])
        }
    }

    @Test("Workers that skip locked rows never take the same job") func skipLocked() async throws {
        try await withPostgreSQLDatabase { _, _, database in
            try await database.write { transaction in
                try transaction.execute(
                    "CREATE TABLE jobs (id BIGINT PRIMARY KEY, taken BOOLEAN NOT NULL DEFAULT FALSE)")
                try transaction.copy(into: "jobs", ["id"], rows: (0..<200).map { [.integer($0)] })
            }
            let taken = try await withThrowingTaskGroup(of: [Int].self) { group in
                for _ in 0..<6 {
                    group.addTask {
                        var own: [Int] = []
                        while true {
                            let ids: [Int] = try await database.write(.readCommitted) { transaction in
                                try transaction.rows(
                                    """
                                    UPDATE jobs SET taken = TRUE WHERE id IN (
                                        SELECT id FROM jobs WHERE NOT taken ORDER BY id LIMIT 5 FOR UPDATE SKIP LOCKED)
                                    RETURNING id
                                    """
                                ).map { try $0["id"] }
                            }
                            if ids.isEmpty { return own }
                            own += ids
                        }
                    }
                }
                return try await group.reduce(into: [Int]()) { $0 += $1 }
            }
            #expect(taken.sorted() == Array(0..<200))
        }
    }

    @Test("Listening goes on after the loss of its connection, with a hint that something may have been missed")
    func listenerReconnects() async throws {
        try await withPostgreSQLDatabase { server, name, database in
            var notifications = try database.listen(to: "jobs").makeAsyncIterator()
            #expect(await notifications.next()?.payload == nil)
            for round in 1...2 {
                try server.cutConnections(to: name)
                let hint = await notifications.next()
                #expect(hint == DatabaseNotification(channel: "jobs", payload: nil))
                try await database.write { try $0.notify("jobs", "\(round)") }
                #expect(await notifications.next()?.payload == "\(round)")
            }
        }
    }

    @Test("Prepared statements that are gone are prepared again") func forgottenStatements() async throws {
        try await withPostgreSQLDatabase(configure: { $0.poolSize = 1 }) { _, _, database in
            #expect(try await database.read { try $0.value("SELECT 1 AS one") } == 1)
            try await database.write { try $0.execute("DEALLOCATE ALL") }
            #expect(try await database.read { try $0.value("SELECT 1 AS one") } == 1)
        }
    }

    @Test("More statements than are kept, and values of several types for one, do no harm") func manyStatements()
        async throws
    {
        try await withPostgreSQLDatabase(configure: { $0.poolSize = 1 }) { _, _, database in
            try await database.read { transaction in
                for number in 0..<600 {
                    let found: Int = try transaction.value("SELECT \(number) AS one")
                    #expect(found == number)
                }
                let texts: [String] = [
                    try transaction.value("SELECT CAST(? AS TEXT) AS one", 1),
                    try transaction.value("SELECT CAST(? AS TEXT) AS one", "a"),
                    try transaction.value("SELECT COALESCE(CAST(? AS TEXT), 'none') AS one", nil),
                ]
                #expect(texts == ["1", "a", "none"])
            }
        }
    }

    @Test("Without prepared statements everything is the same") func unprepared() async throws {
        try await withPostgreSQLDatabase(configure: { $0.preparesStatements = false }) { server, name, database in
            try await database.write { transaction in
                try transaction.execute(Self.counters)
                try transaction.execute(
                    "INSERT INTO counters VALUES (?, ?)",
                    batch: [[.text("a"), .integer(1)], [.text("b"), .null]].dropLast())
                #expect(try transaction.value("SELECT value FROM counters WHERE name = ?", "a") == 1)
                #expect(try transaction.value("SELECT count(*) FROM pg_prepared_statements") == 0)
            }
        }
    }

    @Test("Reads that may lag go to the replicas, and to the primary when these are away") func replicas() async throws
    {
        try await withPostgreSQL { server, primary in
            try await withPostgreSQL { _, replica in
                var configuration = DatabaseConfiguration(try DatabaseLocation(server.url(primary)))
                configuration.replicas = [try PostgreSQLURL(server.url(replica))]
                let database = Database(configuration, logger: .silent)
                defer { database.close() }
                @Sendable func name(_ transaction: ReadTransaction) throws -> String {
                    try transaction.value("SELECT current_database() AS name")
                }
                #expect(try await database.read { try name($0) } == primary)
                #expect(try await database.read(mayLag: true) { try name($0) } == replica)
                #expect(try await database.write { try name($0) } == primary)
                configuration.replicas = [try PostgreSQLURL("postgresql:///none?host=/nowhere")]
                let alone = Database(configuration, logger: .silent)
                defer { alone.close() }
                #expect(try await alone.read(mayLag: true) { try name($0) } == primary)
            }
        }
    }

    @Test(
        "What cannot be reached is said without the password",
        arguments: [
            ("nobody", "terrabyte", "does not exist"), ("postgres", "nobody", "does not exist"),
        ])
    func unreachable(database name: String, user: String, words: String) async throws {
        try await withPostgreSQLDatabase { server, _, _ in
            let url = server.url(name).replacing("terrabyte@", with: "\(user):s3cret@")
            let database = Database(DatabaseConfiguration(try DatabaseLocation(url)), logger: .silent)
            defer { database.close() }
            let error = await #expect(throws: DatabaseError.self) {
                try await database.read { try $0.rows("SELECT 1 AS one") }
            }
            #expect(error?.kind == .unavailable)
            #expect("\(try #require(error))".contains(words))
            #expect(!"\(try #require(error))".contains("s3cret"))
        }
    }

    @Test("A database in another encoding than UTF-8 is refused") func encoding() async throws {
        try await withPostgreSQLDatabase { server, name, _ in
            try server.execute(
                "CREATE DATABASE \(name)_latin ENCODING 'LATIN1' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C' LOCALE_PROVIDER libc"
            )
            defer { _ = try? server.execute("DROP DATABASE \(name)_latin WITH (FORCE)") }
            let database = Database(
                DatabaseConfiguration(try DatabaseLocation(server.url("\(name)_latin"))), logger: .silent)
            defer { database.close() }
            let error = await #expect(throws: DatabaseError.self) {
                try await database.read { try $0.rows("SELECT 1 AS one") }
            }
            #expect(error?.message.contains("LATIN1") == true)
        }
    }

    @Test("A server that takes no writes any more is left for one that does, or named") func demoted() async throws {
        try await withPostgreSQLDatabase(configure: { $0.reconnectTimeout = .milliseconds(300) }) {
            server, name, database in
            try await database.write { try $0.execute(Self.counters) }
            try server.execute("ALTER DATABASE \(name) SET default_transaction_read_only = on")
            try server.cutConnections(to: name)
            let error = await #expect(throws: DatabaseError.self) {
                try await database.write { try $0.execute("INSERT INTO counters VALUES ('a', 1)") }
            }
            #expect(error?.kind == .unavailable)
            #expect(error?.detail?.contains("read-only") == true)
        }
    }

    @Test(
        "Everything works behind PgBouncer in transaction mode",
        .enabled(if: PostgreSQLServer.isBouncerInstalled, "PgBouncer is not installed"))
    func bouncer() async throws {
        try await withPostgreSQL { server, name in
            try await server.withBouncer {
                var configuration = DatabaseConfiguration(try DatabaseLocation(server.url(bouncer: name)))
                configuration.preparesStatements = false
                configuration.listenURL = try PostgreSQLURL(server.url(name))
                let database = Database(configuration, logger: .silent)
                defer { database.close() }
                let steps = Migrations("jobs", [.init("create", Self.counters)])
                async let first = database.migrate(steps)
                async let second = database.migrate(steps)
                #expect(try await first + second == 1)
                var notifications = try database.listen(to: "jobs").makeAsyncIterator()
                #expect(await notifications.next()?.payload == nil)
                try await withThrowingTaskGroup { group in
                    for number in 0..<40 {
                        group.addTask {
                            try await database.write(.readCommitted) { transaction in
                                try transaction.execute("INSERT INTO counters VALUES (?, ?)", "\(number)", number)
                            }
                        }
                    }
                    try await group.waitForAll()
                }
                try await database.write { transaction in
                    try transaction.copy(into: "counters", ["name", "value"], rows: [[.text("copied"), .integer(1)]])
                    try transaction.notify("jobs", "written")
                }
                #expect(await notifications.next()?.payload == "written")
                #expect(try await database.read { try $0.value("SELECT count(*) FROM counters") } == 41)
                await #expect(throws: DatabaseError.self) {
                    try await database.read(timeout: .milliseconds(100)) {
                        try $0.rows("SELECT pg_sleep(600) AS slept")
                    }
                }
                #expect(try await database.read { try $0.value("SELECT 1 AS one") } == 1)
            }
        }
    }
}
