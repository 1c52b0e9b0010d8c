public import Access

/// What an account may do, now. An account that is not active may do nothing.
public struct AccountRights: Sendable, Hashable {
    /// `nil`: there is no account that is active.
    public var kind: Account.Kind?
    /// Prefixes of the ids of collections, without their dot: the name of the account and ids of containers.
    public var readable: Set<String> = []
    public var writable: Set<String> = []
    /// As OpenID providers tell them: `/dss/ID` of who may write, `/dss/ID-ro` of who may read, and `/dss/ID-mgr` beside
    /// `/dss/ID` of managers.
    public var groups: Set<String> = []
    public var roles: Set<Account.Role> = []
    /// Of those of the owners that have one.
    public var quotas: [String: Quota] = [:]

    public init() {}

    static let none = AccountRights()

    /// All that a token of the account may be good for.
    public var scopes: Set<Scope> {
        guard kind != nil else { return [] }
        var scopes: Set<Scope> = [.readCollections, .writeCollections]
        if roles.contains(.curator) { scopes.insert(.writeCatalogue) }
        if roles.contains(.administrator) { scopes.formUnion([.administration, .explainSearches, .readMetrics]) }
        return scopes
    }
}
