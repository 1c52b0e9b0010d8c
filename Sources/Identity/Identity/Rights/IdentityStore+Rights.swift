import Access
import SQLDatabase
import Temporal

extension IdentityStore {
    /// What an account may do now: nothing if it does not exist, is disabled or has ended. One query beside the clock's.
    ///
    /// A lock by wrong passwords does not count: it is against signing in, and would let attackers stop what runs.
    public func rights(of name: String) async throws -> AccountRights {
        try await database.read { try $0.rights(of: name) }
    }

    /// What a credential is good for now: nothing if it, or the sign-in that it is of, has ended or was revoked, or the
    /// account is not active. One query beside the clock's.
    ///
    /// - Returns: `nil`: nothing.
    public func rights(of credential: Credential) async throws -> CredentialRights? {
        let found = try await database.read { transaction -> (CredentialRights, isUseNoted: Bool)? in
            let now = try transaction.currentTime()
            let rows = try transaction.rightsRows(of: credential, at: now)
            guard let first = rows.first else { return nil }
            let name: String = try first["name"]
            let scopes: String? = try first["token_scopes"]
            let lastUse: Timestamp? = try first["token_last_used_at"]
            return (
                CredentialRights(
                    account: name, rights: try AccountRights(of: name, rows), scopes: scopes.map(Scope.set)),
                lastUse.map { now.microseconds - $0.microseconds < 60_000_000 } ?? false
            )
        }
        guard let (rights, isUseNoted) = found else { return nil }
        if !isUseNoted, case .token(let hash) = credential {
            // One write a minute, however many requests there are. What it fails by is no fault of the token.
            try? await database.write(.readCommitted) { transaction in
                _ = try transaction.execute(
                    "UPDATE identity_tokens SET last_used_at = ? WHERE hash = ?", transaction.currentTime(), hash)
            }
        }
        return rights
    }
}

extension ReadTransaction {
    /// As `IdentityStore.rights(of:)`.
    func rights(of name: String) throws -> AccountRights {
        let rows = try rightsRows(of: .grant(account: name, id: nil), at: currentTime())
        return rows.isEmpty ? .none : try AccountRights(of: name, rows)
    }

    /// - Returns: One for each container and role, in any combination; none where there are no rights.
    fileprivate func rightsRows(of credential: Credential, at now: Timestamp) throws -> [Row] {
        try rows(
            """
            SELECT a.name, a.kind, \(credential.columns), r.role, m.container, m.level,
                oq.collections AS own_collections, oq.items AS own_items, oq.bytes AS own_bytes,
                cq.collections, cq.items, cq.bytes
            FROM identity_accounts a \(credential.join)
            LEFT JOIN identity_roles r ON r.account = a.name
            LEFT JOIN identity_members m ON m.account = a.name
            LEFT JOIN identity_quotas oq ON oq.owner = a.name
            LEFT JOIN identity_quotas cq ON cq.owner = m.container
            WHERE \(credential.condition) AND NOT a.is_disabled AND (a.end_at IS NULL OR a.end_at > ?)
            """, values: credential.values(at: now) + [now.databaseValue])
    }
}

extension AccountRights {
    /// - Parameter rows: See `rightsRows`.
    fileprivate init(of name: String, _ rows: [Row]) throws {
        (readable, writable) = ([name], [name])
        for row in rows {
            kind = try row["kind"]
            if let role: Account.Role = try row["role"] { roles.insert(role) }
            if let own = try Quota(row, prefix: "own_") { quotas[name] = own }
            guard let id: String = try row["container"] else { continue }
            if let quota = try Quota(row, prefix: "") { quotas[id] = quota }
            let level: Container.Level = try row["level"]
            readable.insert(id)
            if level != .ro { writable.insert(id) }
            groups.insert(level == .ro ? "/dss/\(id)-ro" : "/dss/\(id)")
            if level == .manager { groups.insert("/dss/\(id)-mgr") }
        }
    }
}

extension Credential {
    fileprivate var columns: String {
        switch self {
        case .grant:
            "CAST(NULL AS TEXT) AS token_scopes, CAST(NULL AS TIMESTAMPTZ) AS token_last_used_at"
        case .token: "t.scopes AS token_scopes, t.last_used_at AS token_last_used_at"
        }
    }

    fileprivate var join: String {
        switch self {
        case .grant(_, nil): ""
        case .grant: "JOIN identity_grants g ON g.account = a.name"
        case .token: "JOIN identity_tokens t ON t.account = a.name"
        }
    }

    fileprivate var condition: String {
        switch self {
        case .grant(_, nil): "a.name = ?"
        case .grant: "a.name = ? AND g.id = ? AND g.revoked_at IS NULL AND g.end_at > ?"
        case .token: "t.hash = ? AND t.revoked_at IS NULL AND (t.end_at IS NULL OR t.end_at > ?)"
        }
    }

    fileprivate func values(at now: Timestamp) -> [DatabaseValue] {
        switch self {
        case .grant(let account, nil): [account.databaseValue]
        case .grant(let account, let id?): [account.databaseValue, id.databaseValue, now.databaseValue]
        case .token(let hash): [hash.databaseValue, now.databaseValue]
        }
    }
}
