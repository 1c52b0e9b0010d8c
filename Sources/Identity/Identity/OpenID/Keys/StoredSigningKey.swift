public import JOSE
public import Temporal

/// A key with which tokens are signed, without its private part.
public struct StoredSigningKey: Sendable, Hashable {
    public let publicKey: VerificationKey
    public let creation: Timestamp
    /// From when on it signs. It is published before, so that nobody meets a key that is not known.
    public let signingStart: Timestamp

    public var id: String { publicKey.id ?? "" }
    public var algorithm: SignatureAlgorithm { publicKey.algorithm }
}

/// When signing keys are replaced. All times are in seconds.
enum KeyRotation {
    /// Those that sign: `ES256` for access tokens, which are many; `RS256` for id_tokens, which every client can verify
    /// (OpenID Connect Core, section 15.1).
    static let algorithms: [SignatureAlgorithm] = [.es256, .rs256]
    /// How long a new key is published before it signs.
    static let publication: Int64 = 600
    /// Age at which a key is replaced.
    static let age: Int64 = 90 * 86_400
    /// How long a key is published after another one signs: longer than any token lives.
    static let retention: Int64 = longestTokenLifetime + 86_400
    static let longestTokenLifetime: Int64 = 90 * 86_400
}

extension TokenLifetimes {
    /// What may be configured, in seconds.
    public static let accessTokenRange = 60...86_400
    /// Keys are kept as long.
    public static let grantRange = 3_600...Int(KeyRotation.longestTokenLifetime)
}
