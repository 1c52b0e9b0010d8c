/// Which claim of a token with a valid signature is not what was demanded. Times are seconds since 1970.
public enum ClaimError: Error, Hashable, Sendable, CustomStringConvertible {
    case missing(String)
    /// The claim has the wrong type.
    case invalid(String)
    /// `exp`
    case expired(at: Double)
    /// `nbf`
    case notYetValid(before: Double)
    /// `iss`
    case wrongIssuer(String)
    /// Neither `aud` nor `azp` is one that is accepted.
    case wrongAudience([String], authorizedParty: String?)
    /// `typ` of the header
    case wrongType(String?)

    public var description: String {
        switch self {
        case .missing(let name): "the token has no claim '\(name)'"
        case .invalid(let name): "the claim '\(name)' of the token has the wrong type"
        case .expired: "the token has expired ('exp')"
        case .notYetValid: "the token is not valid yet ('nbf')"
        case .wrongIssuer: "the token is of another issuer ('iss')"
        case .wrongAudience: "the token is for another audience ('aud') and another client ('azp')"
        case .wrongType: "the token is of another kind ('typ')"
        }
    }
}
