import Crypto

/// The secret of a browser's session, which only its cookie has. Only its hash is stored.
///
/// Pages derive from it what only they and the server can know, so that a visitor who has not signed in leaves no trace in
/// the database.
public struct SessionToken: Sendable, Hashable {
    private static let byteCount = 32

    private let bytes: [UInt8]

    /// A new one, of 256 random bits.
    public init() { bytes = Secret.randomBytes(Self.byteCount) }

    /// - Returns: `nil` for a text that is no token.
    public init?(_ text: String) {
        guard text.utf8.count == Self.byteCount * 2 else { return nil }
        let digits = Array(text.utf8).map(Self.value)
        guard !digits.contains(nil) else { return nil }
        bytes = stride(from: 0, to: digits.count, by: 2).map { digits[$0]! << 4 | digits[$0 + 1]! }
    }

    /// For the cookie.
    public var text: String { Self.text(bytes) }

    /// What is stored.
    var hash: [UInt8] { Array(SHA256.hash(data: bytes)) }

    /// What the forms of this session carry, so that no other site can send them.
    public var formToken: String { signature(of: "form") }

    /// - Parameter text: From a form.
    public func isFormToken(_ text: String) -> Bool { isSignature(text, of: "form") }

    /// Proves that the server has given out `text` in this session.
    public func signature(of text: String) -> String { Self.text(Array(code(of: text))) }

    /// Takes the same time wherever the difference is.
    public func isSignature(_ signature: String, of text: String) -> Bool {
        let digits = Array(signature.utf8).map(Self.value)
        guard digits.count == 2 * SHA256.byteCount, !digits.contains(nil) else { return false }
        let given = stride(from: 0, to: digits.count, by: 2).map { digits[$0]! << 4 | digits[$0 + 1]! }
        return HMAC<SHA256>.isValidAuthenticationCode(given, authenticating: Array(text.utf8), using: key)
    }

    private var key: SymmetricKey { SymmetricKey(data: bytes) }

    private func code(of text: String) -> HMAC<SHA256>.MAC {
        HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key)
    }

    private static func text(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// Of a lower-case hexadecimal digit.
    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
