public import Access
public import JOSE
import ServiceModule
import WebClient

/// An OpenID provider beside the platform whose access tokens are accepted instead of our own provider's.
public struct ExternalIssuer: Sendable, Hashable {
    /// `iss` of its tokens, byte for byte. Its discovery document is below it.
    public var url: String
    /// In `aud`; Keycloak's default is `account`.
    public var audiences: Set<String> = []
    /// In `azp`: the clients whose tokens are accepted whatever their audience is.
    public var authorizedParties: Set<String> = []
    /// Whatever a token's header says, it is signed by one of these.
    public var algorithms: Set<SignatureAlgorithm> = [.rs256]
    /// The claim with the name of the account.
    public var nameClaim = "preferred_username"
    /// The claim with groups as `/dss/CONTAINER`, `/dss/CONTAINER-ro`; `nil`: memberships are in our database only.
    public var groupsClaim: String? = "groups"
    /// The most that its tokens may do.
    public var scopes: Set<Scope> = [.readCollections, .writeCollections, .writeCatalogue, .administration]
    /// Whether somebody who comes for the first time gets an account.
    public var makesAccounts = true
    /// How far clocks may differ, in seconds.
    public var leewaySeconds = 30
    /// Certificates of authorities (PEM) instead of the system's.
    public var authorityFile: String?

    public init(_ url: String) {
        self.url = url
    }
}

extension ExternalIssuer {
    /// - `issuer` (string, default none): URL of the provider; without one, our own is asked.
    /// - `audiences`, `authorizedParties` (strings): Accepted `aud` and `azp`; one of them must be there.
    /// - `algorithms` (strings, default RS256): Of RS256, PS256, ES256, EdDSA.
    /// - `nameClaim` (string, default `preferred_username`), `groupsClaim` (string, default `groups`; `none`: none).
    /// - `issuerScopes` (strings, default all): The most that its tokens may do.
    /// - `makesAccounts` (bool, default true): Whether somebody who comes for the first time gets an account.
    /// - `leewaySeconds` (int, default 30): How far clocks may differ.
    /// - `issuerAuthorityFile` (string, default none): Certificates of authorities (PEM) instead of the system's.
    ///
    /// - Returns: `nil`: there is none.
    init?(_ settings: Settings) throws {
        let url = try settings.string("issuer")
        var issuer = ExternalIssuer(url ?? "")
        issuer.audiences = Set(try settings.strings("audiences") ?? [])
        issuer.authorizedParties = Set(try settings.strings("authorizedParties") ?? [])
        if let names = try settings.strings("algorithms") {
            issuer.algorithms = try settings.checked("algorithms") {
                Set(
                    try names.map { name in
                        guard let algorithm = SignatureAlgorithm(name: name) else {
                            let known = SignatureAlgorithm.allCases.map(\.rawValue).joined(separator: ", ")
                            throw CommandError("'\(name)' is none of \(known)")
                        }
                        return algorithm
                    })
            }
        }
        issuer.nameClaim = try settings.string("nameClaim", default: issuer.nameClaim)
        let groupsClaim = try settings.string("groupsClaim", default: "groups")
        issuer.groupsClaim = groupsClaim == "none" ? nil : groupsClaim
        if let scopes = try settings.strings("issuerScopes") { issuer.scopes = Set(scopes.map { Scope($0) }) }
        issuer.makesAccounts = try settings.bool("makesAccounts", default: issuer.makesAccounts)
        issuer.leewaySeconds = try settings.int("leewaySeconds", in: 0...300, default: issuer.leewaySeconds)
        issuer.authorityFile = try settings.string("issuerAuthorityFile")
        guard url != nil else { return nil }
        try settings.checked("issuer") {
            guard WebClient.isAllowed(issuer.url), !issuer.url.contains("?"), !issuer.url.contains("#") else {
                throw CommandError("'\(issuer.url)' is no https:// address, and none of this machine")
            }
        }
        try settings.checked("audiences") {
            guard !issuer.audiences.isEmpty || !issuer.authorizedParties.isEmpty else {
                throw CommandError("name the audiences or the authorizedParties whose tokens are accepted")
            }
            guard !issuer.algorithms.isEmpty else { throw CommandError("at least one algorithm is needed") }
        }
        self = issuer
    }
}
