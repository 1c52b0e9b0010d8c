import Crypto
import CryptoExtras
public import JSON

extension SigningKey {
    /// A private key of JSON; of RSA keys with both primes.
    ///
    /// - Throws: `KeyError` by the fault; `inconsistent` when the private key is not that of the public one.
    ///
    /// Sources: [RFC 7518, section 6](https://www.rfc-editor.org/rfc/rfc7518#section-6),
    /// [RFC 8037, section 2](https://www.rfc-editor.org/rfc/rfc8037#section-2).
    public init(jwk: JSONObject) throws(KeyError) {
        let members = KeyMembers(jwk)
        try members.checkUse(for: "sign")
        let publicKey = try VerificationKey(publicMembers: members)
        let secret = try members.bytes("d")
        var key: SigningKey
        switch publicKey.material {
        case .rsa(_, let modulus, let exponent):
            guard jwk["oth"] == nil else { throw .unsupportedKind("RSA with more than two primes") }
            let primes = (try members.bytes("p"), try members.bytes("q"))
            guard
                let rsa = try? _RSA.Signing.PrivateKey(n: modulus, e: exponent, d: secret, p: primes.0, q: primes.1)
            else { throw .inconsistent }
            key = try SigningKey(rsa: rsa, algorithm: publicKey.algorithm)
        case .p256:
            guard let p256 = try? P256.Signing.PrivateKey(rawRepresentation: secret) else { throw .invalidMember("d") }
            key = try SigningKey(p256: p256)
        case .ed25519:
            guard let ed25519 = try? Curve25519.Signing.PrivateKey(rawRepresentation: secret) else {
                throw .invalidMember("d")
            }
            key = try SigningKey(ed25519: ed25519)
        }
        key.id = publicKey.id
        guard key.publicKey == publicKey else { throw .inconsistent }
        self = key
    }

    /// The private key as JSON: a secret.
    public var jwk: JSONObject {
        var jwk = publicKey.jwk
        switch material {
        case .rsa(let key):
            // It was read once already, when the key was made.
            for (name, number) in RSANumbers(der: Array(key.derRepresentation))?.privateMembers ?? [] {
                jwk[name] = .string(Base64URL.encode(number))
            }
        case .p256(let key): jwk["d"] = .string(Base64URL.encode(key.rawRepresentation))
        case .ed25519(let key): jwk["d"] = .string(Base64URL.encode(key.rawRepresentation))
        }
        return jwk
    }
}
