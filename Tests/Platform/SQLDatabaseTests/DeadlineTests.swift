import DatabaseTestKit
import SQLDatabase
import Synchronization
import TestKit
import Testing

@Suite("Deadlines and cancellation") struct DeadlineTests {
    /// Takes far longer than any test.
    private static let endless =
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i > 0) SELECT count(*) FROM n"

    @Test("A statement that takes too long is ended, and the database goes on", arguments: DatabaseKind.tested)
    func statementTimeout(kind: DatabaseKind) async throws {
        try await withDatabase(kind, configure: { $0.poolSize = 1 }) { database in
            let start = ContinuousClock.now
            let error = await #expect(throws: DatabaseError.self) {
                try await database.read(timeout: .milliseconds(200)) { try $0.rows(Self.endless) }
            }
            #expect(error?.kind == .timeout)
            #expect(error?.message.contains("0.2 s") == true)
            #expect(start.duration(to: .now) < .seconds(20))
            let one: Int = try await database.read { try $0.value("SELECT 1 AS one") }
            #expect(one == 1)
        }
    }

    @Test("A cancelled task ends its statement", arguments: DatabaseKind.tested) func cancelled(kind: DatabaseKind)
        async throws
    {
        try await withDatabase(kind, configure: { $0.poolSize = 1 }) { database in
            let isRunning = Flag()
            let task = Task {
                try await database.write { transaction in
                    isRunning.set()
                    return try transaction.rows(Self.endless)
                }
            }
            try await waitUntil("The statement does not begin") { isRunning.isSet }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(try await database.write { try $0.value("SELECT 1 AS one") } == 1)
        }
    }

    @Test("A task that is cancelled already does nothing", arguments: DatabaseKind.tested)
    func cancelledBefore(kind: DatabaseKind) async throws {
        try await withDatabase(kind) { database in
            let task = Task {
                try await waitUntil("Nobody cancels") { Task.isCancelled }
                try await database.write { _ in Issue.record("It has begun") }
            }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
    }

    @Test("Who waits too long for a connection is told so", arguments: DatabaseKind.tested)
    func poolExhaustion(kind: DatabaseKind) async throws {
        try await withDatabase(kind, configure: { $0.poolSize = 2 }) { database in
            let mayEnd = Flag()
            let holders = (0..<2).map { _ in
                Task {
                    try await database.read { transaction in
                        _ = try transaction.rows("SELECT 1 AS one")
                        try blockUntil("Nobody ends it") { mayEnd.isSet }
                    }
                }
            }
            try await waitUntil("The connections are not in use") {
                database.statistics.pools.contains { $0.busyCount == 2 }
            }
            let error = await #expect(throws: DatabaseError.self) {
                try await database.read(timeout: .milliseconds(100)) { try $0.rows("SELECT 1 AS one") }
            }
            #expect(error?.kind == .poolExhausted)
            #expect(error?.message.contains("All 2 connections") == true)
            async let next: Int = database.read { try $0.value("SELECT 1 AS one") }
            mayEnd.set()
            #expect(try await next == 1)
            for holder in holders { try await holder.value }
        }
    }

    @Test("Many more calls than connections all come to their turn", arguments: DatabaseKind.tested)
    func crowd(kind: DatabaseKind) async throws {
        try await withDatabase(kind, configure: { $0.poolSize = 3 }) { database in
            let sum = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<300 {
                    group.addTask { try await database.read { try $0.value("SELECT ? + 0 AS number", number) } }
                }
                return try await group.reduce(0, +)
            }
            #expect(sum == 300 * 299 / 2)
            #expect(database.statistics.pools.allSatisfy { $0.busyCount == 0 && $0.waitingCount == 0 })
            #expect(database.statistics.pools.allSatisfy { $0.idleCount <= 3 })
        }
    }

    @Test(
        "A closure that does not come to its end holds up nobody for longer than its timeout",
        arguments: DatabaseKind.tested)
    func idleInTransaction(kind: DatabaseKind) async throws {
        try await withDatabase(kind) { database in
            try await database.write { try $0.execute("CREATE TABLE things (id BIGINT PRIMARY KEY)") }
            let isHolding = Flag()
            let timeout = Duration.milliseconds(300)
            let holder = Task {
                // On a busy machine, its time may be over before it begins.
                defer { isHolding.set() }
                try await database.write(timeout: timeout) { transaction in
                    try transaction.execute("INSERT INTO things VALUES (1)")
                    let end = ContinuousClock.now + timeout
                    isHolding.set()
                    try blockUntil("The time stands still") { ContinuousClock.now > end }
                    try transaction.execute("INSERT INTO things VALUES (2)")
                }
            }
            try await waitUntil("It does not begin") { isHolding.isSet }
            // Waits for the row of the other.
            try await database.write { try $0.execute("INSERT INTO things VALUES (1)") }
            let error = await #expect(throws: DatabaseError.self) { try await holder.value }
            #expect(error?.kind == .timeout)
            #expect(try await database.read { try $0.value("SELECT count(*) FROM things") } == 1)
        }
    }

    @Test("A database that was closed fails its calls", arguments: DatabaseKind.tested) func closed(kind: DatabaseKind)
        async throws
    {
        try await withDatabase(kind) { database in
            _ = try await database.read { try $0.rows("SELECT 1 AS one") }
            database.close()
            let error = await #expect(throws: DatabaseError.self) {
                try await database.read { try $0.rows("SELECT 1 AS one") }
            }
            #expect(error?.kind == .unavailable)
            #expect(throws: DatabaseError.self) { try onAnotherThread { try database.read { _ in } } }
        }
    }

    @Test("What is sent in parts ends at its deadline, too", arguments: DatabaseKind.tested)
    func bulk(kind: DatabaseKind) async throws {
        try await withDatabase(kind) { database in
            try await database.write { try $0.execute("CREATE TABLE things (id BIGINT PRIMARY KEY)") }
            let error = await #expect(throws: DatabaseError.self) {
                try await database.write(.readCommitted, timeout: .milliseconds(300)) { transaction in
                    try transaction.copy(into: "things", ["id"], rows: (0...).lazy.map { [.integer($0)] })
                }
            }
            #expect(error?.kind == .timeout)
            #expect(try await database.read { try $0.value("SELECT count(*) FROM things") } == 0)
        }
    }
}
