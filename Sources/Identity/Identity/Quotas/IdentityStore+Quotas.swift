public import Access
import JSON
import SQLDatabase

extension IdentityStore {
    /// Gives an account or a container a quota of its own, in the place of the one that it has.
    ///
    /// - Parameter quota: Its missing values are the server's; without any, the owner has no quota of its own any more.
    /// - Throws: `IdentityError`: `noSuchAccount` for an owner that is neither; `invalidValue` for a number below 0.
    public func setQuota(_ quota: Quota, of owner: String, by actor: AuditActor) async throws {
        guard [quota.collections, quota.items, quota.bytes].allSatisfy({ $0 ?? 0 >= 0 }) else {
            throw IdentityError(.invalidValue, "A quota is a number from 0 on.")
        }
        try await database.write { transaction in
            try transaction.checkOwner(owner)
            if quota == Quota() {
                try transaction.execute("DELETE FROM identity_quotas WHERE owner = ?", owner)
            } else {
                try transaction.execute(
                    """
                    INSERT INTO identity_quotas (owner, collections, items, bytes) VALUES (?, ?, ?, ?)
                    ON CONFLICT (owner) DO UPDATE SET
                        collections = excluded.collections, items = excluded.items, bytes = excluded.bytes
                    """, owner, quota.collections, quota.items, quota.bytes)
            }
            func value(_ number: Int?) -> JSONValue { number.map { JSONValue($0) } ?? .null }
            try transaction.record(
                .quotaChanged, of: owner, by: actor, .success,
                [
                    "collections": value(quota.collections), "items": value(quota.items),
                    "bytes": value(quota.bytes),
                ])
        }
    }

    /// Of an account or container.
    ///
    /// - Returns: `nil`: it has none of its own.
    public func quota(of owner: String) async throws -> Quota? {
        try await database.read { transaction in
            try transaction.row("SELECT collections, items, bytes FROM identity_quotas WHERE owner = ?", owner).flatMap
            {
                try Quota($0, prefix: "")
            }
        }
    }
}

extension Quota {
    /// - Returns: `nil`: all columns are empty.
    init?(_ row: Row, prefix: String) throws {
        self.init(
            collections: try row[prefix + "collections"], items: try row[prefix + "items"],
            bytes: try row[prefix + "bytes"])
        if self == Quota() { return nil }
    }
}

extension ReadTransaction {
    /// - Throws: `IdentityError.noSuchAccount` for a name of neither an account nor a container.
    fileprivate func checkOwner(_ name: String) throws {
        let isContainer = try row("SELECT id FROM identity_containers WHERE id = ?", name) != nil
        guard try isContainer || account(name) != nil else {
            throw IdentityError(
                .noSuchAccount, "There is no account and no container '\(name)'.", subject: name)
        }
    }
}
