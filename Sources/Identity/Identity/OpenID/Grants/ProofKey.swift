import Crypto
import JOSE

/// Proof Key for Code Exchange, with the method `S256` only.
///
/// Source: [RFC 7636, section 4](https://www.rfc-editor.org/rfc/rfc7636#section-4).
public enum ProofKey {
    /// Whether the text may be a challenge: base64url of a SHA-256.
    public static func isChallenge(_ text: String) -> Bool {
        text.utf8.count == 43
            && text.utf8.allSatisfy { ($0 | 0x20) &- 0x61 < 26 || $0 &- 0x30 < 10 || "-_".utf8.contains($0) }
    }

    /// Whether the text may be a verifier: 43 to 128 unreserved characters.
    static func isVerifier(_ text: String) -> Bool {
        (43...128).contains(text.utf8.count)
            && text.utf8.allSatisfy { ($0 | 0x20) &- 0x61 < 26 || $0 &- 0x30 < 10 || "-._~".utf8.contains($0) }
    }

    /// Whether a verifier belongs to a challenge. Without a challenge there must be none: somebody may have removed it.
    ///
    /// Source: [RFC 9700, section 4.8.2](https://www.rfc-editor.org/rfc/rfc9700#section-4.8.2).
    static func matches(_ verifier: String?, _ challenge: String?) -> Bool {
        guard let challenge else { return verifier == nil }
        guard let verifier, isVerifier(verifier) else { return false }
        return isEqualInConstantTime(Array(Self.challenge(of: verifier).utf8), Array(challenge.utf8))
    }

    static func challenge(of verifier: String) -> String {
        Base64URL.encode(Array(SHA256.hash(data: Array(verifier.utf8))))
    }
}
