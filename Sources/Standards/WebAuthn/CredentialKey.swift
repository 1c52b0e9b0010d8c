import CBOR
package import JOSE

/// The public key of a credential, as COSE.
///
/// Sources: [RFC 9052, section 7](https://www.rfc-editor.org/rfc/rfc9052#section-7),
/// [RFC 9053, section 7](https://www.rfc-editor.org/rfc/rfc9053#section-7),
/// [RFC 8230, section 4](https://www.rfc-editor.org/rfc/rfc8230#section-4),
/// [WebAuthn Level 3, section 5.8.5](https://www.w3.org/TR/webauthn-3/#sctn-alg-identifier).
public struct CredentialKey: Sendable, Hashable {
    /// COSE numbers of algorithms that credentials may have, the most wanted first: ES256, Ed25519 under its two numbers,
    /// and RS256, which Windows Hello needs.
    ///
    /// Source: [RFC 9864, section 2.2](https://www.rfc-editor.org/rfc/rfc9864#section-2.2).
    public static let algorithms = [-7, -8, -19, -257]

    /// As the authenticator wrote it, to be stored.
    public let cose: [UInt8]
    public let algorithm: Int
    package let key: VerificationKey

    /// - Throws: `WebAuthnError` by the fault.
    public init(cose: [UInt8]) throws(WebAuthnError) {
        let (key, byteCount) = try Self.read(prefixOf: cose[...])
        guard byteCount == cose.count else { throw .invalidAuthenticatorData("bytes after the key") }
        self = key
    }

    /// The key with which `bytes` start, and its length in bytes.
    static func read(
        prefixOf bytes: ArraySlice<UInt8>
    ) throws(WebAuthnError) -> (key: CredentialKey, byteCount: Int) {
        let (value, byteCount): (CBORValue, Int)
        do throws(CBORError) {
            (value, byteCount) = try CBORReader.read(prefixOf: bytes)
        } catch {
            throw .invalidAttestation(error)
        }
        guard let algorithm = value[3]?.int else { throw .invalidAuthenticatorData("a key without algorithm") }
        let key = try verificationKey(value, algorithm: algorithm)
        return (CredentialKey(cose: Array(bytes.prefix(byteCount)), algorithm: algorithm, key: key), byteCount)
    }

    private init(cose: [UInt8], algorithm: Int, key: VerificationKey) {
        self.cose = cose
        self.algorithm = algorithm
        self.key = key
    }

    private static func verificationKey(
        _ value: CBORValue, algorithm: Int
    ) throws(WebAuthnError) -> VerificationKey {
        func check(kind: Int, curve: Int?) throws(WebAuthnError) {
            guard value[1]?.int == kind else { throw .invalidAuthenticatorData("a key of the wrong kind") }
            guard curve == nil || value[-1]?.int == curve else {
                throw .invalidAuthenticatorData("a key of the wrong curve")
            }
        }
        func bytes(_ label: Int) throws(WebAuthnError) -> [UInt8] {
            guard let bytes = value[label]?.bytes, !bytes.isEmpty else {
                throw .invalidAuthenticatorData("a key without its numbers")
            }
            return bytes
        }
        let make: () throws(KeyError) -> VerificationKey
        switch algorithm {
        case -7:
            try check(kind: 2, curve: 1)
            let (x, y) = (try bytes(-2), try bytes(-3))
            make = { () throws(KeyError) in try VerificationKey(p256X: x, y: y) }
        case -8, -19:
            try check(kind: 1, curve: 6)
            let x = try bytes(-2)
            make = { () throws(KeyError) in try VerificationKey(ed25519X: x) }
        case -257:
            try check(kind: 3, curve: nil)
            let (modulus, exponent) = (try bytes(-1), try bytes(-2))
            make = { () throws(KeyError) in try VerificationKey(rsaModulus: modulus, exponent: exponent) }
        default: throw .unsupportedAlgorithm(algorithm)
        }
        do throws(KeyError) {
            return try make()
        } catch {
            throw .invalidKey(error)
        }
    }

    /// Whether `signature` is the key's over `message`: of ES256 as DER.
    ///
    /// Source: [WebAuthn Level 3, section 6.5.5](https://www.w3.org/TR/webauthn-3/#sctn-signature-attestation-types).
    func isValid(_ signature: [UInt8], for message: [UInt8]) -> Bool { key.isValidX509(signature, for: message) }
}
