import Synchronization
import TestKit
import Testing

@testable import SQLDatabase

@Suite("Connection pool") struct ConnectionPoolTests {
    private final class FakeConnection: DatabaseConnection {
        var isUsable = true
        func isAlive() -> Bool { isUsable }
        func begin(_ mode: TransactionMode, _ call: Call) throws {}
        func run(_ sql: String, _ values: [DatabaseValue], streams: Bool, onRow: (Row) throws -> Void) throws -> Int {
            0
        }
        func run(_ sql: String, batch: [[DatabaseValue]]) throws -> Int { 0 }
        func run(_ statements: [(sql: String, values: [DatabaseValue])]) throws -> Int { 0 }
        func copy(into table: String, _ columns: [String], next: () throws -> [DatabaseValue]?) throws -> Int { 0 }
        func commit() throws {}
        func rollback() {}
        func close() { isUsable = false }
    }

    private static func pool(_ size: Int, age: Duration = .seconds(3_600)) -> ConnectionPool {
        ConnectionPool("test", size: size, idleTimeout: .seconds(600), maximumAge: age) { _ in FakeConnection() }
    }

    private static let patient = Call(timeout: nil)

    @Test("hands a connection to those who wait in the order in which they came") func isFair() async throws {
        let pool = Self.pool(1)
        let first = try await pool.acquire(Self.patient)
        let order = Box(Mutex<[Int]>([]))
        try await withThrowingTaskGroup { group in
            for number in 0..<20 {
                group.addTask {
                    let lease = try await pool.acquire(Self.patient)
                    order.value.withLock { $0.append(number) }
                    pool.release(lease)
                }
                try await waitUntil("Nothing waits") { pool.counts.waiting == number + 1 }
            }
            pool.release(first)
            try await group.waitForAll()
        }
        #expect(order.value.withLock { $0 } == Array(0..<20))
        #expect(pool.counts.busy == 0)
    }

    @Test("gives up at the deadline, and loses no place to who has given up") func timesOut() async throws {
        let pool = Self.pool(1)
        let lease = try await pool.acquire(Self.patient)
        let error = await #expect(throws: DatabaseError.self) {
            try await pool.acquire(Call(timeout: .milliseconds(20)))
        }
        #expect(error?.kind == .poolExhausted)
        #expect(throws: DatabaseError.self) { try pool.acquireBlocking(Call(timeout: .milliseconds(20))) }
        #expect(pool.counts.waiting == 0)
        pool.release(lease)
        pool.release(try pool.acquireBlocking(Self.patient))
    }

    @Test("lets go of a call that is cancelled while it waits") func cancels() async throws {
        let pool = Self.pool(1)
        let lease = try await pool.acquire(Self.patient)
        let call = Call(timeout: nil)
        let waiting = Task { try await pool.acquire(call) }
        try await waitUntil("Nothing waits") { pool.counts.waiting == 1 }
        call.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        pool.release(lease)
        #expect(pool.counts.busy == 0)
    }

    @Test("uses a connection again, unless it is of no use, too old or distrusted") func reuses() async throws {
        let pool = Self.pool(1)
        func connection() throws -> any DatabaseConnection {
            let lease = try pool.acquireBlocking(Self.patient)
            defer { pool.release(lease) }
            return try pool.connection(of: lease, Self.patient)
        }
        let first = try connection()
        #expect(try connection() === first)
        pool.distrustAll()
        let second = try connection()
        #expect(second !== first)
        second.close()
        #expect(try connection() !== second)
        let short = Self.pool(1, age: .zero)
        let lease = try short.acquireBlocking(Self.patient)
        let old = try short.connection(of: lease, Self.patient)
        short.release(lease)
        #expect(!old.isUsable)
    }

    @Test("fails calls once it is closed") func closes() async throws {
        let pool = Self.pool(1)
        let lease = try await pool.acquire(Self.patient)
        let connection = try pool.connection(of: lease, Self.patient)
        let waiting = Task { try await pool.acquire(Self.patient) }
        try await waitUntil("Nothing waits") { pool.counts.waiting == 1 }
        pool.close()
        await #expect(throws: DatabaseError.self) { try await waiting.value }
        #expect(connection.isUsable)
        pool.release(lease)
        #expect(!connection.isUsable)
        #expect(throws: DatabaseError.self) { try pool.acquireBlocking(Self.patient) }
    }
}
