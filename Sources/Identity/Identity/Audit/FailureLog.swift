import JSON
import SQLDatabase
import Synchronization

/// Records failures that anybody can cause, at most so many in a minute: who guesses on fills no log.
public final class FailureLog: Sendable {
    public static let limit = 60

    private let store: IdentityStore
    private let start = ContinuousClock.now
    private let counted = Mutex<(minute: Int, count: Int)>((0, 0))

    public init(_ store: IdentityStore) {
        self.store = store
    }

    /// A client that could not prove who it is.
    public func recordClient(_ id: String, _ reason: String, address: String?) async throws {
        try await record(.clientChecked, of: id, reason, address: address)
    }

    /// A code or a refresh token that does not exist, or is not one.
    public func recordRefusal(_ reason: String, client: OAuthClient, address: String?) async throws {
        try await record(.grantRefused, of: client.id, reason, address: address)
    }

    /// - Parameters:
    ///   - subject: What it was done to, as far as it is known; of long ones the begin is kept.
    ///   - reason: Without secrets.
    public func record(
        _ action: AuditAction, of subject: String, _ reason: String, by name: String = "", address: String?
    ) async throws {
        let minute = Int((ContinuousClock.now - start) / .seconds(60))
        let hasRoom = counted.withLock { counted in
            if counted.minute != minute { counted = (minute, 0) }
            counted.count += 1
            return counted.count <= Self.limit
        }
        guard hasRoom else { return }
        let subject = String(decoding: subject.utf8.prefix(100), as: UTF8.self)
        let actor = AuditActor(name, address: address)
        try await store.database.write(.readCommitted) {
            try $0.record(action, of: subject, by: actor, .failure, ["reason": .string(reason)])
        }
    }
}
