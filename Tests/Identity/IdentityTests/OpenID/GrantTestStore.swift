import Access
import SQLDatabase
import Temporal

@testable import Identity

extension IdentityStore {
    /// An account with a second factor, which may be given tokens.
    func addPerson(_ name: String) async throws {
        try await addAccount(AccountDraft(name), by: .operator)
        try await database.write { transaction in
            _ = try transaction.execute(
                "INSERT INTO identity_totp (account, secret, last_step) VALUES (?, ?, 0)", name, TOTP().secret)
        }
    }

    func authentication(_ name: String) async throws -> Authentication {
        Authentication(name, methods: ["pwd", "otp"], at: try await now())
    }

    /// Makes and redeems a code.
    func signIn(_ name: String, _ client: OAuthClient) async throws -> Result<TokenBasis, GrantRefusal> {
        let code = try await makeAuthorizationCode(for: .sample(client), authentication(name))
        return try await redeem(code, client)
    }

    func redeem(
        _ code: String, _ client: OAuthClient, redirectURI: String? = CodeRequest.sampleURI,
        verifier: String? = CodeRequest.sampleVerifier
    ) async throws -> Result<TokenBasis, GrantRefusal> {
        try await redeemCode(
            code, client: client, redirectURI: redirectURI, verifier: verifier, TokenLifetimes(), address: "192.0.2.1")
    }

    /// As if tokens that were used had been used so many seconds ago.
    func setTokenUse(secondsAgo seconds: Int64) async throws {
        let time = try await time(after: -seconds)
        try await database.write { transaction in
            _ = try transaction.execute(
                "UPDATE identity_refresh_tokens SET used_at = ? WHERE used_at IS NOT NULL", time)
        }
    }

    /// The last events of an action, the newest first.
    func outcomes(_ action: AuditAction) async throws -> [AuditOutcome] {
        var query = AuditQuery()
        query.action = action
        return try await events(query).map(\.outcome)
    }
}

extension CodeRequest {
    static let sampleURI = "http://127.0.0.1:4711/callback"
    static let sampleVerifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"

    static func sample(_ client: OAuthClient, scopes: Set<Scope>? = nil) -> CodeRequest {
        CodeRequest(
            client: client.id, redirectURI: sampleURI, scopes: scopes ?? client.scopes,
            codeChallenge: ProofKey.challenge(of: sampleVerifier), nonce: "n-0S6_WzA2Mj")
    }
}

extension OAuthClient {
    /// Ours, whose refresh tokens are rotated.
    static let rotating = builtIn("terrapi")!
    static let reusing = builtIn("de.lrz.terrabyte.stac")!
}

extension Result {
    var failure: Failure? { if case .failure(let error) = self { error } else { nil } }
}
