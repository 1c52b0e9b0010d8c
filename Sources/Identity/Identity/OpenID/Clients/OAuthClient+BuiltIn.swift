import Access

extension OAuthClient {
    /// Clients of every platform, which nobody has to register.
    ///
    /// Those that are not ours never store a refresh token that replaces another one; theirs are reusable.
    public static let builtIn: [OAuthClient] = [
        OAuthClient(
            "de.lrz.terrabyte.stac", title: "terrapi (LRZ)", redirectURIs: loopback("/callback"),
            grantTypes: interactive, scopes: Scope.identity.union(Scope.resources), refreshPolicy: .reusable,
            isFirstParty: true),
        OAuthClient(
            "openeo-python", title: "openEO Python client", redirectURIs: loopback("/callback"),
            grantTypes: interactive, scopes: Scope.identity.union(Scope.resources), refreshPolicy: .reusable,
            isFirstParty: true),
        OAuthClient(
            "terrapi", title: "terrapi", redirectURIs: loopback("/callback"), grantTypes: interactive,
            scopes: Scope.identity.union(Scope.resources), isFirstParty: true),
        OAuthClient(
            "terrabyte-portal", title: "terrabyte portal", redirectURIs: uris("/portal/signed-in"),
            grantTypes: [.authorizationCode, .refreshToken], scopes: Scope.identity.union(Scope.resources),
            isFirstParty: true),
    ]

    private static let interactive: Set<GrantType> = [.authorizationCode, .deviceCode, .refreshToken]

    private static func loopback(_ path: String) -> [RedirectURI] {
        uris("http://127.0.0.1\(path)", "http://[::1]\(path)", "http://localhost\(path)")
    }

    /// They are constants above, and valid.
    private static func uris(_ texts: String...) -> [RedirectURI] { texts.compactMap { try? RedirectURI($0) } }
}
