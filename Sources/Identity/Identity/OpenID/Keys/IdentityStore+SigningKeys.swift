public import JOSE
import JSON
import SQLDatabase
import Temporal

extension IdentityStore {
    /// The key that signs now. The first one is made when it is asked for.
    ///
    /// - Throws: `IdentityError.unreadableSecret`.
    public func signingKey(_ algorithm: SignatureAlgorithm) async throws -> SigningKey {
        if let key = try await currentSigningKey(algorithm) { return key }
        try await makeSigningKeys([algorithm], startsAfter: 0, by: AuditActor("")) { $0.isEmpty }
        guard let key = try await currentSigningKey(algorithm) else {
            throw IdentityError(.invalidValue, "Tokens cannot be signed with \(algorithm.rawValue).")
        }
        return key
    }

    /// All keys with which valid tokens may have been signed or will be.
    public func publicKeys() async throws -> KeySet {
        for algorithm in KeyRotation.algorithms { _ = try await signingKey(algorithm) }
        return KeySet(try await signingKeys().map(\.publicKey))
    }

    /// By algorithm, the newest first.
    public func signingKeys() async throws -> [StoredSigningKey] {
        try await database.read { try $0.signingKeys() }
    }

    /// Makes new keys. They sign after 10 minutes, in which they are published; those before are published until the
    /// last of their tokens has ended.
    ///
    /// - Parameter isCompromise: Those before are deleted now, with which all of their tokens end, and the new ones sign at
    ///   once.
    public func rotateSigningKeys(isCompromise: Bool = false, by actor: AuditActor) async throws {
        if isCompromise {
            let known = Set(try await signingKeys().map(\.id))
            try await makeSigningKeys(KeyRotation.algorithms, startsAfter: 0, by: actor) { _ in true }
            try await database.write(.readCommitted) { transaction in
                for id in known { try transaction.deleteSigningKey(id, by: actor) }
            }
        } else {
            try await makeSigningKeys(
                KeyRotation.algorithms, startsAfter: KeyRotation.publication, by: actor
            ) { _ in true }
        }
    }

    /// Replaces keys that have become old, and deletes those whose last tokens have ended.
    func rotateDueSigningKeys() async throws {
        let actor = AuditActor("")
        let now = try await now()
        let keys = try await signingKeys()
        let old = KeyRotation.algorithms.filter { algorithm in
            keys.first { $0.algorithm == algorithm }.map { $0.creation.adding(seconds: KeyRotation.age) <= now }
                ?? false
        }
        if !old.isEmpty {
            try await makeSigningKeys(old, startsAfter: KeyRotation.publication, by: actor) { newest in
                newest.first.map { $0.creation.adding(seconds: KeyRotation.age) <= now } ?? false
            }
        }
        try await database.write(.readCommitted) { transaction in
            let keys = try transaction.signingKeys()
            for (key, successor) in zip(keys.dropFirst(), keys) where key.algorithm == successor.algorithm {
                if successor.signingStart.adding(seconds: KeyRotation.retention) < now {
                    try transaction.deleteSigningKey(key.id, by: actor)
                }
            }
        }
    }

    /// Whether secrets are encrypted, and can be read.
    ///
    /// - Throws: `IdentityError.unreadableSecret`.
    public func checkSecrets() async throws -> SecretStorage {
        let stored = try await database.read { try $0.rows("SELECT id, private_key FROM identity_signing_keys") }
        for row in stored { _ = try secrets.open(row["private_key"], for: Self.context(ofKey: try row["id"])) }
        return secrets.key == nil ? .plain : .encrypted
    }

    private func currentSigningKey(_ algorithm: SignatureAlgorithm) async throws -> SigningKey? {
        let row = try await database.read { transaction in
            try transaction.rows(
                """
                SELECT id, private_key FROM identity_signing_keys WHERE algorithm = ? AND signs_at <= ?
                ORDER BY signs_at DESC, id DESC LIMIT 1
                """, algorithm.rawValue, transaction.currentTime()
            ).first
        }
        guard let row else { return nil }
        let secret = try secrets.open(row["private_key"], for: Self.context(ofKey: try row["id"]))
        return try SigningKey(jwk: JSONValue(parsing: secret).object ?? [:])
    }

    /// - Parameters:
    ///   - delay: Seconds after which they sign.
    ///   - isDue: Whether another key is made, by those of its algorithm, the newest first: another node may have made one.
    private func makeSigningKeys(
        _ algorithms: [SignatureAlgorithm], startsAfter delay: Int64, by actor: AuditActor,
        _ isDue: @escaping @Sendable ([StoredSigningKey]) -> Bool
    ) async throws {
        for algorithm in algorithms {
            // Outside of the transaction, which may run several times.
            let key = try SigningKey.generate(algorithm, rsaBits: rsaBits)
            let id = key.publicKey.thumbprint
            let secret = try secrets.seal(JSONValue.object(key.jwk).serialized(), for: Self.context(ofKey: id))
            try await database.write(.readCommitted) { transaction in
                try transaction.lock("identity signing keys")
                guard isDue(try transaction.signingKeys().filter { $0.algorithm == algorithm }) else { return }
                let now = try transaction.currentTime()
                try transaction.execute(
                    """
                    INSERT INTO identity_signing_keys (id, algorithm, public_key, private_key, created_at, signs_at)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """, id, algorithm.rawValue, JSONValue.object(key.publicKey.jwk), secret, now,
                    now.adding(seconds: delay))
                try transaction.record(
                    .signingKeyMade, of: id, by: actor, .success, ["algorithm": .string(algorithm.rawValue)])
            }
        }
    }

    private static func context(ofKey id: String) -> String { "signing key \(id)" }
}

/// How secrets are stored that the server must read again.
public enum SecretStorage: Sendable, Hashable { case plain, encrypted }

extension ReadTransaction {
    fileprivate func signingKeys() throws -> [StoredSigningKey] {
        try rows(
            """
            SELECT public_key, created_at, signs_at FROM identity_signing_keys
            ORDER BY algorithm COLLATE "C", signs_at DESC, id COLLATE "C" DESC
            """
        ).map { row in
            StoredSigningKey(
                publicKey: try VerificationKey(jwk: (try row["public_key"] as JSONValue).object ?? [:]),
                creation: try row["created_at"], signingStart: try row["signs_at"])
        }
    }
}

extension WriteTransaction {
    fileprivate func deleteSigningKey(_ id: String, by actor: AuditActor) throws {
        guard try execute("DELETE FROM identity_signing_keys WHERE id = ?", id) == 1 else { return }
        try record(.signingKeyDeleted, of: id, by: actor)
    }
}
