import Crypto

/// The secret of a browser's session, which only its cookie has. Only its hash is stored.
///
/// Pages derive from it what only they and the server can know, so that a visitor who has not signed in leaves no trace in
/// the database.
public struct SessionToken: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
    private static let byteCount = 32

    private let bytes: [UInt8]

    /// A new one, of 256 random bits.
    public init() { bytes = Secret.randomBytes(Self.byteCount) }

    /// - Returns: `nil` for a text that is no token.
    public init?(_ text: String) {
        guard text.utf8.count == Self.byteCount * 2 else { return nil }
        guard let bytes = Self.bytes(text) else { return nil }
        self.bytes = bytes
    }

    /// Without the secret, which must not get into logs.
    public var description: String { "SessionToken" }
    public var customMirror: Mirror { Mirror(self, children: [:]) }

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
        guard signature.utf8.count == 2 * SHA256.byteCount, let given = Self.bytes(signature) else { return false }
        return HMAC<SHA256>.isValidAuthenticationCode(given, authenticating: Array(text.utf8), using: key)
    }

    private var key: SymmetricKey { SymmetricKey(data: bytes) }

    private func code(of text: String) -> HMAC<SHA256>.MAC {
        HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key)
    }

    /// - Parameter text: An even number of characters.
    /// - Returns: `nil` when they are no hexadecimal digits in lower case.
    private static func bytes(_ text: String) -> [UInt8]? {
        let digits = text.utf8.compactMap(value)
        guard digits.count == text.utf8.count else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
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
