import Crypto

/// One-time passwords by time: six digits that change every 30 seconds, of a secret that a telephone has, too.
///
/// Source: [RFC 6238](https://www.rfc-editor.org/rfc/rfc6238), with SHA-1, which is all that many programs know.
public struct TOTP: Sendable, Hashable {
    public static let stepSeconds: Int64 = 30
    /// How many steps a clock may be ahead or behind.
    public static let window: Int64 = 1

    /// At least 16 bytes (RFC 4226, section 4, R6).
    let secret: [UInt8]

    init(secret: [UInt8]) {
        self.secret = secret
    }

    /// With a new secret of 160 bits, the length that RFC 4226 recommends.
    init() { self.init(secret: Secret.randomBytes(20)) }

    /// - Parameter seconds: Since 1970.
    static func step(at seconds: Int64) -> Int64 { seconds / stepSeconds }

    /// - Parameter digitCount: 6 to 8.
    func code(step: Int64, digitCount: Int = 6) -> String {
        let counter = (0..<8).map { UInt8(truncatingIfNeeded: step >> (56 - 8 * $0)) }
        let mac = Array(HMAC<Insecure.SHA1>.authenticationCode(for: counter, using: SymmetricKey(data: secret)))
        // Dynamic truncation (RFC 4226, section 5.3).
        let offset = Int(mac[19] & 0x0f)
        let number = mac[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7fff_ffff
        let modulus = (0..<digitCount).reduce(UInt32(1)) { product, _ in product * 10 }
        let digits = String(number % modulus)
        return String(repeating: "0", count: digitCount - digits.count) + digits
    }

    /// The step whose code this is, of those that a clock may show now.
    ///
    /// - Parameters:
    ///   - code: Blanks in it are ignored, since programs show `123 456`.
    ///   - seconds: Now, since 1970.
    func step(of code: String, at seconds: Int64) -> Int64? {
        let digits = Array(code.utf8.filter { $0 != UInt8(ascii: " ") })
        let now = Self.step(at: seconds)
        // All are compared, so that the time does not tell which one it is.
        return (now - Self.window...now + Self.window).reduce(nil) { found, step in
            isEqualInConstantTime(Array(self.code(step: step).utf8), digits) ? step : found
        }
    }

    /// For the QR code that programs read.
    ///
    /// - Parameters:
    ///   - account: The user's name.
    ///   - issuer: The platform, for people.
    ///
    /// Source: [Key URI format](https://github.com/google/google-authenticator/wiki/Key-Uri-Format).
    public func uri(account: String, issuer: String) -> String {
        let issuer = percentEncoded(issuer)
        return "otpauth://totp/\(issuer):\(percentEncoded(account))?secret=\(secretText)&issuer=\(issuer)"
            + "&algorithm=SHA1&digits=6&period=\(Self.stepSeconds)"
    }

    /// What the secret of an account is encrypted for.
    static func context(of account: String) -> String { "second factor of \(account)" }

    /// For people whose program cannot read the QR code.
    public var secretText: String { Base32.text(secret) }
}

/// All but the unreserved characters (RFC 3986, section 2.3).
private func percentEncoded(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in text.utf8 {
        let isPlain = (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || "-._~".utf8.contains(byte)
        bytes += isPlain ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
    return String(decoding: bytes, as: UTF8.self)
}
