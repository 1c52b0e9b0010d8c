import Access
import DatabaseTestKit
import JSON
import SQLDatabase
import Temporal
import Testing

@testable import Identity

@Suite("Refresh tokens") struct RefreshTokenTests {
    private func refresh(
        _ store: IdentityStore, _ token: String, _ client: OAuthClient = .rotating, scopes: Set<Scope>? = nil
    ) async throws -> Result<TokenBasis, GrantRefusal> {
        try await store.refresh(token, client: client, scopes: scopes, address: "192.0.2.1")
    }

    @Test("are replaced when they are used", arguments: DatabaseKind.tested)
    func rotation(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            try await store.addPerson("ada")
            var tokens = [try #require(try await store.signIn("ada", .rotating).get().refreshToken)]
            for _ in 0..<3 {
                tokens.append(try #require(try await refresh(store, tokens.last!).get().refreshToken))
            }
            #expect(Set(tokens).count == 4)
            let hashes = try await store.database.read {
                try $0.rows("SELECT hash FROM identity_refresh_tokens").map { try $0["hash"] as [UInt8] }
            }
            #expect(Set(hashes) == Set(tokens.map { Secret.hash($0) }))
        }
    }

    @Test("lead to the newest one for a minute, for lost responses", arguments: DatabaseKind.tested)
    func grace(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            try await store.addPerson("ada")
            let first = try #require(try await store.signIn("ada", .rotating).get().refreshToken)
            let second = try #require(try await refresh(store, first).get().refreshToken)
            // In the future, so that the minute does not end, however slow the machine is.
            try await store.setTokenUse(secondsAgo: -600)
            #expect(try await refresh(store, first).get().refreshToken == second)
            let third = try #require(try await refresh(store, second).get().refreshToken)
            #expect(try await refresh(store, first).get().refreshToken == third)
            #expect(try await store.count("identity_refresh_tokens") == 3)
            #expect(try await store.outcomes(.grantRefused).isEmpty)
        }
    }

    @Test(
        "lead on for a minute, and no longer", arguments: [(0, true), (59, true), (60, false), (61, false), (-5, true)])
    func graceEnd(seconds: Int64, isInGrace: Bool) {
        let use = Timestamp(microseconds: 1_000_000_000)
        #expect(RefreshToken.isInGrace(usedAt: use, now: use.adding(seconds: seconds)) == isInGrace)
    }

