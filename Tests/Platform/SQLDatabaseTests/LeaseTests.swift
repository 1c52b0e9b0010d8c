import DatabaseTestKit
import SQLDatabase
import Temporal
import TestKit
import Testing

@Suite("Leases") struct LeaseTests {
    /// The state of a lease before somebody wants it.
    struct Row: Sendable {
        var holder = "b"
        var token: Int64 = 7
        /// From now, in seconds.
        var expires: Int64
        /// From now, in seconds; `nil`: never.
        var done: Int64?
    }

    enum Expectation: Sendable, Equatable {
        case taken(token: Int64)
        case held(by: String)
        case notDue
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let row: Row?
        var interval = Duration.zero
        let expected: Expectation

        var testDescription: String { name }
    }

    static let cases = [
        Case(name: "never taken", row: nil, expected: .taken(token: 1)),
        Case(name: "never taken, with an interval", row: nil, interval: .seconds(60), expected: .taken(token: 1)),
        Case(name: "held by another", row: Row(expires: 60), expected: .held(by: "b")),
        Case(name: "expired", row: Row(expires: -1), expected: .taken(token: 8)),
        Case(name: "its own", row: Row(holder: "a", expires: 60), expected: .taken(token: 8)),
        Case(name: "its own, expired", row: Row(holder: "a", expires: -1), expected: .taken(token: 8)),
        Case(name: "done just now, without an interval", row: Row(expires: -1, done: -1), expected: .taken(token: 8)),
        Case(
            name: "done within the interval", row: Row(expires: -1, done: -59), interval: .seconds(120),
            expected: .notDue),
        Case(
            name: "its own, done within the interval", row: Row(holder: "a", expires: -1, done: -59),
            interval: .seconds(120), expected: .notDue),
        Case(
            name: "done before the interval", row: Row(expires: -1, done: -121), interval: .seconds(120),
            expected: .taken(token: 8)),
        Case(
            name: "held, and done before the interval", row: Row(expires: 60, done: -121), interval: .seconds(120),
            expected: .held(by: "b")),
        Case(
            name: "held, and done within the interval", row: Row(expires: 60, done: -1), interval: .seconds(120),
            expected: .held(by: "b")),
    ]

    @Test("are taken when they are free, expired or one's own, and due", arguments: DatabaseKind.tested, cases)
    func takes(kind: DatabaseKind, testCase: Case) async throws {
        try await withLeases(kind) { database in
            try await database.write { try $0.put(testCase.row) }
            let outcome = try await database.write(.readCommitted) {
                try $0.takeLease("export", by: "a", for: .seconds(30), every: testCase.interval)
            }
            switch outcome {
            case .taken(let lease):
                #expect(testCase.expected == .taken(token: lease.token))
                #expect(lease.name == "export" && lease.holder == "a")
                #expect(try await database.read { try $0.leases() } == [lease])
            case .held(let lease, let remaining):
                #expect(testCase.expected == .held(by: lease.holder))
                #expect(remaining > .seconds(30) && remaining <= .seconds(60))
            case .notDue(let remaining):
                #expect(testCase.expected == .notDue)
                #expect(remaining > .seconds(30) && remaining <= .seconds(61))
            }
        }
    }

    struct Change: Sendable, CustomTestStringConvertible {
        let name: String
        /// Of the row, after the lease with token 1 was taken for 30 seconds.
        let sql: String?
        let isHeld: Bool

        var testDescription: String { name }
    }

    static let changes = [
        Change(name: "held", sql: nil, isHeld: true),
        Change(name: "taken by another", sql: "UPDATE leases SET holder = 'b', token = token + 1", isHeld: false),
        Change(name: "taken by the same again", sql: "UPDATE leases SET token = token + 1", isHeld: false),
        Change(name: "with another's name", sql: "UPDATE leases SET holder = 'b'", isHeld: false),
        Change(name: "expired", sql: "UPDATE leases SET expires_at = ?", isHeld: false),
        Change(name: "deleted", sql: "DELETE FROM leases", isHeld: false),
    ]

