import JSON
import SQLDatabase
import Temporal

extension IdentityStore {
    /// Makes a container restricted: from now on, its readers are those who accept the licence.
    ///
    /// - Throws: `IdentityError`: `noSuchContainer`, also for one in `eligible`; `nameTaken`, `invalidValue`.
    public func addDataset(_ draft: DatasetDraft, by actor: AuditActor) async throws {
        try draft.check()
        try await database.write { transaction in
            try transaction.checkContainer(draft.container)
            for case .members(let container) in draft.eligible { try transaction.checkContainer(container) }
            let isTaken = try transaction.row(
                """
                SELECT name FROM identity_datasets WHERE name = ? OR container = ?
                UNION ALL SELECT id FROM identity_containers WHERE id = ?
                """, draft.name, draft.container, draft.name)
            if isTaken != nil {
                throw IdentityError(
                    .nameTaken,
                    "The container '\(draft.container)' has a dataset already, or something else is named '\(draft.name)'."
                )
            }
            try transaction.execute(
                """
                INSERT INTO identity_datasets (container, name, description, version, documents, changed_at)
                VALUES (?, ?, ?, 1, ?, ?)
                """, draft.container, draft.name, draft.description, Self.json(draft.documents),
                transaction.currentTime())
            try transaction.execute(
                "INSERT INTO identity_dataset_eligibility (container, eligible) VALUES (?, ?)",
                batch: draft.eligible.map { [.text(draft.container), .text("\($0)")] })
            try transaction.record(
                .datasetAdded, of: draft.container, by: actor, .success, ["name": .string(draft.name)])
        }
    }

    /// Gives the licence a new version: who has accepted an earlier one has no access until they accept this one.
    ///
    /// - Returns: The version.
    /// - Throws: `IdentityError`: `noSuchDataset`, `invalidValue`.
    public func setDocuments(
        _ documents: [Dataset.Document], ofDataset name: String, by actor: AuditActor
    ) async throws -> Int64 {
        try DatasetDraft.check(documents)
        return try await database.write { transaction in
            let dataset = try transaction.existingDataset(name)
            try transaction.execute(
                "UPDATE identity_datasets SET version = version + 1, documents = ?, changed_at = ? WHERE container = ?",
                Self.json(documents), transaction.currentTime(), dataset.container)
            try transaction.record(
                .licenceChanged, of: dataset.container, by: actor, .success,
                ["version": JSONValue(Int(dataset.version + 1))])
            return dataset.version + 1
        }
    }

    /// Makes a container an ordinary one again: its members keep what their levels allow.
    ///
    /// - Throws: `IdentityError.noSuchDataset`.
    public func deleteDataset(_ name: String, by actor: AuditActor) async throws {
        try await database.write { transaction in
            let dataset = try transaction.existingDataset(name)
            try transaction.execute("DELETE FROM identity_datasets WHERE container = ?", dataset.container)
            try transaction.record(.datasetDeleted, of: dataset.container, by: actor)
        }
    }

    /// All, by name, with how an account stands to each.
    public func datasets(for account: String) async throws -> [(dataset: Dataset, access: DatasetAccess)] {
        try await database.read { transaction in
            try transaction.datasets().map { ($0, try transaction.access(of: account, to: $0)) }
        }
    }

    /// - Parameter name: Of the dataset, or the id of its container.
    /// - Returns: `nil`: there is none.
    public func dataset(
        _ name: String, for account: String
    ) async throws -> (dataset: Dataset, access: DatasetAccess)? {
        try await database.read { transaction in
            try transaction.dataset(name).map { ($0, try transaction.access(of: account, to: $0)) }
        }
    }

