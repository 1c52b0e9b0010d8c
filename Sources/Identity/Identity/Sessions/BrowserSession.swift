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

/// What somebody has shown to sign in.
public enum SignInMethod: String, Sendable, Hashable {
    case password, totp
    case recoveryCode = "recovery-code"
    case passkey
    /// A passkey that has asked for a PIN or a finger: two factors in one.
    case verifiedPasskey = "verified-passkey"

    fileprivate var references: [String] {
        switch self {
        case .password: ["pwd"]
        case .totp, .recoveryCode: ["otp"]
        case .passkey: ["pop"]
        case .verifiedPasskey: ["pop", "user"]
        }
    }
}

/// The browser of a session, as its owner recognizes it.
public struct SessionClient: Sendable, Hashable {
    public let address: String?
    /// The beginning of `User-Agent`.
    public let agent: String

    public init(address: String?, agent: String) {
        self.address = address
        self.agent = String(
            String.UnicodeScalarView(agent.unicodeScalars.prefix(200).filter { $0.value >= 0x20 && $0.value != 0x7f }))
    }
}

/// How long sessions last, in seconds.
public struct SessionLimits: Sendable, Hashable {
    /// Without being used.
    public var idleSeconds: Int64
    /// However much they are used.
    public var longestSeconds: Int64
    /// Between the password and the second factor; also for challenges of passkeys before.
    public var signInSeconds: Int64 = 600

    public init(idleSeconds: Int64 = 3_600, longestSeconds: Int64 = 12 * 3_600) {
        self.idleSeconds = idleSeconds
        self.longestSeconds = longestSeconds
    }
}
