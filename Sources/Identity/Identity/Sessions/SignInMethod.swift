/// What somebody has shown to sign in.
public enum SignInMethod: String, Sendable, Hashable {
    case password, totp
    case recoveryCode = "recovery-code"
    case passkey
    /// A passkey that has asked for a PIN or a finger: two factors in one.
    case verifiedPasskey = "verified-passkey"

    /// By which `amr` names it.
    var references: [String] {
        switch self {
        case .password: ["pwd"]
        case .totp, .recoveryCode: ["otp"]
        case .passkey: ["pop"]
        case .verifiedPasskey: ["pop", "user"]
        }
    }
}
