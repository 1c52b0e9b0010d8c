/// The principals that may use a route.
public enum AccessRule: Sendable, Hashable, CustomStringConvertible {
    case anyone
    /// Every principal that is not anonymous.
    case signedIn
    /// Principals with the scope; the operator has all.
    case scope(Scope)

    public func allows(_ principal: Principal) -> Bool {
        switch self {
        case .anyone: true
        case .signedIn: principal.kind != .anonymous
        case .scope(let scope): principal.has(scope)
        }
    }

    public var description: String {
        switch self {
        case .anyone: "anyone"
        case .signedIn: "signed in"
        case .scope(let scope): "scope \(scope)"
        }
    }
}
