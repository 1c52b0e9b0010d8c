/// The nonce and the policy of a page that loads nothing, and has one style of its own.
///
/// Source: [Content Security Policy Level 3](https://www.w3.org/TR/CSP3/).
public struct PagePolicy: Sendable {
    /// Another one for each response.
    public let nonce: String
    private let formActions: [String]
    private let runsScript: Bool

    /// Of a page without forms, on which nothing runs.
    public init() { self.init(formActions: ["'none'"], runsScript: false) }

    /// Of a page whose forms are sent to this server.
    ///
    /// - Parameters:
    ///   - formTargets: Origins, or schemes with their colon, to which the response to a form may redirect: browsers ask for
    ///     these, too. What is none of them is left out.
    ///   - runsScript: Whether the page has a script with the nonce, which may send requests to this server.
    public init(formTargets: [String], runsScript: Bool) {
        self.init(formActions: ["'self'"] + formTargets.filter(Self.isSource), runsScript: runsScript)
    }

    private init(formActions: [String], runsScript: Bool) {
        var generator = SystemRandomNumberGenerator()
        nonce = String(generator.next(), radix: 36) + String(generator.next(), radix: 36)
        self.formActions = formActions
        self.runsScript = runsScript
    }

    public var text: String {
        let script = runsScript ? "script-src 'nonce-\(nonce)'; connect-src 'self'; " : ""
        return "default-src 'none'; style-src 'nonce-\(nonce)'; \(script)base-uri 'none'; "
            + "form-action \(formActions.joined(separator: " ")); frame-ancestors 'none'"
    }

    /// Whether a text is one source expression, and nothing that would end it.
    private static func isSource(_ text: String) -> Bool {
        text.contains(":")
            && text.utf8.allSatisfy { isAuthorityByte($0) || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "+") }
    }
}
