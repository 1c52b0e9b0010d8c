import Caching
package import Identity
import Synchronization

/// What credentials are good for, as asked of the database at most two seconds ago.
///
/// Requests that come while it is asked wait for that answer. Also what is good for nothing is remembered.
package final class RightsCache: Sendable {
    private struct Known {
        let rights: CredentialRights?
        let end: ContinuousClock.Instant
    }

    /// For so long, rights that were withdrawn may still be used on this node.
    static let lifetime = Duration.seconds(2)
    private static let byteLimit = 16 << 20

    private let ask: @Sendable (Credential) async throws -> CredentialRights?
    private let known = Cache<Credential, Known>(byteLimit: byteLimit)
    private let running = Mutex<[Credential: Task<CredentialRights?, any Error>]>([:])
    private let now: @Sendable () -> ContinuousClock.Instant

    /// - Parameter ask: Asks the database.
    package init(
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
        ask: @escaping @Sendable (Credential) async throws -> CredentialRights?
    ) {
        self.ask = ask
        self.now = now
    }

    /// - Returns: `nil`: nothing.
    func rights(of credential: Credential) async throws -> CredentialRights? {
        let start = now()
        if let known = known.value(for: credential), known.end > start { return known.rights }
        let task = running.withLock { running in
            if let task = running[credential] { return task }
            // A task of its own, since the request that started it may be cancelled while others wait for it.
            let task = Task {
                defer { self.running.withLock { $0[credential] = nil } }
                let rights = try await ask(credential)
                keep(Known(rights: rights, end: start + Self.lifetime), for: credential)
                return rights
            }
            running[credential] = task
            return task
        }
        return try await task.value
    }

    private func keep(_ value: Known, for credential: Credential) {
        known.update(credential) { $0 = value }
        known.insert(value, for: credential, byteCount: value.rights?.byteCount ?? 100)
    }
}

extension CredentialRights {
    /// About as much as it takes in memory.
    fileprivate var byteCount: Int {
        500 + 100 * (rights.readable.count + rights.writable.count + rights.groups.count + rights.quotas.count)
    }
}
