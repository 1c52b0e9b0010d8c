import DatabaseHosting
import DatabaseTestKit
import Logging
import SQLDatabase
import ServiceLifecycle
import Synchronization
import Temporal
import TestKit
import Testing

@Suite("Work that one node at a time does") struct WorkLeasesTests {
    private struct Refused: Error {}

    private let logger = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }

    private func leases(_ database: Database, for duration: Duration = .seconds(60)) -> WorkLeases {
        WorkLeases(in: database, for: duration, logger: logger)
    }

    private func withLeases(_ kind: DatabaseKind, _ body: (Database) async throws -> Void) async throws {
        try await withDatabase(kind) { database in
            try await database.migrate(LeaseTable.migrations)
            try await body(database)
        }
    }

    @Test("is done under a lease that is renewed, and released afterwards", arguments: DatabaseKind.tested)
    func works(kind: DatabaseKind) async throws {
        try await withLeases(kind) { database in
            let leases = leases(database, for: .seconds(2))
            let turn = try await leases.withLease("export") { keeper in
                let first = try #require(keeper.lease)
                #expect(!keeper.isCancelled && keeper.remaining > .zero && keeper.remaining <= .seconds(1.8))
                try keeper.check()
                try await waitUntil("It is not renewed") {
                    try await database.read { try $0.leases() }[0].expiresAt.microseconds
                        > first.expiresAt.microseconds + 500_000
                }
                #expect(!keeper.isCancelled)
                return 5
            }
            guard case .done(5) = turn else {
                Issue.record("\(turn)")
                return
            }
            try await database.read { transaction in
                let lease = try transaction.leases()[0]
                #expect(lease.doneAt == lease.expiresAt)
                #expect(try lease.expiresAt <= transaction.currentTime())
            }
        }
    }

    @Test("is left to the node that does it, and to the next turn after that", arguments: DatabaseKind.tested)
    func others(kind: DatabaseKind) async throws {
        try await withLeases(kind) { database in
            let (one, other) = (leases(database), leases(database))
            _ = try await one.withLease("export", every: .seconds(3_600)) { _ in
                guard case .held(let remaining) = try await other.withLease("export", { _ in }) else {
                    Issue.record("Both work")
                    return
                }
                #expect(remaining > .seconds(30) && remaining <= .seconds(60))
                guard case .done = try await other.withLease("another", { _ in }) else {
                    Issue.record("Leases are not independent")
                    return
                }
            }
            for leases in [one, other] {
                guard
                    case .notDue(let remaining) = try await leases.withLease("export", every: .seconds(3_600), { _ in })
                else {
                    Issue.record("The interval is not kept")
                    return
                }
                #expect(remaining > .seconds(3_500) && remaining <= .seconds(3_600))
            }
        }
    }

    @Test("may be tried by another node at once when it fails", arguments: DatabaseKind.tested)
    func fails(kind: DatabaseKind) async throws {
        try await withLeases(kind) { database in
            _ = await #expect(throws: Refused.self) {
                try await leases(database).withLease("export", every: .seconds(3_600)) { _ in throw Refused() }
            }
            guard case .done = try await leases(database).withLease("export", every: .seconds(3_600), { _ in }) else {
                Issue.record("It is not free")
                return
            }
        }
    }

    /// What happens to a lease while it is held.
    enum Loss: String, CaseIterable, CustomTestStringConvertible {
        case taken = "UPDATE leases SET holder = 'other', token = token + 1"
        case expired = "UPDATE leases SET expires_at = ?"
        case deleted = "DELETE FROM leases"

        var testDescription: String { "\(self)" }
    }

    @Test("ends when the lease was lost", arguments: DatabaseKind.tested, Loss.allCases)
    func losses(kind: DatabaseKind, loss: Loss) async throws {
        try await withLeases(kind) { database in
            // Soon by itself, and at once when it asks.
            for (duration, asks) in [(Duration.seconds(2), false), (.seconds(3_600), true)] {
                _ = try await leases(database, for: duration).withLease("export") { keeper in
                    try await database.write { transaction in
                        let past = Timestamp(microseconds: try transaction.currentTime().microseconds - 1)
                        let values = loss == .expired ? [past.databaseValue] : []
                        try transaction.execute(loss.rawValue, values: values)
                    }
                    if asks {
                        #expect(!keeper.isCancelled)
                        #expect(throws: LeaseLost.self) { try keeper.check() }
                    } else {
                        try await waitUntil("It goes on") { keeper.isCancelled }
                    }
                    #expect(keeper.isCancelled && keeper.remaining == .zero)
                    #expect(throws: LeaseLost.self) { try keeper.check() }
                }
                // Nothing of the new holder's has been changed.
                let holders = try await database.read { try $0.leases() }.map(\.holder)
                if loss == .taken { #expect(holders == ["other"]) }
                try await database.write { try $0.execute("DELETE FROM leases") }
            }
        }
    }

    @Test("ends while the database is away, before others may do it", arguments: DatabaseKind.tested)
    func away(kind: DatabaseKind) async throws {
        try await withDatabaseLocation(kind) { location in
            let configuration = DatabaseConfiguration(try DatabaseLocation(location))
            let (own, others) = (Database(configuration, logger: logger), Database(configuration, logger: logger))
            defer { others.close() }
            try await others.migrate(LeaseTable.migrations)
            let leases = leases(own, for: .seconds(2))
            _ = try await leases.withLease("export") { keeper in
                own.close()
                // By the clock of the database, and by the keeper's, which is read later and so is the shorter one twice.
                let left = try await others.read {
                    try $0.leases()[0].expiresAt.microseconds - $0.currentTime().microseconds
                }
                #expect(keeper.remaining < .microseconds(left))
                try await waitUntil("It goes on") { keeper.isCancelled }
                #expect(throws: LeaseLost.self) { try keeper.check() }
            }
        }
    }

    @Test(
        "is told to end, and gives its lease back, when the server stops or the task is cancelled",
        arguments: DatabaseKind.tested, [true, false])
    func stops(kind: DatabaseKind, gracefully: Bool) async throws {
        try await withLeases(kind) { database in
            let leases = leases(database)
            let (isWorking, hasEnded) = (Mark(), Mark())
            let group = ServiceGroup(
                services: [
                    Work {
                        _ = try await leases.withLease("export", every: .seconds(3_600)) { keeper in
                            isWorking.set()
                            // As blocking work does, which does not heed its task.
                            while !keeper.isCancelled { await Task.yield() }
                            #expect(throws: CancellationError.self) { try keeper.check() }
                            hasEnded.set()
                            throw CancellationError()
                        }
                    }
                ], logger: logger)
            let running = Task { try await group.run() }
            try await waitUntil("Nobody works") { isWorking.isSet }
            if gracefully { await group.triggerGracefulShutdown() } else { running.cancel() }
            _ = await running.result
            #expect(hasEnded.isSet)
            guard case .done = try await self.leases(database).withLease("export", every: .seconds(3_600), { _ in })
            else {
                Issue.record("It is not free")
                return
            }
        }
    }

    @Test("is always done where there are no other nodes") func alone() async throws {
        let leases = WorkLeases(alone: logger)
        #expect(!leases.isShared)
        for _ in 0..<2 {
            let turn = try await leases.withLease("export", every: .seconds(3_600)) { keeper in
                try keeper.check()
                return keeper.isCancelled
            }
            guard case .done(false) = turn else {
                Issue.record("\(turn)")
                return
            }
        }
    }

    @Test("is not done when its lease cannot be taken", arguments: DatabaseKind.tested)
    func unavailable(kind: DatabaseKind) async throws {
        try await withDatabase(kind) { database in
            let error = await #expect(throws: DatabaseError.self) {
                try await leases(database).withLease("export") { _ in Issue.record("It is done without a lease") }
            }
            #expect(error?.kind == .invalidStatement)
        }
    }
}

/// A flag that is set once.
private final class Mark: Sendable {
    private let value = Atomic(false)
    var isSet: Bool { value.load(ordering: .acquiring) }
    func set() { value.store(true, ordering: .releasing) }
}

private struct Work: Service {
    let body: @Sendable () async throws -> Void

    func run() async throws { try await body() }
}