    /// Accepts the licence of a dataset and gets access to it.
    ///
    /// - Parameter version: That was read; `nil`: the present one.
    /// - Returns: `registered`; `notAllowed` when the account is not eligible, which changes nothing.
    /// - Throws: `IdentityError`: `noSuchDataset`; `invalidValue` when there is a newer version.
    public func acceptLicence(
        of name: String, version: Int64?, by actor: AuditActor
    ) async throws -> DatasetAccess {
        try await database.write { transaction in
            let dataset = try transaction.existingDataset(name)
            if let version, version != dataset.version {
                throw IdentityError(
                    .invalidValue,
                    "The licence of '\(dataset.name)' has the version \(dataset.version), not \(version): read it again."
                )
            }
            let access = try transaction.access(of: actor.name, to: dataset)
            guard access == .available else {
                if access == .notAllowed {
                    try transaction.record(.licenceAccepted, of: dataset.container, by: actor, .refused)
                }
                return access
            }
            try transaction.execute(
                """
                INSERT INTO identity_acceptances (account, container, version, accepted_at) VALUES (?, ?, ?, ?)
                ON CONFLICT (account, container, version) DO NOTHING
                """, actor.name, dataset.container, dataset.version, transaction.currentTime())
            try transaction.execute(
                """
                INSERT INTO identity_members (account, container, level) VALUES (?, ?, ?)
                ON CONFLICT (account, container) DO NOTHING
                """, actor.name, dataset.container, Container.Level.ro)
            try transaction.record(
                .licenceAccepted, of: dataset.container, by: actor, .success,
                ["version": JSONValue(Int(dataset.version))])
            return .registered
        }
    }

    private static func json(_ documents: [Dataset.Document]) -> JSONValue {
        .array(documents.map { ["title": .string($0.title), "href": .string($0.href)] })
    }

    /// A condition on memberships `m`: those of readers of restricted data count once the present licence is accepted.
    static let countingMembers = """
        (m.level <> 'ro' OR NOT EXISTS (SELECT 1 FROM identity_datasets d WHERE d.container = m.container)
            OR EXISTS (
                SELECT 1 FROM identity_acceptances c JOIN identity_datasets d ON d.container = c.container
                WHERE c.account = m.account AND c.container = m.container AND c.version = d.version))
        """
}

extension ReadTransaction {
    /// By name.
    fileprivate func datasets(_ filter: String = "", _ values: [DatabaseValue] = []) throws -> [Dataset] {
        let rows = try rows(
            """
            SELECT d.container, d.name, d.description, d.version, d.documents, d.changed_at, e.eligible
            FROM identity_datasets d JOIN identity_dataset_eligibility e ON e.container = d.container
            \(filter) ORDER BY d.name COLLATE "C", d.container COLLATE "C"
            """, values: values)
        var datasets: [Dataset] = []
        for row in rows {
            let container: String = try row["container"]
            var eligible: Set = [Eligibility(try row["eligible"] as String)]
            if datasets.last?.container == container { eligible.formUnion(datasets.removeLast().eligible) }
            let documents = (try row["documents"] as JSONValue).array ?? []
            datasets.append(
                Dataset(
                    container: container, name: try row["name"], description: try row["description"],
                    eligible: eligible, version: try row["version"],
                    documents: documents.map {
                        Dataset.Document(title: $0["title"]?.string ?? "", href: $0["href"]?.string ?? "")
                    }, change: try row["changed_at"]))
        }
        return datasets
    }

    fileprivate func dataset(_ name: String) throws -> Dataset? {
        try datasets("WHERE d.name = ? OR d.container = ?", [.text(name), .text(name)]).first
    }

    /// - Throws: `IdentityError.noSuchDataset`.
    fileprivate func existingDataset(_ name: String) throws -> Dataset {
        guard let dataset = try dataset(name) else {
            throw IdentityError(.noSuchDataset, "There is no dataset '\(name)'.", subject: name)
        }
        return dataset
    }

    fileprivate func access(of name: String, to dataset: Dataset) throws -> DatasetAccess {
        let now = try currentTime()
        guard let account = try account(name), ![.disabled, .ended].contains(account.state(at: now)) else {
            return .notAllowed
        }
        let level: Container.Level? = try row(
            "SELECT level FROM identity_members WHERE account = ? AND container = ?", name, dataset.container
        ).map { try $0["level"] }
        if let level, level != .ro { return .registered }
        let hasAccepted =
            try row(
                "SELECT version FROM identity_acceptances WHERE account = ? AND container = ? AND version = ?", name,
                dataset.container, dataset.version) != nil
        if level != nil { return hasAccepted ? .registered : .available }
        let isEligible = try dataset.eligible.contains { eligible in
            switch eligible {
            case .everybody: true
            case .internalAccounts: account.kind == .internal
            case .members(let container):
                try row("SELECT level FROM identity_members WHERE account = ? AND container = ?", name, container)
                    != nil
            }
        }
        return isEligible ? .available : .notAllowed
    }
}
