import Identity
import Synchronization

/// Makes the accounts of those whom another issuer vouches for, when they come for the first time.
final class ExternalAccounts: Sendable {
    private let store: IdentityStore
    /// Names for which nothing is to be done.
    private let known = Mutex<Set<String>>([])
    private static let mostKnown = 100_000

    init(_ store: IdentityStore) {
        self.store = store
    }

    /// Does nothing for a name that has, or has had, an account: who was deleted does not come back by signing in.
    ///
    /// - Throws: `InvalidToken` for a name that no account can have.
    func make(_ name: String) async throws {
        guard !known.withLock({ $0.contains(name) }) else { return }
        do {
            try await store.addAccount(AccountDraft(name), by: AuditActor(name))
        } catch let error as IdentityError {
            guard error.code == .nameTaken else { throw InvalidToken(.malformed, "of its name: \(error)") }
        }
        known.withLock { known in
            if known.count >= Self.mostKnown { known.removeAll() }
            known.insert(name)
        }
    }
}
