import Access
import Catalogue
import HTTPEdge
import HTTPTypes
import Synchronization

/// Refuses writes with which an owner would have more than its quota.
///
/// Writes of this process that are under way count as if they had succeeded, so that none at the same time pass together.
/// Those of other nodes count once this one has followed them.
final class QuotaKeeper: Sendable {
    private let standard: Quota
    private let running = Mutex<[String: OwnerUsage]>([:])

    /// - Parameter standard: Of owners without a quota of their own.
    init(standard: Quota) {
        self.standard = standard
    }

    /// Runs a write that adds to what an owner has.
    ///
    /// - Parameters:
    ///   - added: At most; of bytes, an estimate.
    ///   - usage: What it has now.
    /// - Throws: `Problem` that names the quota, what is used and the limit; what `write` throws.
    func adding<Result>(
        _ added: OwnerUsage, to owner: String, of principal: Principal, usage: () throws -> OwnerUsage,
        _ write: () throws -> Result
    ) throws -> Result {
        let quota = (principal.quotas[owner] ?? Quota()).filled(from: standard)
        let used = try usage()
        try running.withLock { running throws(Problem) in
            let others = running[owner] ?? OwnerUsage()
            try Self.check(quota, owner, used + others, added)
            running[owner] = others + added
        }
        defer {
            running.withLock { running in
                let left = (running[owner] ?? OwnerUsage()) - added
                running[owner] = left == OwnerUsage() ? nil : left
            }
        }
        return try write()
    }

    private static func check(
        _ quota: Quota, _ owner: String, _ used: OwnerUsage, _ added: OwnerUsage
    ) throws(Problem) {
        let kinds = [
            ("Collections", quota.collections, used.collections, added.collections),
            ("Items", quota.items, used.items, added.items), ("bytes of Items", quota.bytes, used.bytes, added.bytes),
        ]
        for (kind, limit, used, added) in kinds {
            guard let limit, added > 0, used + added > limit else { continue }
            throw Problem(
                Problem.insufficientStorage, Problem.quotaExceeded,
                "The quota of '\(owner)' is \(limit) \(kind); \(used) are used, and this would add \(added). Delete some, or ask the administrators for more."
            )
        }
    }
}

extension OwnerUsage {
    fileprivate static func + (left: OwnerUsage, right: OwnerUsage) -> OwnerUsage {
        OwnerUsage(
            collections: left.collections + right.collections, items: left.items + right.items,
            bytes: left.bytes + right.bytes)
    }

    fileprivate static func - (left: OwnerUsage, right: OwnerUsage) -> OwnerUsage {
        OwnerUsage(
            collections: left.collections - right.collections, items: left.items - right.items,
            bytes: left.bytes - right.bytes)
    }
}
