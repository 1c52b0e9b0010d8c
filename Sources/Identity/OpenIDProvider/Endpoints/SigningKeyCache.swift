import Identity
import JOSE

/// The keys that sign now, read anew every minute: another node may have replaced them.
actor SigningKeyCache {
    private static let age = Duration.seconds(60)

    private let store: IdentityStore
    private var keys: [SignatureAlgorithm: (key: SigningKey, readAt: ContinuousClock.Instant)] = [:]

    init(_ store: IdentityStore) {
        self.store = store
    }

    func key(_ algorithm: SignatureAlgorithm) async throws -> SigningKey {
        if let known = keys[algorithm], known.readAt.duration(to: .now) < Self.age { return known.key }
        let key = try await store.signingKey(algorithm)
        keys[algorithm] = (key, .now)
        return key
    }
}
