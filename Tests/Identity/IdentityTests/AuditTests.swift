import DatabaseTestKit
import JSON
import SQLDatabase
import Temporal
import Testing

@testable import Identity

@Suite("Audit log") struct AuditTests {
    @Test("has every act, with who did it and from where", arguments: DatabaseKind.tested)
    func acts(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            var ada = AccountDraft("ada")
            ada.roles = [.administrator]
            try await store.addAccount(ada, by: administrator)
            try await store.addAccount(AccountDraft("bob"), password: "correct horse", by: administrator)
            try await store.setPassword("battery staple", of: "bob", by: administrator)
            _ = try await store.checkPassword("battery staple", of: "bob", address: "198.51.100.7")
            for _ in 0..<5 { _ = try await store.checkPassword("correct horse", of: "bob", address: nil) }
            // So that the lock has not ended, however slow the machine is.
            try await store.ageAttempts(by: -60)
            _ = try await store.checkPassword("correct horse", of: "bob", address: nil)
            let totp = try await store.beginTOTP(of: "bob")
            let step = TOTP.step(at: try await store.now().microseconds / 1_000_000)
            let codes = try await store.confirmTOTP(totp.code(step: step), of: "bob", by: administrator)
            _ = try await store.checkTOTP(totp.code(step: step), of: "bob", address: nil)
            _ = try await store.checkRecoveryCode(codes[0], of: "bob", address: nil)
            _ = try await store.makeRecoveryCodes(of: "bob", by: administrator)
            try await store.resetSecondFactor(of: "bob", by: administrator)
            try await store.setRoles([.administrator], of: "bob", by: administrator)
            try await store.addContainer("c1", title: "", by: administrator)
            try await store.setMember("bob", of: "c1", .rw, by: administrator)
            try await store.removeMember("bob", of: "c1", by: administrator)
            try await store.deleteContainer("c1", by: administrator)
            _ = try await store.makeToken(for: "bob", label: "nightly", scopes: [], end: nil, by: administrator)
            let id = try await store.tokens(of: "bob")[0].id
            try await store.revokeToken(id, of: "bob", by: administrator)
            try await store.setDisabled(true, "bob", by: administrator)
            try await store.setDisabled(false, "bob", by: administrator)
            try await store.setEnd(nil, of: "bob", by: administrator)
            try await store.deleteAccount("bob", by: administrator)
            let events = try await store.events().reversed()
            #expect(
                events.map { "\($0.action.rawValue) \($0.outcome.rawValue)" } == [
                    "account.added success", "account.added success", "password.changed success",
                    "password.checked success",
                    "password.checked failure", "password.checked failure", "password.checked failure",
                    "password.checked failure", "password.checked failure", "password.checked locked",
                    "factor.enrolled success", "factor.checked failure", "recovery-code.checked success",
                    "recovery-codes.made success", "factor.reset success", "account.roles-changed success",
                    "container.added success", "member.added success", "member.removed success",
                    "container.deleted success", "token.made success", "token.revoked success",
                    "account.disabled success", "account.enabled success", "account.end-changed success",
                    "account.deleted success",
                ])
            #expect(events.first?.actor == administrator)
            #expect(events.first?.details["kind"] == "internal")
            #expect(events.first { $0.action == .passwordChecked }?.actor == AuditActor("bob", address: "198.51.100.7"))
            #expect(events.first { $0.action == .memberAdded }?.details == ["account": "bob", "level": "rw"])
            let secrets = ["horse", "staple", totp.secretText, codes[0]]
            let text = events.map { JSONValue.object($0.details).jsonText }.joined()
            for secret in secrets { #expect(!text.contains(secret)) }
        }
    }

    @Test("has nothing of what did not happen", arguments: DatabaseKind.tested)
    func rollback(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            try await store.addAccount(AccountDraft("bob"), by: administrator)
            _ = try await code { try await store.addAccount(AccountDraft("bob"), by: administrator) }
            _ = try await code { try await store.setDisabled(true, "eve", by: administrator) }
            #expect(try await store.events().count == 1)
        }
    }

    @Test("is searched by actor, subject, action and time, in pages", arguments: DatabaseKind.tested)
    func search(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            let names = (0..<7).map { "user\($0)" }
            for name in names { try await store.addAccount(AccountDraft(name), by: administrator) }
            try await store.setDisabled(true, "user3", by: AuditActor("bob"))

            func found(_ change: (inout AuditQuery) -> Void) async throws -> [String] {
                var query = AuditQuery()
                change(&query)
                return try await store.events(query).map { "\($0.subject) \($0.action.rawValue)" }
            }
            #expect(try await found { $0.actor = "bob" } == ["user3 account.disabled"])
            #expect(try await found { $0.subject = "user3" } == ["user3 account.disabled", "user3 account.added"])
            #expect(try await found { ($0.subject, $0.action) = ("user3", .accountAdded) } == ["user3 account.added"])
            #expect(try await found { $0.actor = "ada' OR 1=1 --" } == [])

            let all = try await store.events()
            #expect(try await found { $0.start = all[0].time }.count >= 1)
            #expect(try await found { $0.end = all.last!.time } == [])
            #expect(try await found { $0.start = all.last!.time }.count == 8)

            var (query, pages) = (AuditQuery(), [[AuditEvent]]())
            query.limit = 3
            while let page = Optional(try await store.events(query)), !page.isEmpty {
                pages.append(page)
                query.before = page.last?.id
            }
            #expect(pages.map(\.count) == [3, 3, 2])
            #expect(pages.flatMap { $0 } == all)
        }
    }
}
