import Crypto
import CryptoExtras

extension VerificationKey {
    /// - Parameters:
    ///   - modulus: Big-endian without leading zeros; an odd number of 2,048 to 8,192 bits.
    ///   - exponent: Big-endian without leading zeros; an odd number from 65,537 to 2³² − 1.
    package init(
        rsaModulus modulus: [UInt8], exponent: [UInt8], id: String? = nil, algorithm: SignatureAlgorithm = .rs256
    ) throws(KeyError) {
        guard let first = modulus.first, first != 0, modulus.last.map({ $0 & 1 }) == 1 else {
            throw .invalidMember("n")
        }
        let bits = modulus.count * 8 - first.leadingZeroBitCount
        guard (2048...8192).contains(bits) else { throw .modulusSize(bits: bits) }
        guard exponent.first != 0, exponent.count <= 4 else { throw .exponent }
        let number = exponent.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        guard number >= 65_537, number & 1 == 1 else { throw .exponent }
        guard let key = try? _RSA.Signing.PublicKey(n: modulus, e: exponent) else { throw .inconsistent }
        self.init(id: id, algorithm: algorithm, material: .rsa(key, modulus: modulus, exponent: exponent))
    }

    /// - Parameters:
    ///   - x: 32 bytes, big-endian.
    ///   - y: 32 bytes, big-endian.
    package init(p256X x: [UInt8], y: [UInt8], id: String? = nil) throws(KeyError) {
        guard x.count == 32 else { throw .invalidMember("x") }
        guard y.count == 32 else { throw .invalidMember("y") }
        // The point itself, without the prefix 4 of X9.63.
        guard let key = try? P256.Signing.PublicKey(rawRepresentation: x + y) else { throw .inconsistent }
        self.init(id: id, algorithm: .es256, material: .p256(key))
    }

    /// - Parameter x: 32 bytes, as in RFC 8032.
    package init(ed25519X x: [UInt8], id: String? = nil) throws(KeyError) {
        guard x.count == 32, let key = try? Curve25519.Signing.PublicKey(rawRepresentation: x) else {
            throw .invalidMember("x")
        }
        self.init(id: id, algorithm: .edDSA, material: .ed25519(key))
    }

    /// Whether `signature` is the key's over `message`, in the form of COSE and X.509: ECDSA as DER, others as in a JWS.
    package func isValidX509(_ signature: [UInt8], for message: [UInt8]) -> Bool {
        guard case .p256(let key) = material else { return isValid(signature, for: message) }
        guard let signature = try? P256.Signing.ECDSASignature(derRepresentation: signature) else { return false }
        return key.isValidSignature(signature, for: message)
    }
}
