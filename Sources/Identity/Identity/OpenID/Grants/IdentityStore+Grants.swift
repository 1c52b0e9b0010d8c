import Access
import JSON
import SQLDatabase
import Temporal

extension IdentityStore {
    /// All of an account that can be used now, the newest first.
    public func grants(of name: String) async throws -> [Grant] {
        try await database.read { transaction in
            try transaction.rows(
                """
                SELECT * FROM identity_grants WHERE account = ? AND revoked_at IS NULL AND end_at > ? ORDER BY id DESC
                """, name, transaction.currentTime()
            ).map(Grant.init)
        }
    }

    /// A grant, if its tokens may be used now: it is not revoked, has not ended, and its account is neither disabled nor
    /// ended.
    public func grant(_ id: Int64) async throws -> Grant? {
        try await database.read { transaction in
            let now = try transaction.currentTime()
            return try transaction.row(
                """
                SELECT g.* FROM identity_grants g JOIN identity_accounts a ON a.name = g.account
                WHERE g.id = ? AND g.revoked_at IS NULL AND g.end_at > ?
                    AND NOT a.is_disabled AND (a.end_at IS NULL OR a.end_at > ?)
                """, id, now, now
            ).map(Grant.init)
        }
    }

    /// Ends a grant with all its tokens.
    ///
    /// - Parameter name: Whose grant it is.
    /// - Throws: `IdentityError.noSuchGrant`, also for one that is revoked.
    public func revokeGrant(_ id: Int64, of name: String, by actor: AuditActor) async throws {
        try await database.write { transaction in
            let values = [id.databaseValue, name.databaseValue]
            guard try transaction.revokeGrants("id = ? AND account = ?", values, by: actor) == 1 else {
                throw IdentityError(.noSuchGrant, "'\(name)' has no sign-in \(id) that could be revoked.")
            }
        }
    }

    /// Ends all grants of an account.
    ///
    /// - Returns: How many.
    @discardableResult
    public func revokeGrants(of name: String, by actor: AuditActor) async throws -> Int {
        try await database.write { try $0.revokeGrants(of: name, by: actor) }
    }

    /// The grant of a client for its service account, which lasts from token to token.
    ///
    /// - Parameter scopes: Of the client; those of a grant that exists stay as they are.
    public func clientCredentialsGrant(
        _ client: OAuthClient, _ lifetimes: TokenLifetimes, address: String?
    ) async throws -> Result<TokenBasis, GrantRefusal> {
        guard let name = client.serviceAccount else { return .failure(.unknown) }
        let actor = AuditActor(name, address: address)
        return try await database.write(.readCommitted) { transaction in
            let account: Account
            switch try transaction.usableAccount(name, isFirst: true) {
            case .success(let found): account = found
            case .failure(let refusal):
                try transaction.recordRefusal(refusal, of: name, client: client.id, by: actor)
                return .failure(refusal)
            }
            let now = try transaction.currentTime()
            // Two at once may make two of them, which does no harm.
            let known = try transaction.rows(
                """
                SELECT * FROM identity_grants
                WHERE account = ? AND client = ? AND scopes = ? AND revoked_at IS NULL AND end_at > ?
                ORDER BY id DESC LIMIT 1
                """, name, client.id, Scope.text(client.scopes), now.adding(seconds: lifetimes.accessToken)
            ).first.map(Grant.init)
            let grant: Grant
            if let known {
                grant = known
                try transaction.noteUse(of: known, at: now)
            } else {
                grant = try transaction.insertGrant(
                    client.id, Authentication(name, methods: [], at: now), client.scopes,
                    end: now.adding(seconds: lifetimes.grant + lifetimes.accessToken), by: actor)
            }
            return .success(
                TokenBasis(
                    grant: grant, account: account, rights: try transaction.rights(of: name), time: now,
                    refreshToken: nil, isRefreshable: false, nonce: nil))
        }
    }
}

extension Grant {
    init(_ row: Row) throws {
        id = try row["id"]
        account = try row["account"]
        client = try row["client"]
        scopes = Scope.set(try row["scopes"])
        authenticationMethods = (try row["amr"] as String).split(separator: " ").map(String.init)
        authenticationTime = try row["auth_at"]
        creation = try row["created_at"]
        end = try row["end_at"]
        revocation = try row["revoked_at"]
        lastUse = try row["last_used_at"]
    }
}

