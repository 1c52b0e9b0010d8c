import HTTPTypes
import Identity

/// The cookie with the session's token.
///
/// It is sent to this host only, not shown to scripts, and not sent with forms of other sites.
///
/// Source: [RFC 6265bis, sections 4.1.2 and 4.1.3](https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis).
struct SessionCookie: Sendable {
    private let isSecure: Bool

    /// - Parameter origin: Of the provider. Browsers accept the prefix `__Host-` with https only.
    init(origin: String) {
        isSecure = origin.hasPrefix("https://")
    }

    private var name: String { isSecure ? "__Host-terrabyte-session" : "terrabyte-session" }

    /// The token that a browser has sent; `nil`: none, or several, of which another host may have set one.
    func token(in fields: HTTPFields) -> SessionToken? {
        let values = (fields[.cookie] ?? "").split(separator: ";").compactMap { pair -> Substring? in
            let sides = pair.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
            return sides.count == 2 && sides[0] == name ? sides[1] : nil
        }
        guard values.count == 1 else { return nil }
        return SessionToken(String(values[0]))
    }

    /// - Parameter token: `nil`: the browser forgets it.
    func header(_ token: SessionToken?) -> String {
        "\(name)=\(token?.text ?? ""); Path=/; HttpOnly; SameSite=Lax" + (isSecure ? "; Secure" : "")
            + (token == nil ? "; Max-Age=0" : "")
    }
}
