public import Access
public import SQLDatabase

/// A program to which accounts give tokens.
///
/// Source: [RFC 6749, section 2](https://www.rfc-editor.org/rfc/rfc6749#section-2).
public struct OAuthClient: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable, CaseIterable, DatabaseConvertible {
        /// Runs where its user could read a secret, such as a command line: has none, and needs PKCE.
        case `public`
        /// Runs on a server, and has a secret.
        case confidential
    }

    public enum GrantType: String, Sendable, Hashable, CaseIterable, DatabaseConvertible {
        case authorizationCode = "authorization_code"
        case deviceCode = "urn:ietf:params:oauth:grant-type:device_code"
        case refreshToken = "refresh_token"
        case clientCredentials = "client_credentials"
    }

    /// What becomes of a refresh token that is used.
    public enum RefreshPolicy: String, Sendable, Hashable, CaseIterable, DatabaseConvertible {
        /// It is replaced, and refused afterwards; used again, it ends its grant.
        case rotated
        /// It stays valid until its end, since the client does not store another one.
        case reusable
    }

    /// Never changes, and means the client in tokens.
    public let id: String
    /// For people.
    public let title: String
    public let kind: Kind
    public let redirectURIs: [RedirectURI]
    public let grantTypes: Set<GrantType>
    /// The most that its tokens may do.
    public let scopes: Set<Scope>
    public let refreshPolicy: RefreshPolicy
    /// Of the platform itself: its users are not asked for their consent, and its tokens always have all of its scopes.
    public let isFirstParty: Bool
    /// Name of the account for which it gets tokens with its secret (client credentials).
    public let serviceAccount: String?
    let secretHash: [UInt8]?

    public init(
        _ id: String, title: String, _ kind: Kind = .public, redirectURIs: [RedirectURI] = [],
        grantTypes: Set<GrantType>, scopes: Set<Scope>, refreshPolicy: RefreshPolicy = .rotated,
        isFirstParty: Bool = false, serviceAccount: String? = nil
    ) {
        self.init(
            id, title: title, kind, redirectURIs: redirectURIs, grantTypes: grantTypes, scopes: scopes,
            refreshPolicy: refreshPolicy, isFirstParty: isFirstParty, serviceAccount: serviceAccount, secretHash: nil)
    }

    init(
        _ id: String, title: String, _ kind: Kind, redirectURIs: [RedirectURI], grantTypes: Set<GrantType>,
        scopes: Set<Scope>, refreshPolicy: RefreshPolicy, isFirstParty: Bool, serviceAccount: String?,
        secretHash: [UInt8]?
    ) {
        self.id = id
        self.title = title
        self.kind = kind
        self.redirectURIs = redirectURIs
        self.grantTypes = grantTypes
        self.scopes = scopes
        self.refreshPolicy = refreshPolicy
        self.isFirstParty = isFirstParty
        self.serviceAccount = serviceAccount
        self.secretHash = secretHash
    }

    /// Whether codes may be sent there.
    ///
    /// - Parameters:
    ///   - uri: As the client has sent it.
    ///   - origin: Of the platform, for redirect URIs on it.
    public func allowsRedirect(to uri: String, origin: String) -> Bool {
        redirectURIs.contains { $0.matches(uri, origin: origin) }
    }

    /// The scopes of a grant that was asked for some: those that the client may have. Others are left out, as RFC 6749,
    /// section 3.3, allows; first-party clients get what they need without asking.
    public func grantedScopes(_ requested: Set<Scope>) -> Set<Scope> {
        let granted = requested.intersection(scopes)
        return isFirstParty ? granted.union(scopes.intersection(Scope.resources)) : granted
    }

    /// Whether the secret is the client's, in a time that does not tell where they differ.
    public func hasSecret(_ secret: String) -> Bool {
        guard let secretHash else { return false }
        return isEqualInConstantTime(Secret.hash(secret), secretHash)
    }
}

extension Scope {
    /// To be told who signs in, with an id_token.
    public static let openID = Scope("openid")
    public static let profile = Scope("profile")
    public static let email = Scope("email")
    /// To be told the groups.
    public static let groups = Scope("groups")
    /// To get a refresh token.
    public static let offlineAccess = Scope("offline_access")

    /// Of people and sessions, by OpenID Connect.
    public static let identity: Set<Scope> = [.openID, .profile, .email, .groups, .offlineAccess]
    /// Of what the platform's interfaces do.
    public static let resources: Set<Scope> = [
        .readCollections, .writeCollections, .writeCatalogue, .administration,
    ]

    /// The scopes in a text, separated by blanks.
    public static func set(_ text: String) -> Set<Scope> { Set(text.split(separator: " ").map { Scope(String($0)) }) }

    /// As `set` reads it, sorted.
    public static func text(_ scopes: Set<Scope>) -> String {
        scopes.map(\.rawValue).sorted().joined(separator: " ")
    }
}
