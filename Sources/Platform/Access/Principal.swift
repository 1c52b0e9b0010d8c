/// The sender of a request, with its rights.
public struct Principal: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable {
        /// An unknown sender.
        case anonymous
        case user
        /// A program of the platform or beside it, such as a monitoring system.
        case service
        /// The operator of the platform: may do everything.
        case `operator`
    }

    public let kind: Kind
    /// Unique among principals of its kind; of `anonymous` and `operator` empty.
    public let name: String
    /// Groups of a user, such as the members of a container.
    public let groups: Set<String>
    public let scopes: Set<Scope>

    public init(_ kind: Kind, name: String = "", groups: Set<String> = [], scopes: Set<Scope> = []) {
        self.kind = kind
        self.name = name
        self.groups = groups
        self.scopes = scopes
    }

    public static let anonymous = Principal(.anonymous)
    public static let `operator` = Principal(.operator)

    public func has(_ scope: Scope) -> Bool { kind == .operator || scopes.contains(scope) }

    /// The key by which limits and turns are counted; `nil`: the principal has no identity of its own.
    public var fairnessKey: String? {
        switch kind {
        case .anonymous: nil
        case .operator: "operator"
        case .user, .service: "\(kind.rawValue) \(name)"
        }
    }
}

/// Something that a principal may be allowed to do, such as `catalogue:write`.
///
/// Source: [RFC 6749, section 3.3](https://www.rfc-editor.org/rfc/rfc6749#section-3.3).
public struct Scope: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    public init(_ rawValue: String) {
        self.rawValue = rawValue
    }

    public var description: String { rawValue }
}

/// The principals that may use a route.
public enum AccessRule: Sendable, Hashable, CustomStringConvertible {
    case anyone
    /// Principals with the scope; the operator has all.
    case scope(Scope)

    public func allows(_ principal: Principal) -> Bool {
        switch self {
        case .anyone: true
        case .scope(let scope): principal.has(scope)
        }
    }

    public var description: String {
        switch self {
        case .anyone: "anyone"
        case .scope(let scope): "scope \(scope)"
        }
    }
}
