import Identity
import Synchronization
import Temporal

/// Records failures that anybody can cause, at most so many in a minute: who guesses on fills no log.
final class FailureLog: Sendable {
    static let limit = 60

    private let store: IdentityStore
    private let counted = Mutex<(minute: Int64, count: Int)>((0, 0))

    init(_ store: IdentityStore) {
        self.store = store
    }

    /// A client that could not prove who it is.
    func recordClient(_ id: String, _ reason: String, address: String?) async throws {
        guard try await isRoom() else { return }
        try await store.recordClientFailure(
            String(decoding: id.utf8.prefix(100), as: UTF8.self), reason, by: AuditActor("", address: address))
    }

    /// A code or a token that does not exist, or is not one.
    func recordRefusal(_ reason: String, client: OAuthClient, address: String?) async throws {
        guard try await isRoom() else { return }
        try await store.recordRefusal(reason, client: client.id, by: AuditActor("", address: address))
    }

    private func isRoom() async throws -> Bool {
        let minute = try await store.now().microseconds / 60_000_000
        return counted.withLock { counted in
            if counted.minute != minute { counted = (minute, 0) }
            counted.count += 1
            return counted.count <= Self.limit
        }
    }
}
