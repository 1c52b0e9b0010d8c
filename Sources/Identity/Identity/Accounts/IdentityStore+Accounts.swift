import JSON
import SQLDatabase
public import Temporal

extension IdentityStore {
    /// - Parameter password: `nil`: nobody can sign in until one is set.
    /// - Throws: `IdentityError`: `nameTaken`, `invalidName`, `invalidValue`, `invalidPassword`; `noSuchAccount` for the sponsor.
    public func addAccount(_ draft: AccountDraft, password: String? = nil, by actor: AuditActor) async throws {
        try draft.check()
        if draft.kind == .service, password != nil {
            throw IdentityError(.invalidValue, "A service has tokens, and no password.")
        }
        var hash: String?
        if let password { hash = try await passwords.hash(password) }
        let storedHash = hash
        try await database.write { try $0.insertAccount(draft, passwordHash: storedHash, by: actor) }
    }

    /// - Returns: `nil`: there is none.
    public func account(_ name: String) async throws -> Account? {
        try await database.read { try $0.account(name) }
    }

    /// By name.
    public func accounts() async throws -> [Account] {
        try await database.read { try $0.accounts() }
    }

    /// A page of accounts, by name.
    ///
    /// - Parameters:
    ///   - name: That they come after; `nil`: from the first.
    ///   - limit: At most so many.
    public func accounts(after name: String?, limit: Int) async throws -> [Account] {
        try await database.read {
            try $0.accounts(
                """
                WHERE a.name IN (
                    SELECT name FROM identity_accounts WHERE name COLLATE "C" > ? ORDER BY name COLLATE "C" LIMIT ?)
                """, [.text(name ?? ""), limit.databaseValue])
        }
    }

    /// As of now.
    ///
    /// - Throws: `IdentityError.noSuchAccount`.
    public func state(of name: String) async throws -> Account.State {
        try await database.read { try $0.existingAccount(name).state(at: $0.currentTime()) }
    }

    /// Now, by the clock that states are asked by.
    public func now() async throws -> Timestamp {
        try await database.read { try $0.currentTime() }
    }

    /// Disabling ends what is signed in, also when the account is enabled later.
    ///
    /// - Throws: `IdentityError.noSuchAccount`.
    public func setDisabled(_ isDisabled: Bool, _ name: String, by actor: AuditActor) async throws {
        try await database.write { transaction in
            let account = try transaction.existingAccount(name)
            try transaction.execute("UPDATE identity_accounts SET is_disabled = ? WHERE name = ?", isDisabled, name)
            if isDisabled {
                try transaction.revokeGrants(of: name, by: actor, reason: "account disabled")
                // Those of an account that has ended are not found.
                try transaction.endSessions(of: name)
            }
            try transaction.checkAdministratorRemains(without: account, by: actor)
            try transaction.record(isDisabled ? .accountDisabled : .accountEnabled, of: name, by: actor)
        }
    }

    /// - Parameter roles: All that the account has from now on.
    /// - Throws: `IdentityError.noSuchAccount`; `invalidValue` for a partner.
    public func setRoles(_ roles: Set<Account.Role>, of name: String, by actor: AuditActor) async throws {
        try await database.write { transaction in
            let account = try transaction.existingAccount(name)
            if account.kind == .partner, !roles.isEmpty {
                throw IdentityError(.invalidValue, "A partner has no roles.")
            }
            try transaction.execute("DELETE FROM identity_roles WHERE account = ?", name)
            try transaction.insert(roles, of: name)
            try transaction.checkAdministratorRemains(without: account, by: actor)
            try transaction.record(
                .rolesChanged, of: name, by: actor, .success,
                ["roles": .array(roles.map(\.rawValue).sorted().map { .string($0) })])
        }
    }

    /// - Parameter end: `nil`: none, which partners cannot have.
    /// - Throws: `IdentityError.noSuchAccount`, `invalidValue`.
    public func setEnd(_ end: Timestamp?, of name: String, by actor: AuditActor) async throws {
        try await database.write { transaction in
            let account = try transaction.existingAccount(name)
            if account.kind == .partner, end == nil {
                throw IdentityError(.invalidValue, "A partner has an end date.")
            }
            try transaction.execute("UPDATE identity_accounts SET end_at = ? WHERE name = ?", end, name)
            try transaction.checkAdministratorRemains(without: account, by: actor)
            try transaction.record(
                .accountEndChanged, of: name, by: actor, .success, ["end": end.map { .string("\($0)") } ?? .null])
        }
    }

