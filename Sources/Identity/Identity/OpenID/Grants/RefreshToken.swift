import Crypto
import Temporal

/// Tokens that are replaced when they are used.
///
/// The successor of a token is computed from it, with a key of its grant: whoever uses the same token at the same time, or
/// again since the response was lost, gets the same successor, although only hashes are stored. So the tokens of a grant are
/// one chain, however many processes share it. The key alone makes no token: it needs the one before.
enum RefreshToken {
    /// By which tokens are recognised, also by programs that look for secrets in source code.
    static let prefix = "terrabyte_refresh_"
    static let keyByteCount = 32
    /// Seconds after its first use for which a token still leads to the newest one.
    static let graceSeconds: Int64 = 60
    /// Most tokens that are replaced within the grace of one.
    static let chainLimit = 100

    static func random() -> String { text(Secret.randomBytes(32)) }

    static func successor(of token: String, key: [UInt8]) -> String {
        text(Array(HMAC<SHA256>.authenticationCode(for: Array(token.utf8), using: SymmetricKey(data: key))))
    }

    static func isInGrace(usedAt use: Timestamp, now: Timestamp) -> Bool {
        now.microseconds - use.microseconds < graceSeconds * 1_000_000
    }

    private static func text(_ bytes: [UInt8]) -> String { prefix + Base32.text(bytes).lowercased() }
}
