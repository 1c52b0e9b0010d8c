import DatabaseTestKit
import SQLDatabase
import Temporal
import Testing

@testable import Identity

@Suite("Invitations") struct InvitationTests {
    private func withInvitation(
        _ kind: DatabaseKind, _ body: (IdentityStore, _ token: String) async throws -> Void
    ) async throws {
        try await withStore(kind) { store in
            try await store.addAccount(AccountDraft("ada"), by: .operator)
            for id in ["c1", "c2"] { try await store.addContainer(id, title: "", by: .operator) }
            let end = try await store.time(after: 30 * 86_400)
            var draft = InvitationDraft("zoe@example.org", sponsor: "ada", project: "fields", end: end)
            draft.members = ["c1": .ro, "c2": .rw]
            try await body(store, try await store.invite(draft, by: administrator))
        }
    }

    private func reply(_ store: IdentityStore, _ token: String) async throws -> InvitationReply {
        let totp = try #require(try await store.invitation(token)).totp
        let step = TOTP.step(at: try await store.now().microseconds / 1_000_000)
        return InvitationReply(
            name: "zoe", fullName: "Zoe", password: "correct horse", code: totp.code(step: step))
    }

    @Test("make an account with password, second factor and memberships, once", arguments: DatabaseKind.tested)
    func accept(kind: DatabaseKind) async throws {
        try await withInvitation(kind) { store, token in
            // Opening uses nothing up, and shows the same second factor.
            let opened = try await store.invitation(token)
            #expect(try await store.invitation(token) == opened)
            #expect(opened?.email == "zoe@example.org")
            #expect(opened?.project == "fields")
            let reply = try await reply(store, token)
            let codes = try await store.acceptInvitation(token, reply, address: "192.0.2.7")
            let account = try #require(try await store.account("zoe"))
            #expect(account.kind == .partner)
            #expect(account.sponsor == "ada")
            #expect(account.end == opened?.end)
            #expect(account.email == "zoe@example.org")
            #expect(try await store.rights(of: "zoe").readable == ["zoe", "c1", "c2"])
            #expect(try await store.rights(of: "zoe").writable == ["zoe", "c2"])
            #expect(try await store.checkPassword("correct horse", of: "zoe", address: nil) == .accepted)
            #expect(try await store.hasSecondFactor("zoe"))
            #expect(try await store.checkTOTP(reply.code, of: "zoe", address: nil) == .wrong)
            #expect(try await store.checkRecoveryCode(codes[0], of: "zoe", address: nil) == .accepted)

            #expect(try await store.invitation(token) == nil)
            var again = reply
            again.name = "yan"
            #expect(
                try await code { _ = try await store.acceptInvitation(token, again, address: nil) } == .noSuchInvitation
            )
            #expect(try await store.account("yan") == nil)
        }
    }

    @Test("are listed while they can be accepted, and withdrawn", arguments: DatabaseKind.tested)
    func withdrawal(kind: DatabaseKind) async throws {
        try await withInvitation(kind) { store, token in
            let end = try await store.time(after: 86_400)
            let other = InvitationDraft("yan@example.org", sponsor: "ada", project: "woods", end: end)
            _ = try await store.invite(other, by: administrator)
            let invitations = try await store.invitations()
            #expect(invitations.map(\.email) == ["yan@example.org", "zoe@example.org"])
            #expect(invitations.map(\.members) == [[:], ["c1": .ro, "c2": .rw]])
            try await store.withdrawInvitation(invitations[1].id, by: administrator)
            #expect(try await store.invitation(token) == nil)
            #expect(try await store.invitations().map(\.email) == ["yan@example.org"])
            #expect(
                try await code { try await store.withdrawInvitation(invitations[1].id, by: administrator) }
                    == .noSuchInvitation)
        }
    }

    @Test("are not used up by replies that are refused", arguments: DatabaseKind.tested)
    func refused(kind: DatabaseKind) async throws {
        try await withInvitation(kind) { store, token in
            let right = try await reply(store, token)
            func code(_ change: (inout InvitationReply) -> Void) async throws -> IdentityError.Code? {
                var reply = right
                change(&reply)
                return try await IdentityTests.code { [reply] in
                    _ = try await store.acceptInvitation(token, reply, address: nil)
                }
            }
            #expect(try await code { $0.name = "ada" } == .nameTaken)
            #expect(try await code { $0.name = "c1" } == .nameTaken)
            #expect(try await code { $0.name = "a.b" } == .invalidName)
            #expect(try await code { $0.password = "short" } == .invalidPassword)
            #expect(try await code { $0.code = "abcdef" } == .wrongCode)
            #expect(try await code { _ in } == nil)
        }
    }

    @Test("of two replies at the same time take one", arguments: DatabaseKind.tested)
    func parallel(kind: DatabaseKind) async throws {
        try await withInvitation(kind) { store, token in
            let right = try await reply(store, token)
            let codes = try await withThrowingTaskGroup(of: IdentityError.Code?.self) { group in
                for name in ["yan", "zoe", "xia"] {
                    group.addTask {
                        var reply = right
                        reply.name = name
                        return try await code { [reply] in
                            _ = try await store.acceptInvitation(token, reply, address: nil)
                        }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(codes.count { $0 == nil } == 1)
            #expect(codes.count { $0 == .noSuchInvitation } == 2)
        }
    }

    @Test(
        "cannot be accepted after 7 days, nor when the sponsor is gone",
        arguments: [
            "UPDATE identity_invitations SET expires_at = ?", "UPDATE identity_invitations SET account_end_at = ?",
            "UPDATE identity_accounts SET end_at = ?",
        ])
    func ends(statement: String) async throws {
        for kind in DatabaseKind.tested {
            try await withInvitation(kind) { store, token in
                let (right, now) = (try await reply(store, token), try await store.now())
                let opened = try #require(try await store.invitation(token))
                #expect(abs(opened.expiry.microseconds - now.microseconds - 7 * 86_400_000_000) < 600_000_000)
                try await store.database.write { _ = try $0.execute(statement, now) }
                #expect(try await store.invitation(token) == nil)
                #expect(
                    try await code { _ = try await store.acceptInvitation(token, right, address: nil) }
                        == .noSuchInvitation)
                #expect(try await store.account("zoe") == nil)
            }
        }
    }

    @Test("need a sponsor, containers that exist, and an end in the future", arguments: DatabaseKind.tested)
    func errors(kind: DatabaseKind) async throws {
        try await withInvitation(kind) { store, _ in
            let (now, later) = (try await store.now(), try await store.time(after: 60))
            func code(_ email: String, _ sponsor: String, _ end: Timestamp, _ id: String) async throws
                -> IdentityError.Code?
            {
                var draft = InvitationDraft(email, sponsor: sponsor, project: "fields", end: end)
                draft.members = [id: .ro]
                return try await IdentityTests.code { [draft] in _ = try await store.invite(draft, by: administrator) }
            }
            #expect(try await code("zoe", "ada", later, "c1") == .invalidValue)
            #expect(try await code("z@e.org", "eve", later, "c1") == .noSuchAccount)
            #expect(try await code("z@e.org", "ada", now, "c1") == .invalidValue)
            #expect(try await code("z@e.org", "ada", later, "c3") == .noSuchContainer)
            #expect(try await store.count("identity_invitations") == 1)
        }
    }
}
