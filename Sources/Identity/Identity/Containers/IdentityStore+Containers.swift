import JSON
import SQLDatabase

extension IdentityStore {
    /// - Throws: `IdentityError`: `nameTaken`, `invalidName`; `invalidValue` for a path that is not absolute.
    public func addContainer(_ id: String, title: String, path: String? = nil, by actor: AuditActor) async throws {
        try IdentityName.checkContainer(id)
        if let path, !path.hasPrefix("/") || path.split(separator: "/").contains("..") {
            throw IdentityError(.invalidValue, "The path of a container begins with '/' and has no '..'.")
        }
        try await database.write { transaction in
            try transaction.takeName(id)
            try transaction.execute(
                "INSERT INTO identity_containers (id, title, path, created_at) VALUES (?, ?, ?, ?)", id, title, path,
                transaction.currentTime())
            try transaction.record(.containerAdded, of: id, by: actor)
        }
    }

    /// - Returns: `nil`: there is none.
    public func container(_ id: String) async throws -> Container? {
        try await database.read { try $0.containers("WHERE c.id = ?", [.text(id)]).first }
    }

    /// By id.
    public func containers() async throws -> [Container] {
        try await database.read { try $0.containers("", []) }
    }

    /// Adds a member, or changes the level of one.
    ///
    /// - Throws: `IdentityError`: `noSuchContainer`, `noSuchAccount`.
    public func setMember(
        _ name: String, of id: String, _ level: Container.Level, by actor: AuditActor
    ) async throws {
        try await database.write { try $0.setMember(name, of: id, level, by: actor) }
    }

    /// - Throws: `IdentityError`: `noSuchContainer`, `noSuchMember`.
    public func removeMember(_ name: String, of id: String, by actor: AuditActor) async throws {
        try await database.write { transaction in
            try transaction.checkContainer(id)
            guard
                try transaction.execute("DELETE FROM identity_members WHERE container = ? AND account = ?", id, name)
                    == 1
            else { throw IdentityError(.noSuchMember, "'\(name)' is no member of the container '\(id)'.") }
            try transaction.record(.memberRemoved, of: id, by: actor, .success, ["account": .string(name)])
        }
    }

    /// Deletes what is known of a container, not its directory. Nothing else can have the id again.
    ///
    /// - Throws: `IdentityError.noSuchContainer`.
    public func deleteContainer(_ id: String, by actor: AuditActor) async throws {
        try await database.write { transaction in
            try transaction.checkContainer(id)
            try transaction.execute("DELETE FROM identity_containers WHERE id = ?", id)
            try transaction.record(.containerDeleted, of: id, by: actor)
        }
    }
}

extension WriteTransaction {
    func setMember(_ name: String, of id: String, _ level: Container.Level, by actor: AuditActor) throws {
        try checkContainer(id)
        _ = try existingAccount(name)
        try execute(
            """
            INSERT INTO identity_members (account, container, level) VALUES (?, ?, ?)
            ON CONFLICT (account, container) DO UPDATE SET level = excluded.level
            """, name, id, level)
        try record(
            .memberAdded, of: id, by: actor, .success, ["account": .string(name), "level": .string(level.rawValue)])
    }
}

extension ReadTransaction {
    /// - Throws: `IdentityError.noSuchContainer`.
    func checkContainer(_ id: String) throws {
        guard try row("SELECT id FROM identity_containers WHERE id = ?", id) != nil else {
            throw IdentityError.noSuchContainer(id)
        }
    }

    fileprivate func containers(_ filter: String, _ values: [DatabaseValue]) throws -> [Container] {
        let rows = try rows(
            """
            SELECT c.id, c.title, c.path, c.created_at, m.account, m.level
            FROM identity_containers c LEFT JOIN identity_members m ON m.container = c.id
            \(filter) ORDER BY c.id COLLATE "C"
            """, values: values)
        var containers: [Container] = []
        var members: [String: Container.Level] = [:]
        for (index, row) in rows.enumerated() {
            if let name: String = try row["account"] { members[name] = try row["level"] }
            let id: String = try row["id"]
            let next: String? = index + 1 < rows.count ? try rows[index + 1]["id"] : nil
            guard next != id else { continue }
            containers.append(
                Container(
                    id: id, title: try row["title"], path: try row["path"], creation: try row["created_at"],
                    members: members))
            members = [:]
        }
        return containers
    }
}