    /// Deletes all but the name, which nobody can have again, and the account's events in the audit log.
    ///
    /// - Throws: `IdentityError.noSuchAccount`.
    public func deleteAccount(_ name: String, by actor: AuditActor) async throws {
        try await database.write { transaction in
            let account = try transaction.existingAccount(name)
            try transaction.execute("DELETE FROM identity_accounts WHERE name = ?", name)
            try transaction.forgetAttempts(name)
            try transaction.checkAdministratorRemains(without: account, by: actor)
            try transaction.record(.accountDeleted, of: name, by: actor)
        }
    }
}

extension WriteTransaction {
    func insertAccount(_ draft: AccountDraft, passwordHash: String?, by actor: AuditActor) throws {
        if let sponsor = draft.sponsor { try checkSponsor(sponsor) }
        try takeName(draft.name)
        try execute(
            """
            INSERT INTO identity_accounts
                (name, kind, full_name, email, is_disabled, sponsor, project, end_at, created_at, password)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, draft.name, draft.kind, draft.fullName, draft.email, false, draft.sponsor, draft.project, draft.end,
            currentTime(), passwordHash)
        try insert(draft.roles, of: draft.name)
        try record(
            .accountAdded, of: draft.name, by: actor, .success,
            [
                "kind": .string(draft.kind.rawValue),
                "roles": .array(draft.roles.map(\.rawValue).sorted().map { .string($0) }),
            ])
    }

    /// The operator, who has the database, needs no administrator; others would lock everybody out.
    ///
    /// - Throws: `IdentityError.lastAdministrator`.
    fileprivate func checkAdministratorRemains(without account: Account, by actor: AuditActor) throws {
        guard actor != .operator, account.roles.contains(.administrator) else { return }
        let count: Int = try value(
            """
            SELECT count(*) AS found FROM identity_roles r JOIN identity_accounts a ON a.name = r.account
            WHERE r.role = ? AND NOT a.is_disabled AND (a.end_at IS NULL OR a.end_at > ?)
            """, Account.Role.administrator, currentTime())
        guard count > 0 else {
            throw IdentityError(
                .lastAdministrator,
                "Nobody who can manage accounts would remain: make somebody else administrator first."
            )
        }
    }

    func insert(_ roles: Set<Account.Role>, of name: String) throws {
        try execute(
            "INSERT INTO identity_roles (account, role) VALUES (?, ?)",
            batch: roles.map { [.text(name), $0.databaseValue] })
    }

    /// - Throws: `IdentityError.nameTaken`.
    func takeName(_ name: String) throws {
        guard try execute("INSERT INTO identity_names (name) VALUES (?) ON CONFLICT (name) DO NOTHING", name) == 1
        else {
            throw IdentityError(
                .nameTaken, "An account or a container has the name '\(name)', or has had it: names are not used again."
            )
        }
    }
}

extension ReadTransaction {
    func account(_ name: String) throws -> Account? { try accounts("WHERE a.name = ?", [.text(name)]).first }

    /// - Throws: `IdentityError.noSuchAccount`.
    func existingAccount(_ name: String) throws -> Account {
        guard let account = try account(name) else {
            throw IdentityError.noSuchAccount(name)
        }
        return account
    }

    func accounts(_ filter: String = "", _ values: [DatabaseValue] = []) throws -> [Account] {
        // Both databases aggregate texts, each by a function of another name: a row for each role.
        let rows = try rows(
            """
            SELECT a.name, a.kind, a.full_name, a.email, a.is_disabled, a.sponsor, a.project, a.end_at, a.created_at,
                r.role, t.locked_until
            FROM identity_accounts a
            LEFT JOIN identity_roles r ON r.account = a.name
            LEFT JOIN identity_attempts t ON t.name = a.name AND t.factor = 'password'
            \(filter) ORDER BY a.name COLLATE "C", r.role COLLATE "C"
            """, values: values)
        var accounts: [Account] = []
        for row in rows {
            var roles: Set<Account.Role> = []
            if let role: Account.Role = try row["role"] { roles.insert(role) }
            let name: String = try row["name"]
            if accounts.last?.name == name { roles.formUnion(accounts.removeLast().roles) }
            let lockEnd: Int64? = try row["locked_until"]
            accounts.append(
                Account(
                    name: name, kind: try row["kind"], fullName: try row["full_name"], email: try row["email"],
                    roles: roles, isDisabled: try row["is_disabled"], sponsor: try row["sponsor"],
                    project: try row["project"], end: try row["end_at"], creation: try row["created_at"],
                    lockEnd: lockEnd.map { Timestamp(microseconds: $0) }))
        }
        return accounts
    }
}
