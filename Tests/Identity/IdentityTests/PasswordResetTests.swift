import DatabaseTestKit
import SQLDatabase
import Testing

@testable import Identity

@Suite("Links to set a password") struct PasswordResetTests {
    @Test("set it once", arguments: DatabaseKind.tested) func once(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            try await store.addAccount(AccountDraft("ada"), password: "the old one", by: .operator)
            let first = try await store.makePasswordReset(of: "ada", by: administrator)
            let token = try await store.makePasswordReset(of: "ada", by: administrator)
            #expect(try await store.passwordReset(first) == nil)
            #expect(try await store.passwordReset(token) == "ada")
            #expect(try await store.checkPassword("the old one", of: "ada", address: nil) == .accepted)
            #expect(
                try await code { try await store.resetPassword(token, to: "short", address: nil) } == .invalidPassword)

            try await store.resetPassword(token, to: "the new one", address: "192.0.2.7")
            #expect(try await store.checkPassword("the old one", of: "ada", address: nil) == .wrong)
            #expect(try await store.checkPassword("the new one", of: "ada", address: nil) == .accepted)
            #expect(
                try await code { try await store.resetPassword(token, to: "another one", address: nil) }
                    == .noSuchPasswordReset)
            let event = try await store.events(of: .passwordChanged).first
            #expect(event?.actor == AuditActor("ada", address: "192.0.2.7"))
        }
    }

    @Test("end, and are for active people only", arguments: DatabaseKind.tested)
    func ended(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            try await store.addAccount(AccountDraft("ada"), by: .operator)
            try await store.addAccount(AccountDraft("robot", .service), by: .operator)
            #expect(
                try await code { _ = try await store.makePasswordReset(of: "robot", by: administrator) }
                    == .invalidValue)
            #expect(
                try await code { _ = try await store.makePasswordReset(of: "eve", by: administrator) } == .noSuchAccount
            )
            let token = try await store.makePasswordReset(of: "ada", by: administrator)
            try await store.setDisabled(true, "ada", by: .operator)
            #expect(try await store.passwordReset(token) == nil)
            try await store.setDisabled(false, "ada", by: .operator)
            let now = try await store.now()
            try await store.database.write {
                _ = try $0.execute("UPDATE identity_password_resets SET expires_at = ?", now)
            }
            #expect(try await store.passwordReset(token) == nil)
        }
    }
}
