public import SQLDatabase

/// What a passkey is asked for.
public enum ChallengePurpose: String, Sendable, Hashable, DatabaseConvertible {
    /// To sign in with nothing else.
    case signIn = "sign-in"
    case secondFactor = "second-factor"
    case enrolment
}
