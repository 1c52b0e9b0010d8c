/// The sender of a request, with its rights.
public struct Principal: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable {
        /// An unknown sender.
        case anonymous
        /// A person.
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
    /// Owners, its own account and containers, whose Collections it may see: from the database as it is now, never from a
    /// token.
    public let readableOwners: Set<String>
    /// Those of them whose Collections it may also create, change and delete.
    public let writableOwners: Set<String>
    /// Of the owners that have a quota of their own.
    public let quotas: [String: Quota]

    /// - Parameter readableOwners: Beside those that are writable.
    public init(
        _ kind: Kind, name: String = "", groups: Set<String> = [], scopes: Set<Scope> = [],
        readableOwners: Set<String> = [], writableOwners: Set<String> = [], quotas: [String: Quota] = [:]
    ) {
        self.kind = kind
        self.name = name
        self.groups = groups
        self.scopes = scopes
        self.readableOwners = readableOwners.union(writableOwners)
        self.writableOwners = writableOwners
        self.quotas = quotas
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
