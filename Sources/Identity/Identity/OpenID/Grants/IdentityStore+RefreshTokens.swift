public import Access
import JSON
import SQLDatabase
import Temporal

extension IdentityStore {
    /// Replaces a refresh token of a client that stores the new one.
    ///
    /// A token that was used within the last minute leads to the newest one of its grant, so that responses may be lost and
    /// processes may share a token; used later, it was copied, and the grant is revoked.
    ///
    /// - Parameter scopes: To which the access token is narrowed; `nil`: all.
    public func refresh(
        _ token: String, client: OAuthClient, scopes: Set<Scope>?, address: String?
    ) async throws -> Result<TokenBasis, GrantRefusal> {
        guard token.hasPrefix(RefreshToken.prefix), token.utf8.count <= 200 else { return .failure(.unknown) }
        return try await database.write(.readCommitted) { transaction in
            let id: Int64? = try transaction.row(
                "SELECT grant_id FROM identity_refresh_tokens WHERE hash = ?", Secret.hash(token)
            ).map { try $0["grant_id"] }
            guard let id else { return .failure(.unknown) }
            return try transaction.refresh(id, client, scopes, address) { grant, key in
                guard let key else { return .failure(.invalid) }
                return try transaction.rotate(token, of: grant, key: key)
            }
        }
    }

    /// Uses a grant whose client has a reusable refresh token, which the caller has verified.
    ///
    /// - Parameters:
    ///   - id: Of the grant, which the token names.
    ///   - scopes: As of `refresh(_:client:scopes:address:)`.
    public func refresh(
        grant id: Int64, client: OAuthClient, scopes: Set<Scope>?, address: String?
    ) async throws -> Result<TokenBasis, GrantRefusal> {
        guard client.refreshPolicy == .reusable else { return .failure(.unknown) }
        return try await database.write(.readCommitted) { transaction in
            try transaction.refresh(id, client, scopes, address) { _, key in
                key == nil ? .success(nil) : .failure(.invalid)
            }
        }
    }

    /// Revokes the grant of a refresh token that is rotated, however old the token is.
    ///
    /// - Returns: Whether the token was one of the client's.
    public func revokeRefreshToken(_ token: String, client: OAuthClient, address: String?) async throws -> Bool {
        try await database.write(.readCommitted) { transaction in
            let grant = try transaction.row(
                """
                SELECT g.* FROM identity_refresh_tokens t JOIN identity_grants g ON g.id = t.grant_id
                WHERE t.hash = ? AND g.client = ?
                """, Secret.hash(token), client.id
            ).map(Grant.init)
            guard let grant else { return false }
            try transaction.revokeGrants(
                "id = ?", [grant.id.databaseValue], by: AuditActor(grant.account, address: address),
                reason: "revoked by the client")
            return true
        }
    }

    /// The grant of a refresh token that could be used now, without using it.
    public func refreshTokenGrant(_ token: String, client: OAuthClient) async throws -> Grant? {
        let id: Int64? = try await database.read { transaction in
            try transaction.row(
                """
                SELECT t.grant_id FROM identity_refresh_tokens t JOIN identity_grants g ON g.id = t.grant_id
                WHERE t.hash = ? AND t.used_at IS NULL AND g.client = ?
                """, Secret.hash(token), client.id
            ).map { try $0["grant_id"] }
        }
        guard let id else { return nil }
        return try await grant(id)
    }

    /// Revokes the grant that a token names, which the caller has verified.
    public func revokeGrant(_ id: Int64, client: OAuthClient, address: String?) async throws {
        try await database.write(.readCommitted) { transaction in
            guard let grant = try transaction.row("SELECT * FROM identity_grants WHERE id = ?", id).map(Grant.init)
            else { return }
            try transaction.revokeGrants(
                "id = ? AND client = ?", [id.databaseValue, .text(client.id)],
                by: AuditActor(grant.account, address: address), reason: "revoked by the client")
        }
    }
}

extension WriteTransaction {
    /// - Parameter rotate: Makes the next token, or refuses the one that was sent.
    fileprivate func refresh(
        _ id: Int64, _ client: OAuthClient, _ scopes: Set<Scope>?, _ address: String?,
        rotate: (Grant, _ key: [UInt8]?) throws -> Result<String?, GrantRefusal>
    ) throws -> Result<TokenBasis, GrantRefusal> {
        // Those who refresh the same grant wait for each other here.
        guard let row = try row("SELECT * FROM identity_grants WHERE id = ? FOR UPDATE", id) else {
            return .failure(.unknown)
        }
        let grant = try Grant(row)
        let actor = AuditActor(grant.account, address: address)
        let now = try currentTime()
        func refuse(_ refusal: GrantRefusal) throws -> Result<TokenBasis, GrantRefusal> {
            try recordRefusal(refusal, of: grant.account, client: client.id, by: actor)
            return .failure(refusal)
        }
        guard grant.client == client.id, grant.isValid(at: now),
            try self.client(client.id)?.grantTypes.contains(.refreshToken) == true
        else { return try refuse(.invalid) }
        guard scopes?.isSubset(of: grant.scopes) != false else { return try refuse(.wrongScope) }
        let account: Account
        switch try usableAccount(grant.account, isFirst: false) {
        case .success(let found): account = found
        case .failure(let refusal): return try refuse(refusal)
        }
        switch try rotate(grant, try row["rotation_key"]) {
        case .success(let token):
            try noteUse(of: grant, at: now)
            return .success(
                TokenBasis(
                    grant: grant, account: account, rights: try rights(of: grant.account), time: now,
                    refreshToken: token, isRefreshable: true, nonce: nil))
        case .failure(.replayed):
            try revokeGrants("id = ?", [grant.id.databaseValue], by: actor, reason: "refresh token replayed")
            return try refuse(.replayed)
        case .failure(let refusal): return try refuse(refusal)
        }
    }

    /// The token after one of a grant, whose row is locked.
    fileprivate func rotate(
        _ token: String, of grant: Grant, key: [UInt8]
    ) throws -> Result<String?, GrantRefusal> {
        // Again, since what was read before the lock may be outdated.
        guard let row = try row("SELECT used_at FROM identity_refresh_tokens WHERE hash = ?", Secret.hash(token)) else {
            return .failure(.invalid)
        }
        let now = try currentTime()
        var current = token
        if let use: Timestamp = try row["used_at"] {
            guard RefreshToken.isInGrace(usedAt: use, now: now) else { return .failure(.replayed) }
            // The one that was replaced last has none behind it. Each was made within the grace.
            for _ in 0..<RefreshToken.chainLimit {
                let next = RefreshToken.successor(of: current, key: key)
                let isUsed: Bool? = try self.row(
                    "SELECT used_at FROM identity_refresh_tokens WHERE hash = ?", Secret.hash(next)
                ).map { try $0["used_at"] as Timestamp? != nil }
                guard let isUsed else { return .failure(.invalid) }
                if !isUsed { return .success(next) }
                current = next
            }
            return .failure(.invalid)
        }
        try execute("UPDATE identity_refresh_tokens SET used_at = ? WHERE hash = ?", now, Secret.hash(token))
        let next = RefreshToken.successor(of: token, key: key)
        try insertRefreshToken(next, of: grant.id)
        return .success(next)
    }

    func insertRefreshToken(_ token: String, of grant: Int64) throws {
        try execute(
            "INSERT INTO identity_refresh_tokens (hash, grant_id, created_at) VALUES (?, ?, ?)", Secret.hash(token),
            grant, currentTime())
    }
}
