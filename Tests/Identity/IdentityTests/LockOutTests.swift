import DatabaseTestKit
import SQLDatabase
import Temporal
import Testing

@testable import Identity

@Suite("Lock-out") struct LockOutTests {
    @Test(
        "grows with failures, to 15 minutes",
        arguments: [(1, 0), (4, 0), (5, 1), (6, 2), (7, 4), (14, 512), (15, 900), (16, 900), (100_000, 900)])
    func growth(failure: Int, seconds: Int64) {
        #expect(LockOut.seconds(afterFailure: failure) == seconds)
    }

    @Test("follows the fifth wrong password, and ends", arguments: DatabaseKind.tested)
    func locks(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            try await store.addAccount(AccountDraft("ada"), password: "correct horse", by: .operator)
            for _ in 0..<5 {
                #expect(try await store.checkPassword("wrong horse", of: "ada", address: nil) == .wrong)
            }
            // So that the lock has not ended, however slow the machine is.
            try await store.ageAttempts(by: -60)
            guard case .locked(let end) = try await store.checkPassword("correct horse", of: "ada", address: nil) else {
                Issue.record("the right password was accepted after five failures")
                return
            }
            let start = try await store.now()
            #expect(end.microseconds - start.microseconds <= 61_000_000)
            #expect(try await store.account("ada")?.state(at: Timestamp(microseconds: end.microseconds - 1)) == .locked)
            try await store.ageAttempts(by: 61)
            #expect(try await store.checkPassword("correct horse", of: "ada", address: nil) == .accepted)
            #expect(try await store.state(of: "ada") == .active)
            // What somebody else has tried stays counted.
            #expect(try await store.checkPassword("wrong horse", of: "ada", address: nil) == .wrong)
            try await store.ageAttempts(by: -60)
            #expect(try await store.checkPassword("correct horse", of: "ada", address: nil) != .accepted)
            try await store.ageAttempts(by: LockOut.memory + 3_600)
            #expect(try await store.checkPassword("wrong horse", of: "ada", address: nil) == .wrong)
            #expect(try await store.checkPassword("correct horse", of: "ada", address: nil) == .accepted)
        }
    }

    @Test("delays each further failure twice as long, never beyond 15 minutes", arguments: DatabaseKind.tested)
    func delays(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            for failure in 1...18 {
                #expect(try await store.checkPassword("wrong horse", of: "eve", address: nil) == .wrong)
                let (name, seconds) = ("eve", LockOut.seconds(afterFailure: failure))
                let row = try await store.database.read { transaction in
                    let row = try transaction.row("SELECT * FROM identity_attempts WHERE name = ?", name)
                    return (
                        try row?["failure_count"] as Int?, try row?["last_at"] as Int64?,
                        try row?["locked_until"] as Int64?
                    )
                }
                #expect(row.0 == failure)
                let lockEnd = seconds == 0 ? 0 : try #require(row.1) + seconds * 1_000_000
                #expect(row.2 == lockEnd)
                try await store.ageAttempts(by: seconds + 1)
            }
        }
    }

    @Test("treats names without an account alike, and forgets them", arguments: DatabaseKind.tested)
    func unknownNames(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            for _ in 0..<5 {
                #expect(try await store.checkPassword("wrong horse", of: "nobody", address: nil) == .wrong)
            }
            try await store.ageAttempts(by: -60)
            guard case .locked = try await store.checkPassword("wrong horse", of: "nobody", address: nil) else {
                Issue.record("being locked tells that there is an account")
                return
            }
            #expect(try await store.checkPassword("wrong horse", of: "no.body", address: nil) == .wrong)
            try await store.ageAttempts(by: LockOut.memory + 3_600)
            _ = try await store.checkPassword("wrong horse", of: "eve", address: nil)
            #expect(try await store.count("identity_attempts") == 1)
        }
    }

    @Test("counts attempts at the same time", arguments: DatabaseKind.tested)
    func parallel(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            try await store.addAccount(AccountDraft("ada"), password: "correct horse", by: .operator)
            let checks = try await withThrowingTaskGroup(of: SecretCheck.self) { group in
                for _ in 0..<20 {
                    group.addTask { try await store.checkPassword("wrong horse", of: "ada", address: nil) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            // Seconds may pass meanwhile on a slow machine, and with them the first locks, which last 1, 2, 4 and 8 s.
            let comparedCount = checks.count { $0 == .wrong }
            #expect((5...9).contains(comparedCount))
            #expect(checks.allSatisfy { $0 != .accepted })
        }
    }

    @Test("is none for a session that is right all the time", arguments: DatabaseKind.tested)
    func success(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            try await store.addAccount(AccountDraft("ada"), password: "correct horse", by: .operator)
            for _ in 0..<12 {
                #expect(try await store.checkPassword("correct horse", of: "ada", address: nil) == .accepted)
            }
            let checks = try await withThrowingTaskGroup(of: SecretCheck.self) { group in
                for _ in 0..<LockOut.freeFailureCount {
                    group.addTask { try await store.checkPassword("correct horse", of: "ada", address: nil) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(checks.allSatisfy { $0 == .accepted })
            // Takes four failures, and is no fifth.
            for _ in 0..<4 { _ = try await store.checkPassword("wrong horse", of: "ada", address: nil) }
            #expect(try await store.checkPassword("correct horse", of: "ada", address: nil) == .accepted)
            #expect(try await store.checkPassword("correct horse", of: "ada", address: nil) == .accepted)
        }
    }
}
