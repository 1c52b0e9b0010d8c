/// The algorithms of signatures that tokens and their keys may have. There is no `none`, and there are no shared secrets.
///
/// Sources: [RFC 7518, section 3.1](https://www.rfc-editor.org/rfc/rfc7518#section-3.1) and
/// [RFC 8037, section 3.1](https://www.rfc-editor.org/rfc/rfc8037#section-3.1).
public enum SignatureAlgorithm: String, Sendable, Hashable, CaseIterable {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    case rs256 = "RS256"
    /// RSASSA-PSS with SHA-256, and a salt of 32 bytes.
    case ps256 = "PS256"
    /// ECDSA on P-256 with SHA-256.
    case es256 = "ES256"
    /// Ed25519.
    case edDSA = "EdDSA"

    /// By the name in `alg`; Ed25519 has two.
    ///
    /// Source: [RFC 9864, section 2.2](https://www.rfc-editor.org/rfc/rfc9864#section-2.2).
    public init?(name: String) {
        if name == "Ed25519" {
            self = .edDSA
        } else {
            self.init(rawValue: name)
        }
    }
}
