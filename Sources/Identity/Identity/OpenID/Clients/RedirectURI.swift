/// Where a browser is sent with a code. One that was registered is compared byte for byte.
///
/// Sources: [RFC 9700, section 4.1.3](https://www.rfc-editor.org/rfc/rfc9700#section-4.1.3);
/// [RFC 8252, section 7.3](https://www.rfc-editor.org/rfc/rfc8252#section-7.3) for the ports of loopback addresses.
public struct RedirectURI: Sendable, Hashable, CustomStringConvertible {
    /// Longest one, in bytes.
    public static let byteLimit = 2_000

    /// `https://…`, `http://` with a loopback host, a private scheme with a dot in it, or a path on the platform's origin.
    let text: String
    /// Around the port, which a native program chooses when it runs; `nil`: there is no loopback host.
    private let loopback: (prefix: String, suffix: String)?

    private static let loopbackHosts = ["127.0.0.1", "[::1]", "localhost"]

    /// - Throws: `IdentityError.invalidValue` for what codes must not be sent to.
    public init(_ text: String) throws(IdentityError) {
        func fail(_ reason: String) -> IdentityError {
            IdentityError(.invalidValue, "'\(text.prefix(200))' is no redirect URI: \(reason).")
        }
        guard !text.isEmpty, text.utf8.count <= Self.byteLimit else { throw fail("it has 1 to 2,000 bytes") }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && !"\"<>\\^`{|}*#".utf8.contains($0) }) else {
            throw fail("it has characters that a URI has not, a wildcard or a fragment")
        }
        self.text = text
        if text.hasPrefix("/") {
            guard !text.hasPrefix("//") else { throw fail("a path begins with one '/'") }
            loopback = nil
            return
        }
        guard let colon = text.firstIndex(of: ":") else { throw fail("it has no scheme") }
        let scheme = text[..<colon]
        switch scheme {
        case "https", "http":
            guard text[colon...].hasPrefix("://") else { throw fail("it has no host") }
            let rest = text[text.index(colon, offsetBy: 3)...]
            let authority = rest.prefix { $0 != "/" && $0 != "?" }
            guard !authority.isEmpty, !authority.contains("@") else { throw fail("it has no host, or a user name") }
            let host = Self.host(of: authority)
            loopback =
                scheme == "http" && Self.loopbackHosts.contains(host)
                ? ("http://" + host, String(rest.dropFirst(authority.count))) : nil
            guard scheme == "https" || loopback != nil else {
                throw fail("'http' is only for this machine: 127.0.0.1, [::1] and localhost")
            }
        default:
            // RFC 8252, section 7.1: a domain name in reverse, which javascript: and data: are not.
            guard scheme.contains("."), text[colon...].hasPrefix(":/") else {
                throw fail("its scheme is neither https nor a domain name in reverse")
            }
            loopback = nil
        }
    }

    private static func host(of authority: Substring) -> String {
        if authority.first == "[" { return String(authority.prefix { $0 != "]" }) + "]" }
        return String(authority.prefix { $0 != ":" })
    }

    /// - Parameters:
    ///   - uri: As a client has sent it.
    ///   - origin: Of the platform.
    func matches(_ uri: String, origin: String) -> Bool {
        if text.hasPrefix("/") { return isSame(uri, origin + text) }
        if isSame(uri, text) { return true }
        guard let loopback, uri.utf8.starts(with: loopback.prefix.utf8) else { return false }
        var rest = Array(uri.utf8.dropFirst(loopback.prefix.utf8.count))[...]
        if rest.first == UInt8(ascii: ":") {
            rest = rest.dropFirst()
            let digits = rest.prefix { $0 &- 0x30 < 10 }
            guard (1...5).contains(digits.count) else { return false }
            rest = rest.dropFirst(digits.count)
        }
        return rest.elementsEqual(loopback.suffix.utf8)
    }

    /// Texts are equal for Swift also when their characters are composed differently.
    private func isSame(_ left: String, _ right: String) -> Bool { left.utf8.elementsEqual(right.utf8) }

    public var description: String { text }

    public static func == (left: RedirectURI, right: RedirectURI) -> Bool { left.text == right.text }
    public func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
