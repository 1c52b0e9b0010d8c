package import Crypto
package import CryptoExtras

/// A public key, with the one algorithm for which it is used.
public struct VerificationKey: Sendable {
    package enum Material: Sendable {
        /// `modulus` and `exponent` are big-endian without leading zeros.
        case rsa(_RSA.Signing.PublicKey, modulus: [UInt8], exponent: [UInt8])
        case p256(P256.Signing.PublicKey)
        case ed25519(Curve25519.Signing.PublicKey)
    }

    /// The JWK member `kid`: how headers of tokens refer to the key.
    public var id: String?
    public let algorithm: SignatureAlgorithm
    package let material: Material

    package init(id: String?, algorithm: SignatureAlgorithm, material: Material) {
        self.id = id
        self.algorithm = algorithm
        self.material = material
    }

    /// Length of signatures in a JWS, in bytes.
    public var signatureByteCount: Int {
        switch material {
        case .rsa(_, let modulus, _): modulus.count
        case .p256, .ed25519: 64
        }
    }

    /// Whether `signature`, in the form of a JWS, is the key's over `message`; `false` for every other length.
    public func isValid(_ signature: [UInt8], for message: [UInt8]) -> Bool {
        guard signature.count == signatureByteCount else { return false }
        switch material {
        case .rsa(let key, _, _):
            return key.isValidSignature(
                _RSA.Signing.RSASignature(rawRepresentation: signature), for: SHA256.hash(data: message),
                padding: algorithm == .ps256 ? .PSS : .insecurePKCS1v1_5)
        case .p256(let key):
            guard let signature = try? P256.Signing.ECDSASignature(rawRepresentation: signature) else { return false }
            return key.isValidSignature(signature, for: message)
        case .ed25519(let key): return key.isValidSignature(signature, for: message)
        }
    }
}

extension VerificationKey: Hashable {
    /// Keys are equal when their id, algorithm and numbers are.
    public static func == (left: VerificationKey, right: VerificationKey) -> Bool {
        guard left.id == right.id, left.algorithm == right.algorithm else { return false }
        switch (left.material, right.material) {
        case (.rsa(_, let modulus, let exponent), .rsa(_, let otherModulus, let otherExponent)):
            return modulus == otherModulus && exponent == otherExponent
        case (.p256(let key), .p256(let other)): return Array(key.rawRepresentation) == Array(other.rawRepresentation)
        case (.ed25519(let key), .ed25519(let other)):
            return Array(key.rawRepresentation) == Array(other.rawRepresentation)
        default: return false
        }
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(id)
        hasher.combine(algorithm)
        hasher.combine(publicMembers)
    }
}
