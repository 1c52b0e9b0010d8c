import Access
import DatabaseTestKit
import SQLDatabase
import Temporal
import Testing

@testable import Identity

@Suite("Authorization codes") struct AuthorizationCodeTests {
    @Test("make one grant; used again, they revoke it", arguments: DatabaseKind.tested)
    func replay(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            try await store.addPerson("ada")
            let code = try await store.makeAuthorizationCode(
                for: .sample(.rotating), store.authentication("ada"))
            let basis = try await store.redeem(code, .rotating).get()
            #expect(basis.account.name == "ada")
            #expect(basis.nonce == "n-0S6_WzA2Mj")
            #expect(basis.grant.authenticationMethods == ["pwd", "otp"])
            #expect(try await store.grants(of: "ada").map(\.id) == [basis.grant.id])
            let token = try #require(basis.refreshToken)
            #expect(try await store.redeem(code, .rotating).failure == .replayed)
            #expect(try await store.grants(of: "ada").isEmpty)
            #expect(try await store.grant(basis.grant.id) == nil)
            let refreshed = try await store.refresh(token, client: .rotating, scopes: nil, address: nil)
            #expect(refreshed.failure == .invalid)
            #expect(try await store.outcomes(.grantRevoked) == [.success])
            #expect(try await store.redeem("x", .rotating).failure == .unknown)
        }
    }

    @Test("are redeemed by one of many at the same time", arguments: DatabaseKind.tested)
    func parallel(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            try await store.addPerson("ada")
            let code = try await store.makeAuthorizationCode(
                for: .sample(.rotating), store.authentication("ada"))
            let count = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<6 { group.addTask { try await store.redeem(code, .rotating).failure == nil } }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(count == 1)
            #expect(try await store.count("identity_grants") == 1)
        }
    }

    @Test(
        "are bound to client, redirect URI and verifier, and used up by a wrong one", arguments: DatabaseKind.tested)
    func bindings(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            try await store.addPerson("ada")
            let other = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXX"
            let challenge = ProofKey.challenge(of: CodeRequest.sampleVerifier)
            let cases: [(OAuthClient, String?, String?, GrantRefusal)] = [
                (.reusing, CodeRequest.sampleURI, CodeRequest.sampleVerifier, .invalid),
                (.rotating, "http://127.0.0.1:4712/callback", CodeRequest.sampleVerifier, .wrongRedirectURI),
                (.rotating, nil, CodeRequest.sampleVerifier, .wrongRedirectURI),
                (.rotating, CodeRequest.sampleURI, nil, .wrongVerifier),
                (.rotating, CodeRequest.sampleURI, other, .wrongVerifier),
                (.rotating, CodeRequest.sampleURI, "short", .wrongVerifier),
                // The method `plain`.
                (.rotating, CodeRequest.sampleURI, challenge, .wrongVerifier),
            ]
            for (client, uri, verifier, refusal) in cases {
                let code = try await store.makeAuthorizationCode(
                    for: .sample(.rotating), store.authentication("ada"))
                let result = try await store.redeem(code, client, redirectURI: uri, verifier: verifier)
                #expect(result.failure == refusal)
                #expect(try await store.redeem(code, .rotating).failure == .replayed)
            }
            #expect(try await store.count("identity_grants") == 0)
            #expect(try await store.outcomes(.grantRefused).count == 2 * cases.count)
        }
    }

    @Test("of public clients need a challenge; without one there must be no verifier", arguments: DatabaseKind.tested)
    func withoutChallenge(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            try await store.addPerson("ada")
            let confidential = OAuthClient(
                "dashboard", title: "x", .confidential, redirectURIs: [try RedirectURI(CodeRequest.sampleURI)],
                grantTypes: [.authorizationCode], scopes: [.openID])
            try await store.addClient(confidential, by: .operator)
            for (client, verifier, refusal) in [
                (OAuthClient.rotating, nil, GrantRefusal.wrongVerifier),
                (confidential, CodeRequest.sampleVerifier, .wrongVerifier), (confidential, nil, nil),
            ] as [(OAuthClient, String?, GrantRefusal?)] {
                let request = CodeRequest(
                    client: client.id, redirectURI: CodeRequest.sampleURI, scopes: [.openID], codeChallenge: nil,
                    nonce: nil)
                let code = try await store.makeAuthorizationCode(for: request, store.authentication("ada"))
                #expect(try await store.redeem(code, client, verifier: verifier).failure == refusal)
            }
        }
    }

    @Test("end after a minute", arguments: DatabaseKind.tested)
    func expiry(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            try await store.addPerson("ada")
            let code = try await store.makeAuthorizationCode(
                for: .sample(.rotating), store.authentication("ada"))
            let past = try await store.time(after: -1)
            try await store.database.write { _ = try $0.execute("UPDATE identity_codes SET expires_at = ?", past) }
            #expect(try await store.redeem(code, .rotating).failure == .invalid)
        }
    }

    @Test("of accounts that may do nothing are refused", arguments: DatabaseKind.tested)
    func accounts(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            func check(
                _ name: String, _ refusal: GrantRefusal, _ prepare: (String) async throws -> Void
            ) async throws {
                try await store.addPerson(name)
                let code = try await store.makeAuthorizationCode(for: .sample(.rotating), store.authentication(name))
                try await prepare(name)
                #expect(try await store.redeem(code, .rotating).failure == refusal)
            }
            try await check("disabled", .account(.disabled)) {
                try await store.setDisabled(true, $0, by: administrator)
            }
            try await check("ended", .account(.ended)) {
                try await store.setEnd(store.time(after: -1), of: $0, by: administrator)
            }
            try await check("reset", .noSecondFactor) { try await store.resetSecondFactor(of: $0, by: administrator) }
            for check in [true, false] {
                let name = check ? "guessed" : "guessed-otp"
                try await store.addPerson(name)
                let code = try await store.makeAuthorizationCode(for: .sample(.rotating), store.authentication(name))
                for _ in 0..<5 {
                    if check {
                        _ = try await store.checkPassword("wrong horse", of: name, address: nil)
                    } else {
                        _ = try await store.checkTOTP("000000", of: name, address: nil)
                    }
                }
                try await store.ageAttempts(by: -60)
                #expect(try await store.redeem(code, .rotating).failure == .account(.locked))
            }
            #expect(try await store.outcomes(.grantRefused) == [.locked, .locked, .refused, .refused, .refused])
            try await store.addPerson("deleted")
            let code = try await store.makeAuthorizationCode(
                for: .sample(.rotating), store.authentication("deleted"))
            try await store.deleteAccount("deleted", by: administrator)
            #expect(try await store.redeem(code, .rotating).failure == .unknown)
            #expect(try await store.count("identity_grants") == 0)
        }
    }
}
