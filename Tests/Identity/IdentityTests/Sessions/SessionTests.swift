import DatabaseTestKit
import SQLDatabase
import Temporal
import Testing

@testable import Identity

@Suite("Browser sessions") struct SessionTests {
    private static let client = SessionClient(address: "192.0.2.1", agent: "Firefox/140.0")
    private static let limits = SessionLimits(idleSeconds: 600, longestSeconds: 3_600)

    private func withSession(
        _ kind: DatabaseKind, _ body: (IdentityStore, SessionToken) async throws -> Void
    ) async throws {
        try await withStore(kind) { store in
            try await store.addAccount(AccountDraft("ada"), password: "correct horse", by: .operator)
            try await body(store, try await store.signIn("ada"))
        }
    }

    @Test("have another token after each step, and only the last one counts", arguments: DatabaseKind.tested)
    func steps(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            try await store.addAccount(AccountDraft("ada"), by: .operator)
            let known = SessionToken()
            #expect(try await store.session(known, Self.limits) == nil)
            _ = try await store.makeChallenge(.signIn, in: known, Self.client, Self.limits)
            #expect(try await store.session(known, Self.limits)?.step == .anonymous)
            #expect(try await store.completeSession(known, .totp, Self.client, Self.limits) == nil)

            let half = try await store.beginSession(
                of: "ada", .password, [.password], replacing: known, Self.client, Self.limits)
            #expect(try await store.session(known, Self.limits) == nil)
            #expect(try await store.session(half, Self.limits)?.step == .password)
            #expect(try await store.sessions(of: "ada").isEmpty)

            let whole = try #require(try await store.completeSession(half, .totp, Self.client, Self.limits))
            #expect(try await store.session(half, Self.limits) == nil)
            let session = try #require(try await store.session(whole, Self.limits))
            #expect(session.step == .complete)
            #expect(session.account == "ada")
            #expect(session.authenticationMethods == ["pwd", "otp", "mfa"])
            #expect(session.client == Self.client)
            #expect(try await store.completeSession(whole, .totp, Self.client, Self.limits) == nil)

            let renewed = try #require(try await store.renewSession(whole))
            #expect(try await store.session(whole, Self.limits) == nil)
            #expect(try await store.session(renewed, Self.limits)?.id == session.id)
            #expect(try await store.sessions(of: "ada").map(\.id) == [session.id])
            let stored = try await store.database.read {
                try $0.rows("SELECT hash FROM identity_sessions").map { try $0["hash"] as [UInt8] }
            }
            #expect(stored == [renewed.hash])
            #expect(try await store.events().first { $0.action == .sessionStarted }?.actor.address == "192.0.2.1")
        }
    }

    @Test(
        "end without use, at their latest end, and with their account",
        arguments: [
            "UPDATE identity_sessions SET expires_at = ?", "UPDATE identity_accounts SET end_at = ?",
        ])
    func ends(statement: String) async throws {
        for kind in DatabaseKind.tested {
            try await withSession(kind) { store, token in
                #expect(try await store.session(token, Self.limits) != nil)
                let now = try await store.now()
                try await store.database.write { _ = try $0.execute(statement, now) }
                #expect(try await store.session(token, Self.limits) == nil)
                #expect(try await store.renewSession(token) != nil)
                #expect(try await store.makeChallenge(.enrolment, in: token, Self.client, Self.limits) == nil)
            }
        }
    }

    @Test("live on while they are used, and never beyond their latest end", arguments: DatabaseKind.tested)
    func use(kind: DatabaseKind) async throws {
        try await withSession(kind) { store, token in
            func expiry() async throws -> Timestamp {
                try await store.database.read { try $0.value("SELECT expires_at FROM identity_sessions") }
            }
            let first = try await expiry()
            #expect(try await store.session(token, Self.limits) != nil)
            #expect(try await expiry() == first)
            // As if nine minutes had gone by.
            let earlier = try await store.time(after: -540)
            try await store.database.write {
                _ = try $0.execute(
                    "UPDATE identity_sessions SET last_used_at = ?, expires_at = ?", earlier,
                    earlier.adding(seconds: 600))
            }
            let end = try #require(try await store.session(token, Self.limits)).end
            #expect(try await expiry() > earlier.adding(seconds: 1_000))
            let longer = SessionLimits(idleSeconds: 86_400, longestSeconds: 3_600)
            try await store.database.write {
                _ = try $0.execute("UPDATE identity_sessions SET last_used_at = ?", earlier)
            }
            _ = try await store.session(token, longer)
            #expect(try await expiry() == end)
        }
    }

    @Test("end with a new password, a reset of the second factor, and disabling", arguments: DatabaseKind.tested)
    func ended(kind: DatabaseKind) async throws {
        try await withSession(kind) { store, token in
            let other = try await store.signIn("ada")
            try await store.setPassword("battery staple", of: "ada", keeping: token, by: administrator)
            #expect(try await store.session(token, Self.limits) != nil)
            #expect(try await store.session(other, Self.limits) == nil)
            try await store.setPassword("battery horse", of: "ada", by: administrator)
            #expect(try await store.session(token, Self.limits) == nil)

            let third = try await store.signIn("ada")
            try await store.resetSecondFactor(of: "ada", by: administrator)
            #expect(try await store.session(third, Self.limits) == nil)

            let fourth = try await store.signIn("ada")
            try await store.setDisabled(true, "ada", by: administrator)
            #expect(try await store.session(fourth, Self.limits) == nil)
            #expect(try await code { _ = try await store.signIn("ada") } == .noSuchAccount)
            try await store.setDisabled(false, "ada", by: administrator)
            #expect(try await store.session(fourth, Self.limits) == nil)
        }
    }

    @Test("are ended by their owner only", arguments: DatabaseKind.tested)
    func owner(kind: DatabaseKind) async throws {
        try await withSession(kind) { store, token in
            try await store.addAccount(AccountDraft("bob"), by: .operator)
            let id = try #require(try await store.session(token, Self.limits)).id
            #expect(
                try await code { try await store.endSession(id, of: "bob", by: AuditActor("bob")) } == .noSuchSession)
            #expect(try await store.session(token, Self.limits) != nil)
            try await store.endSession(id, of: "ada", by: AuditActor("ada"))
            #expect(try await store.session(token, Self.limits) == nil)
            let next = try await store.signIn("ada")
            try await store.endSession(next, address: nil)
            #expect(try await store.session(next, Self.limits) == nil)
            #expect(try await store.events().count { $0.action == .sessionEnded } == 2)
        }
    }

    @Test("give out a challenge once, and only for its purpose", arguments: DatabaseKind.tested)
    func challenges(kind: DatabaseKind) async throws {
        try await withSession(kind) { store, token in
            let challenge = try await store.makeChallenge(.secondFactor, in: token, Self.client, Self.limits)
            #expect(challenge?.count == 32)
            #expect(try await store.takeChallenge(.signIn, in: token) == nil)
            #expect(try await store.takeChallenge(.secondFactor, in: SessionToken()) == nil)
            let taken = try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
                for _ in 0..<4 { group.addTask { try await store.takeChallenge(.secondFactor, in: token) } }
                return try await group.reduce(into: [[UInt8]?]()) { if let bytes = $1 { $0.append(bytes) } }
            }
            #expect(taken == [challenge])
            let first = try await store.makeChallenge(.enrolment, in: token, Self.client, Self.limits)
            let second = try await store.makeChallenge(.enrolment, in: token, Self.client, Self.limits)
            #expect(first != second)
            #expect(try await store.takeChallenge(.enrolment, in: token) == second)

            _ = try await store.makeChallenge(.enrolment, in: token, Self.client, Self.limits)
            let past = try await store.time(after: -1)
            try await store.database.write {
                _ = try $0.execute("UPDATE identity_sessions SET challenge_end_at = ?", past)
            }
            #expect(try await store.takeChallenge(.enrolment, in: token) == nil)
        }
    }

    @Test("enrol a second factor that no other session has seen", arguments: DatabaseKind.tested)
    func enrolment(kind: DatabaseKind) async throws {
        try await withSession(kind) { store, token in
            let other = try await store.signIn("ada")
            let totp = try #require(try await store.enrollingTOTP(in: token))
            #expect(try await store.enrollingTOTP(in: token) == totp)
            let foreign = try #require(try await store.enrollingTOTP(in: other))
            #expect(foreign != totp)
            #expect(try await store.enrollingTOTP(in: SessionToken()) == nil)
            let step = TOTP.step(at: try await store.now().microseconds / 1_000_000)
            #expect(
                try await code {
                    _ = try await store.confirmTOTP(foreign.code(step: step), in: token, by: AuditActor("ada"))
                } == .wrongCode)
            let codes = try await store.confirmTOTP(totp.code(step: step), in: token, by: AuditActor("ada"))
            #expect(codes.count == RecoveryCode.count)
            #expect(try await store.hasTOTP("ada"))
            #expect(try await store.checkTOTP(totp.code(step: step), of: "ada", address: nil) == .wrong)
            #expect(
                try await code {
                    _ = try await store.confirmTOTP(totp.code(step: step), in: token, by: AuditActor("ada"))
                }
                    == .wrongCode)
        }
    }

    @Test("keep the secret of an enrolment encrypted, where there is a key", arguments: DatabaseKind.tested)
    func encryption(kind: DatabaseKind) async throws {
        try await withSession(kind) { plain, token in
            let key = try SecretKey(base64: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
            let store = IdentityStore(plain.database, passwords: plain.passwords, secretKey: key)
            let totp = try #require(try await store.enrollingTOTP(in: token))
            #expect(try await store.enrollingTOTP(in: token) == totp)
            func stored(_ sql: String) async throws -> [UInt8] {
                try await store.database.read { try $0.value(sql) }
            }
            #expect(try await stored("SELECT totp_secret FROM identity_sessions") != totp.secret)
            let step = TOTP.step(at: try await store.now().microseconds / 1_000_000)
            // The step before, so that later ones are left whenever the test runs.
            _ = try await store.confirmTOTP(totp.code(step: step - 1), in: token, by: AuditActor("ada"))
            #expect(try await stored("SELECT secret FROM identity_totp") != totp.secret)
            #expect(try await store.checkTOTP(totp.code(step: step), of: "ada", address: nil) == .accepted)
        }
    }

    @Test("that have ended are deleted", arguments: DatabaseKind.tested)
    func cleanup(kind: DatabaseKind) async throws {
        try await withSession(kind) { store, _ in
            let past = try await store.time(after: -1)
            try await store.database.write { _ = try $0.execute("UPDATE identity_sessions SET expires_at = ?", past) }
            _ = try await store.signIn("ada")
            #expect(try await store.count("identity_sessions") == 1)
        }
    }

    @Test("record the version of the terms that was accepted", arguments: DatabaseKind.tested)
    func terms(kind: DatabaseKind) async throws {
        try await withSession(kind) { store, _ in
            #expect(try await !store.hasAcceptedTerms("1", "ada"))
            for _ in 0..<2 { try await store.acceptTerms("1", of: "ada", by: AuditActor("ada")) }
            #expect(try await store.hasAcceptedTerms("1", "ada"))
            #expect(try await !store.hasAcceptedTerms("2", "ada"))
            #expect(try await store.events().count { $0.action == .termsAccepted } == 1)
        }
    }

    @Test("name containers with the account's level", arguments: DatabaseKind.tested)
    func memberships(kind: DatabaseKind) async throws {
        try await withSession(kind) { store, _ in
            for id in ["c2", "c1", "c3"] { try await store.addContainer(id, title: "Title of \(id)", by: .operator) }
            try await store.setMember("ada", of: "c2", .rw, by: .operator)
            try await store.setMember("ada", of: "c1", .ro, by: .operator)
            #expect(
                try await store.memberships(of: "ada") == [
                    Membership(container: "c1", title: "Title of c1", level: .ro),
                    Membership(container: "c2", title: "Title of c2", level: .rw),
                ])
        }
    }
}

extension IdentityStore {
    fileprivate func signIn(_ name: String) async throws -> SessionToken {
        try await beginSession(
            of: name, .complete, [.password, .totp], replacing: nil,
            SessionClient(address: "192.0.2.1", agent: "Firefox/140.0"),
            SessionLimits(idleSeconds: 600, longestSeconds: 3_600))
    }
}
