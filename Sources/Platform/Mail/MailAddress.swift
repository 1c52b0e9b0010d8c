/// An address that mail can be sent to: a local part and a domain of ASCII, without quotes.
public struct MailAddress: Sendable, Hashable, CustomStringConvertible {
    public let description: String

    /// - Returns: `nil` for what could begin another header or another command of SMTP, and for quoted local parts, which
    ///   nobody has.
    ///
    /// Source: [RFC 5321, section 4.1.2](https://www.rfc-editor.org/rfc/rfc5321#section-4.1.2).
    public init?(_ text: String) {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, text.utf8.count <= 254, (1...64).contains(parts[0].utf8.count), !parts[1].isEmpty,
            parts[0].utf8.allSatisfy({ Self.isLetterOrDigit($0) || "!#$%&'*+-/=?^_`{|}~.".utf8.contains($0) }),
            parts[1].utf8.allSatisfy({ Self.isLetterOrDigit($0) || "-.".utf8.contains($0) })
        else { return nil }
        description = text
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 }
}
