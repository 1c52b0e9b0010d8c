public import SQLDatabase
public import Temporal

/// How far a browser has come in signing in, and as whom.
public struct BrowserSession: Sendable, Hashable {
    public enum Step: String, Sendable, Hashable, DatabaseConvertible {
        /// Nobody is known yet; there is only a challenge for a passkey.
        case anonymous
        /// The password was right; the second factor is missing, or has to be enrolled.
        case password
        /// Signed in.
        case complete
    }

    /// By which its owner ends it.
    public let id: Int64
    /// Name of the account; `nil` in the step `anonymous`.
    public let account: String?
    public let step: Step
    public let methods: [SignInMethod]
    public let creation: Timestamp
    /// When the sign-in was completed.
    public let authentication: Timestamp?
    /// To the minute.
    public let lastUse: Timestamp
    /// The latest end, however much it is used.
    public let end: Timestamp
    /// Where the browser was when it signed in.
    public let client: SessionClient

    /// `amr` of ID tokens.
    ///
    /// Source: [RFC 8176, section 2](https://www.rfc-editor.org/rfc/rfc8176#section-2).
    public var authenticationMethods: [String] {
        var values: [String] = []
        for value in methods.flatMap(\.references) + (step == .complete ? ["mfa"] : []) where !values.contains(value) {
            values.append(value)
        }
        return values
    }
}
