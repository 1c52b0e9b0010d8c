import DatabaseTestKit
import SQLDatabase
import Temporal
import Testing

@testable import Identity

@Suite("Signing in") struct SignInTests {
    @Test("takes the password, and tells a closed account apart only then", arguments: DatabaseKind.tested)
    func password(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            try await store.addAccount(AccountDraft("ada"), password: "correct horse", by: .operator)
            try await store.addAccount(AccountDraft("bob"), by: .operator)
            #expect(try await store.checkPassword("correct horse", of: "ada", address: nil) == .accepted)
            #expect(try await store.checkPassword("correct horse", of: "bob", address: nil) == .wrong)
            try await store.setDisabled(true, "ada", by: .operator)
            #expect(try await store.checkPassword("wrong horse", of: "ada", address: nil) == .wrong)
            #expect(try await store.checkPassword("correct horse", of: "ada", address: nil) == .refused(.disabled))
            try await store.setDisabled(false, "ada", by: .operator)
            let now = try await store.now()
            try await store.setEnd(now, of: "ada", by: .operator)
            #expect(try await store.checkPassword("correct horse", of: "ada", address: nil) == .refused(.ended))
        }
    }

    @Test("stores the hash anew when its cost has changed", arguments: DatabaseKind.tested)
    func rehash(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            try await store.addAccount(AccountDraft("ada"), password: "correct horse", by: .operator)
            let cost = PasswordCost(memoryKibibytes: 64, passCount: 2, laneCount: 1)
            let dearer = IdentityStore(store.database, passwords: try PasswordHasher(cost))
            func stored() async throws -> String {
                try await store.database.read { try $0.value("SELECT password FROM identity_accounts") }
            }
            let before = try await stored()
            #expect(try await dearer.checkPassword("wrong horse", of: "ada", address: nil) == .wrong)
            #expect(try await stored() == before)
            #expect(try await dearer.checkPassword("correct horse", of: "ada", address: nil) == .accepted)
            #expect(try await stored().hasPrefix("$argon2id$v=19$m=64,t=2,p=1$"))
            #expect(try await dearer.checkPassword("correct horse", of: "ada", address: nil) == .accepted)
        }
    }

    @Test("with a new password, no longer takes the one before", arguments: DatabaseKind.tested)
    func change(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            try await store.addAccount(AccountDraft("ada"), password: "correct horse", by: .operator)
            for _ in 0..<5 { _ = try await store.checkPassword("wrong horse", of: "ada", address: nil) }
            try await store.setPassword("battery staple", of: "ada", by: administrator)
            #expect(try await store.checkPassword("battery staple", of: "ada", address: nil) == .accepted)
            #expect(try await store.checkPassword("correct horse", of: "ada", address: nil) == .wrong)
            #expect(
                try await code { try await store.setPassword("short", of: "ada", by: administrator) }
                    == .invalidPassword)
            try await store.addAccount(AccountDraft("robot", .service), by: .operator)
            #expect(
                try await code { try await store.setPassword("battery staple", of: "robot", by: administrator) }
                    == .invalidValue)
        }
    }

    @Test("accepts a code of the second factor once", arguments: DatabaseKind.tested)
    func secondFactor(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            try await store.addAccount(AccountDraft("ada"), by: .operator)
            #expect(try await store.checkTOTP("000000", of: "ada", address: nil) == .wrong)
            let totp = try await store.beginTOTP(of: "ada")
            #expect(try await !store.hasSecondFactor("ada"))
            let step = TOTP.step(at: try await store.now().microseconds / 1_000_000)
            #expect(
                try await code { _ = try await store.confirmTOTP("abcdef", of: "ada", by: administrator) } == .wrongCode
            )
            // The step before, so that later ones are left whenever the test runs.
            let codes = try await store.confirmTOTP(totp.code(step: step - 1), of: "ada", by: administrator)
            #expect(codes.count == RecoveryCode.count)
            #expect(try await store.hasSecondFactor("ada"))
            #expect(try await store.checkTOTP(totp.code(step: step - 1), of: "ada", address: nil) == .wrong)

            let checks = try await withThrowingTaskGroup(of: SecretCheck.self) { group in
                for _ in 0..<4 {
                    group.addTask { try await store.checkTOTP(totp.code(step: step + 1), of: "ada", address: nil) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(checks.count { $0 == .accepted } == 1)
            // An earlier step, whose code nobody has used.
            try await store.ageAttempts(by: LockOut.memory + 3_600)
            #expect(try await store.checkTOTP(totp.code(step: step), of: "ada", address: nil) == .wrong)

            // The new factor counts when it is confirmed.
            let next = try await store.beginTOTP(of: "ada")
            #expect(try await store.checkTOTP(next.code(step: step + 1), of: "ada", address: nil) == .wrong)
            try await store.resetSecondFactor(of: "ada", by: administrator)
            #expect(try await !store.hasSecondFactor("ada"))
            #expect(try await store.checkRecoveryCode(codes[0], of: "ada", address: nil) == .wrong)
        }
    }

    @Test("accepts each recovery code once", arguments: DatabaseKind.tested)
    func recoveryCodes(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            try await store.addAccount(AccountDraft("ada"), by: .operator)
            try await store.addAccount(AccountDraft("bob"), by: .operator)
            let codes = try await store.makeRecoveryCodes(of: "ada", by: administrator)
            #expect(try await store.checkRecoveryCode(codes[0], of: "bob", address: nil) == .wrong)
            let checks = try await withThrowingTaskGroup(of: SecretCheck.self) { group in
                for _ in 0..<4 {
                    group.addTask { try await store.checkRecoveryCode(codes[0].uppercased(), of: "ada", address: nil) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(checks.count { $0 == .accepted } == 1)
            #expect(try await store.checkRecoveryCode(codes[1], of: "ada", address: nil) == .accepted)
            #expect(try await store.count("identity_recovery_codes") == 8)
            let newCodes = try await store.makeRecoveryCodes(of: "ada", by: administrator)
            #expect(try await store.checkRecoveryCode(codes[2], of: "ada", address: nil) == .wrong)
            #expect(try await store.checkRecoveryCode(newCodes[2], of: "ada", address: nil) == .accepted)
            // Not stored as they are.
            let texts = try await store.database.read {
                try $0.rows("SELECT hash FROM identity_recovery_codes").map { try $0["hash"] as [UInt8] }
            }
            #expect(!texts.contains(Array(newCodes[3].utf8)))
        }
    }
}