    @Test("are renewed and released as long as they are held", arguments: DatabaseKind.tested, changes)
    func renews(kind: DatabaseKind, change: Change) async throws {
        try await withLeases(kind) { database in
            let lease = try await database.take("export", by: "a")
            try await database.write { transaction in
                guard let sql = change.sql else { return }
                let past = Timestamp(microseconds: try transaction.currentTime().microseconds - 1)
                try transaction.execute(sql, values: sql.contains("?") ? [past.databaseValue] : [])
            }
            let before = try await database.read { try $0.leases() }
            let renewed = try await database.write(.readCommitted) { try $0.renewLease(lease, for: .seconds(90)) }
            #expect((renewed != nil) == change.isHeld)
            if let renewed {
                #expect(renewed.token == lease.token)
                #expect(renewed.expiresAt.microseconds > lease.expiresAt.microseconds + 50_000_000)
                // A late, shorter renewal takes nothing away.
                let shorter = try await database.write(.readCommitted) { try $0.renewLease(lease, for: .seconds(1)) }
                #expect(shorter?.expiresAt == renewed.expiresAt)
            } else {
                #expect(try await database.read { try $0.leases() } == before)
            }
            let isReleased = try await database.write(.readCommitted) { try $0.releaseLease(lease, isDone: true) }
            #expect(isReleased == change.isHeld)
            if !isReleased { #expect(try await database.read { try $0.leases() } == before) }
        }
    }

    @Test("that are released are free, and remember whether they were done", arguments: DatabaseKind.tested)
    func releases(kind: DatabaseKind) async throws {
        try await withLeases(kind) { database in
            let first = try await database.take("export", by: "a")
            try await database.write(.readCommitted) { try $0.releaseLease(first, isDone: false) }
            let second = try await database.take("export", by: "b")
            #expect(second.token == first.token + 1 && second.doneAt == nil)
            try await database.write(.readCommitted) { try $0.releaseLease(second, isDone: true) }
            let third = try await database.take("export", by: "a")
            let done = try #require(third.doneAt)
            // What is given up later does not forget it.
            try await database.write(.readCommitted) { try $0.releaseLease(third, isDone: false) }
            #expect(try await database.read { try $0.leases() }.map(\.doneAt) == [done])
        }
    }

    @Test("of several names are independent, and are listed", arguments: DatabaseKind.tested)
    func names(kind: DatabaseKind) async throws {
        try await withLeases(kind) { database in
            #expect(try await database.read { try $0.leases() } == [])
            let long = "export:/" + String(repeating: "é/", count: 1_000)
            for name in [long, "b", "B"] { _ = try await database.take(name, by: "a") }
            #expect(try await database.read { try $0.leases() }.map(\.name) == ["B", "b", long])
        }
    }

    @Test("are one's, whoever else wants them at the same time", arguments: DatabaseKind.tested)
    func contention(kind: DatabaseKind) async throws {
        try await withLeases(kind) { database in
            for round in 0..<10 {
                // The first time there is no row yet, then one that has expired.
                let outcomes = try await withThrowingTaskGroup(of: LeaseOutcome.self) { group in
                    for holder in 0..<4 {
                        group.addTask {
                            try await database.write(.readCommitted) {
                                try $0.takeLease("export", by: "\(holder)", for: .seconds(30))
                            }
                        }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                let taken = outcomes.compactMap { if case .taken(let lease) = $0 { lease } else { nil } }
                #expect(taken.map(\.token) == [Int64(round + 1)])
                try await database.write { try $0.put(Row(holder: "x", token: Int64(round + 1), expires: -1)) }
            }
        }
    }

    @Test(
        "are not taken by who waits for a transaction that takes them first",
        .enabled(if: PostgreSQLServer.isInstalled), arguments: [nil, Row(expires: -1)])
    func waits(row: Row?) async throws {
        try await withLeases(.postgreSQL) { database in
            try await database.write { try $0.put(row) }
            let (hasTaken, mayEnd) = (Flag(), Flag())
            let first = Task {
                try await database.write(.readCommitted) { transaction in
                    let outcome = try transaction.takeLease("export", by: "a", for: .seconds(30))
                    hasTaken.set()
                    try blockUntil("Nobody ends it") { mayEnd.isSet }
                    return outcome
                }
            }
            try await waitUntil("Nobody takes it") { hasTaken.isSet }
            let second = Task {
                try await database.write(.readCommitted) { try $0.takeLease("export", by: "b", for: .seconds(30)) }
            }
            try await waitUntil("The second one does not wait") {
                try await database.read { try $0.value("SELECT count(*) FROM pg_locks WHERE NOT granted") } == 1
            }
            mayEnd.set()
            guard case .taken(let lease) = try await first.value, case .held(let other, _) = try await second.value
            else {
                Issue.record("The first one did not get it alone")
                return
            }
            #expect(other == lease)
        }
    }

    /// A database with the table.
    private func withLeases(_ kind: DatabaseKind, _ body: (Database) async throws -> Void) async throws {
        try await withDatabase(kind) { database in
            #expect(try await database.migrate(LeaseTable.migrations) == 1)
            try await body(database)
        }
    }
}

extension WriteTransaction {
    /// Brings the lease "export" to a state.
    fileprivate func put(_ row: LeaseTests.Row?) throws {
        try execute("DELETE FROM leases")
        guard let row else { return }
        let now = try currentTime().microseconds
        try execute(
            "INSERT INTO leases (name, holder, token, expires_at, done_at) VALUES ('export', ?, ?, ?, ?)",
            row.holder, row.token, Timestamp(microseconds: now + row.expires * 1_000_000),
            row.done.map { Timestamp(microseconds: now + $0 * 1_000_000) })
    }
}

extension Database {
    fileprivate func take(_ name: String, by holder: String) async throws -> Lease {
        let outcome = try await write(.readCommitted) { try $0.takeLease(name, by: holder, for: .seconds(30)) }
        guard case .taken(let lease) = outcome else { throw NotTaken() }
        return lease
    }
}

private struct NotTaken: Error {}