    @Test("used again after a minute revoke the grant with all tokens", arguments: DatabaseKind.tested)
    func reuse(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            try await store.addPerson("ada")
            let other = try await store.signIn("ada", .rotating).get()
            let first = try #require(try await store.signIn("ada", .rotating).get().refreshToken)
            let second = try #require(try await refresh(store, first).get().refreshToken)
            try await store.setTokenUse(secondsAgo: 61)
            #expect(try await refresh(store, first).failure == .replayed)
            #expect(try await refresh(store, second).failure == .invalid)
            #expect(try await store.grants(of: "ada").map(\.id) == [other.grant.id])
            #expect(try await store.outcomes(.grantRevoked) == [.success])
            var query = AuditQuery()
            query.action = .grantRevoked
            #expect(try await store.events(query).first?.details["reason"] == "refresh token replayed")
        }
    }

    @Test("are the same for all who use one at the same time", arguments: DatabaseKind.tested)
    func race(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            try await store.addPerson("ada")
            var token = try #require(try await store.signIn("ada", .rotating).get().refreshToken)
            for _ in 0..<3 {
                let current = token
                let next = try await withThrowingTaskGroup(of: String?.self) { group in
                    for _ in 0..<8 { group.addTask { try await refresh(store, current).get().refreshToken } }
                    return try await group.reduce(into: Set<String?>()) { $0.insert($1) }
                }
                #expect(next.count == 1)
                token = try #require(next.first ?? nil)
                #expect(token != current)
            }
            #expect(try await store.count("identity_refresh_tokens") == 4)
        }
    }

    @Test("are those of their client and their kind", arguments: DatabaseKind.tested)
    func clients(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            try await store.addPerson("ada")
            let rotated = try await store.signIn("ada", .rotating).get()
            let reusable = try await store.signIn("ada", .reusing).get()
            #expect(reusable.refreshToken == nil && reusable.isRefreshable)
            let token = try #require(rotated.refreshToken)
            #expect(try await refresh(store, token, .builtIn("terrabyte-portal")!).failure == .invalid)
            #expect(try await refresh(store, "terrabyte_refresh_x").failure == .unknown)
            #expect(try await refresh(store, "x").failure == .unknown)
            // The wrong client has not used it up.
            #expect(try await refresh(store, token).failure == nil)
            for _ in 0..<3 {
                let refreshed = try await store.refresh(
                    grant: reusable.grant.id, client: .reusing, scopes: nil, address: nil)
                #expect(try refreshed.get().grant.id == reusable.grant.id)
            }
            for (id, client) in [
                (rotated.grant.id, OAuthClient.rotating), (rotated.grant.id, .reusing),
                (reusable.grant.id, .builtIn("openeo-python")!),
            ] {
                let refreshed = try await store.refresh(grant: id, client: client, scopes: nil, address: nil)
                #expect(refreshed.failure == (client.refreshPolicy == .reusable ? .invalid : .unknown))
            }
            let missing = try await store.refresh(grant: 4_711, client: .reusing, scopes: nil, address: nil)
            #expect(missing.failure == .unknown)
        }
    }

    @Test("are narrowed, and never widened", arguments: DatabaseKind.tested)
    func scopes(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            try await store.addPerson("ada")
            let request = CodeRequest.sample(.rotating, scopes: [.offlineAccess, .openID])
            let code = try await store.makeAuthorizationCode(for: request, store.authentication("ada"))
            let token = try #require(try await store.redeem(code, .rotating).get().refreshToken)
            #expect(try await refresh(store, token, scopes: [.openID, .email]).failure == .wrongScope)
            #expect(try await refresh(store, token, scopes: [.openID]).get().grant.scopes == request.scopes)
        }
    }

    @Test("are given to who asks for offline access", arguments: DatabaseKind.tested)
    func offlineAccess(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            try await store.addPerson("ada")
            let request = CodeRequest.sample(.rotating, scopes: [.openID])
            let code = try await store.makeAuthorizationCode(for: request, store.authentication("ada"))
            let basis = try await store.redeem(code, .rotating).get()
            #expect(basis.refreshToken == nil && !basis.isRefreshable)
            #expect(basis.grant.end.microseconds - basis.time.microseconds == 3_600_000_000)
        }
    }

    @Test("end with the account, its factor and its grant, not with a lock-out", arguments: DatabaseKind.tested)
    func accounts(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            func token(_ name: String, _ end: (TokenBasis) async throws -> Void) async throws -> GrantRefusal? {
                if try await store.account(name) == nil { try await store.addPerson(name) }
                let basis = try await store.signIn(name, .rotating).get()
                try await end(basis)
                return try await refresh(store, try #require(basis.refreshToken)).failure
            }
            let locked = try await token("guessed") { _ in
                for _ in 0..<5 { _ = try await store.checkPassword("wrong horse", of: "guessed", address: nil) }
                try await store.ageAttempts(by: -60)
            }
            #expect(locked == nil)
            let disabled = try await token("disabled") { _ in
                try await store.setDisabled(true, "disabled", by: administrator)
                try await store.setDisabled(false, "disabled", by: administrator)
            }
            #expect(disabled == .invalid)
            let ended = try await token("ended") { _ in
                try await store.setEnd(store.time(after: -1), of: "ended", by: administrator)
            }
            #expect(ended == .account(.ended))
            let reset = try await token("reset") { _ in
                try await store.database.write {
                    _ = try $0.execute("DELETE FROM identity_totp WHERE account = 'reset'")
                }
            }
            #expect(reset == .noSecondFactor)
            let changed = try await token("changed") { _ in
                try await store.setPassword("correct horse", of: "changed", by: administrator)
            }
            #expect(changed == .invalid)
            let revoked = try await token("ada") { basis in
                try await store.revokeGrant(basis.grant.id, of: "ada", by: administrator)
            }
            #expect(revoked == .invalid)
            let deleted = try await token("deleted") { _ in
                try await store.deleteAccount("deleted", by: administrator)
            }
            #expect(deleted == .unknown)
            let old = try await token("ada") { _ in
                let past = try await store.time(after: -1)
                try await store.database.write { _ = try $0.execute("UPDATE identity_grants SET end_at = ?", past) }
            }
            #expect(old == .invalid)
            #expect(try await store.outcomes(.grantRefused).count == 6)
        }
    }

    @Test("and grants are revoked by whose they are", arguments: DatabaseKind.tested)
    func revocation(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            try await store.addPerson("ada")
            try await store.addPerson("bob")
            let basis = try await store.signIn("ada", .rotating).get()
            let token = try #require(basis.refreshToken)
            #expect(
                try await code { try await store.revokeGrant(basis.grant.id, of: "bob", by: administrator) }
                    == .noSuchGrant)
            #expect(try await !store.revokeRefreshToken(token, client: .reusing, address: nil))
            #expect(try await store.grants(of: "ada").count == 1)
            #expect(try await store.refreshTokenGrant(token, client: .rotating)?.id == basis.grant.id)
            #expect(try await store.revokeRefreshToken(token, client: .rotating, address: nil))
            #expect(try await store.refreshTokenGrant(token, client: .rotating) == nil)
            #expect(try await store.grants(of: "ada").isEmpty)
            _ = try await store.signIn("ada", .rotating).get()
            _ = try await store.signIn("ada", .reusing).get()
            _ = try await store.signIn("bob", .reusing).get()
            #expect(try await store.revokeGrants(of: "ada", by: administrator) == 2)
            #expect(try await store.grants(of: "bob").count == 1)
        }
    }

    @Test("and all else that has ended is deleted", arguments: DatabaseKind.tested)
    func sweep(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            try await store.addPerson("ada")
            let basis = try await store.signIn("ada", .rotating).get()
            let codes = try #require(
                try await store.makeDeviceRequest(
                    .reusing, scopes: [], challenge: nil, address: nil, userAgent: nil))
            try await store.sweep()
            #expect(try await store.count("identity_codes") == 1)
            #expect(try await store.count("identity_refresh_tokens") == 1)
            try await store.revokeGrant(basis.grant.id, of: "ada", by: administrator)
            let past = try await store.time(after: -IdentityStore.keptSeconds - 1)
            try await store.database.write { transaction in
                try transaction.execute("UPDATE identity_codes SET expires_at = ?", past)
                try transaction.execute("UPDATE identity_device_requests SET expires_at = ?", past)
                try transaction.execute("UPDATE identity_guesses SET window_number = window_number - 1")
                try transaction.execute("UPDATE identity_grants SET revoked_at = ?", past)
            }
            try await store.sweep()
            for table in ["codes", "refresh_tokens", "grants", "device_requests", "guesses"] {
                #expect(try await store.count("identity_\(table)") == 0)
            }
            #expect(try await store.deviceRequest(userCode: "\(codes.userCode)", address: nil) == .wrong)
        }
    }
}