extension ReadTransaction {
    /// The account, if it may be given tokens now.
    ///
    /// - Parameter isFirst: Whether a grant is made. A lock-out counts only then: it would let attackers end what runs.
    func usableAccount(_ name: String, isFirst: Bool) throws -> Result<Account, GrantRefusal> {
        guard let account = try account(name) else { return .failure(.unknown) }
        let state = try account.state(at: currentTime())
        switch state {
        case .disabled, .ended: return .failure(.account(state))
        case .locked, .active: break
        }
        // A program has no password; what somebody guesses there is nothing to it.
        if account.kind == .service { return .success(account) }
        if isFirst, try isLockedOut(name) { return .failure(.account(.locked)) }
        guard try hasSecondFactor(name) else { return .failure(.noSecondFactor) }
        return .success(account)
    }

    /// Whether one of its factors is locked.
    private func isLockedOut(_ name: String) throws -> Bool {
        try value(
            "SELECT count(*) AS found FROM identity_attempts WHERE name = ? AND locked_until > ?", name,
            currentTime().microseconds) > 0
    }
}

extension WriteTransaction {
    func insertGrant(
        _ client: String, _ authentication: Authentication, _ scopes: Set<Scope>, end: Timestamp,
        rotationKey: [UInt8]? = nil, by actor: AuditActor
    ) throws -> Grant {
        let now = try currentTime()
        let id: Int64 = try value(
            """
            INSERT INTO identity_grants
                (account, client, scopes, amr, auth_at, created_at, end_at, last_used_at, rotation_key)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id
            """, authentication.account, client, Scope.text(scopes), authentication.methods.joined(separator: " "),
            authentication.time, now, end, now, rotationKey)
        try record(
            .grantMade, of: authentication.account, by: actor, .success,
            ["grant": JSONValue(Int(id)), "client": .string(client), "scopes": .string(Scope.text(scopes))])
        return Grant(
            id: id, account: authentication.account, client: client, scopes: scopes,
            authenticationMethods: authentication.methods, authenticationTime: authentication.time, creation: now,
            end: end, revocation: nil, lastUse: now)
    }

    func noteUse(of grant: Grant, at now: Timestamp) throws {
        // One write a minute, however many refreshes there are.
        guard now.microseconds - grant.lastUse.microseconds >= 60_000_000 else { return }
        try execute("UPDATE identity_grants SET last_used_at = ? WHERE id = ?", now, grant.id)
    }

    /// - Parameter condition: Of those that are not revoked.
    /// - Returns: How many were revoked.
    @discardableResult
    func revokeGrants(
        _ condition: String, _ values: [DatabaseValue], by actor: AuditActor, reason: String? = nil
    ) throws -> Int {
        let now = try currentTime()
        let revoked = try rows(
            """
            UPDATE identity_grants SET revoked_at = ? WHERE revoked_at IS NULL AND end_at > ? AND \(condition)
            RETURNING id, account, client
            """, values: [now.databaseValue, now.databaseValue] + values)
        for row in revoked {
            let id: Int64 = try row["id"]
            try record(
                .grantRevoked, of: try row["account"], by: actor, .success,
                [
                    "grant": JSONValue(Int(id)), "client": .string(try row["client"]),
                    "reason": reason.map { .string($0) } ?? .null,
                ])
        }
        return revoked.count
    }

    @discardableResult
    func revokeGrants(of name: String, by actor: AuditActor, reason: String? = nil) throws -> Int {
        try revokeGrants("account = ?", [.text(name)], by: actor, reason: reason)
    }

    func recordRefusal(_ refusal: GrantRefusal, of name: String, client: String, by actor: AuditActor) throws {
        let outcome: AuditOutcome =
            switch refusal {
            case .account(.locked): .locked
            case .account, .noSecondFactor: .refused
            default: .failure
            }
        try record(
            .grantRefused, of: name, by: actor, outcome,
            ["client": .string(client), "reason": .string(refusal.reason)])
    }
}

extension Timestamp {
    func adding(seconds: Int64) -> Timestamp { Timestamp(microseconds: microseconds + seconds * 1_000_000) }
}
