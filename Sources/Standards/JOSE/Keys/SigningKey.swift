import Crypto
import CryptoExtras
import JSON

/// A private key, with its public one.
///
/// It does not describe its numbers, so that they reach no log.
public struct SigningKey: Sendable, CustomStringConvertible, CustomReflectable {
    enum Material: Sendable {
        case rsa(_RSA.Signing.PrivateKey)
        case p256(P256.Signing.PrivateKey)
        case ed25519(Curve25519.Signing.PrivateKey)
    }

    let material: Material
    public private(set) var publicKey: VerificationKey

    /// How headers of tokens refer to the key.
    public var id: String? {
        get { publicKey.id }
        set { publicKey.id = newValue }
    }

    public var algorithm: SignatureAlgorithm { publicKey.algorithm }
    public var description: String { "SigningKey(\(algorithm.rawValue), \(id ?? "without id"))" }
    public var customMirror: Mirror { Mirror(self, children: [("publicKey", publicKey.jwk)]) }

    init(material: Material, publicKey: VerificationKey) {
        self.material = material
        self.publicKey = publicKey
    }

    /// A new key; its id is its thumbprint.
    ///
    /// - Parameter rsaBits: Of a key for `RS256` or `PS256`: 2,048 to 8,192, a multiple of 8.
    /// - Complexity: About half a second for 3,072 bits of RSA, next to nothing for others.
    /// - Throws: `KeyError.modulusSize` for another number of bits.
    public static func generate(_ algorithm: SignatureAlgorithm, rsaBits: Int = 3072) throws(KeyError) -> SigningKey {
        var key: SigningKey
        switch algorithm {
        case .rs256, .ps256:
            guard (2048...8192).contains(rsaBits), rsaBits % 8 == 0,
                let generated = try? _RSA.Signing.PrivateKey(keySize: .init(bitCount: rsaBits))
            else { throw .modulusSize(bits: rsaBits) }
            key = try SigningKey(rsa: generated, algorithm: algorithm)
        case .es256: key = try SigningKey(p256: P256.Signing.PrivateKey())
        case .edDSA: key = try SigningKey(ed25519: Curve25519.Signing.PrivateKey())
        }
        key.id = key.publicKey.thumbprint
        return key
    }

    init(rsa key: _RSA.Signing.PrivateKey, algorithm: SignatureAlgorithm) throws(KeyError) {
        guard let numbers = RSANumbers(der: Array(key.derRepresentation)) else { throw .inconsistent }
        let publicKey = try VerificationKey(
            rsaModulus: numbers.modulus, exponent: numbers.exponent, algorithm: algorithm)
        self.init(material: .rsa(key), publicKey: publicKey)
    }

    init(p256 key: P256.Signing.PrivateKey) throws(KeyError) {
        let point = Array(key.publicKey.rawRepresentation)
        self.init(
            material: .p256(key),
            publicKey: try VerificationKey(p256X: Array(point.prefix(32)), y: Array(point.suffix(32))))
    }

    init(ed25519 key: Curve25519.Signing.PrivateKey) throws(KeyError) {
        self.init(
            material: .ed25519(key),
            publicKey: try VerificationKey(ed25519X: Array(key.publicKey.rawRepresentation)))
    }

    /// The signature over `message`, in the form of a JWS.
    public func signature(of message: [UInt8]) throws -> [UInt8] {
        switch material {
        case .rsa(let key):
            Array(
                try key.signature(
                    for: SHA256.hash(data: message), padding: algorithm == .ps256 ? .PSS : .insecurePKCS1v1_5
                ).rawRepresentation)
        case .p256(let key): Array(try key.signature(for: message).rawRepresentation)
        case .ed25519(let key): Array(try key.signature(for: message))
        }
    }
}
