import Identity
import JOSE
import JSON
import WebClient

/// Reads the access tokens of an OpenID provider beside the platform.
struct ExternalTokenReader: TokenReader {
    private let issuer: ExternalIssuer
    private let verifier: TokenVerifier
    private let accounts: ExternalAccounts

    /// - Parameter store: Where the accounts are.
    init(_ issuer: ExternalIssuer, _ store: IdentityStore) {
        let client = WebClient(authorityFile: issuer.authorityFile)
        self.init(issuer, store) { try await client.get($0) }
    }

    /// - Parameter get: Gets a document.
    init(_ issuer: ExternalIssuer, _ store: IdentityStore, get: @escaping @Sendable (String) async throws -> [UInt8]) {
        self.issuer = issuer
        accounts = ExternalAccounts(store)
        // The type is not checked: most providers' access tokens have none, or JWT.
        let validation = ClaimValidation(
            issuer: issuer.url, audiences: issuer.audiences, authorizedParties: issuer.authorizedParties, types: nil,
            leewaySeconds: Double(issuer.leewaySeconds), requiredClaims: [])
        let keys = KeySource { try await Self.keys(of: issuer, get) }
        verifier = TokenVerifier(keys: keys, validation: validation)
    }

    func statement(of token: String) async throws -> TokenStatement {
        let verified: VerifiedToken
        do {
            verified = try await verifier.verify(token, now: ProviderTokenReader.now())
        } catch let error as ClaimError {
            if case .expired = error { throw InvalidToken(.expired, "\(error)") }
            throw InvalidToken(.malformed, "\(error)")
        } catch let error as TokenError {
            throw InvalidToken(.malformed, "\(error)")
        }
        // A login is told by an ID token, whose nonce access tokens do not have.
        if verified.claims["nonce"] != nil, verified.claims["scope"] == nil {
            throw InvalidToken(.malformed, "it is an ID token, and no access token")
        }
        guard let name = verified.claims.value(of: issuer.nameClaim)?.string else {
            throw InvalidToken(.malformed, "it has no name in the claim '\(issuer.nameClaim)'")
        }
        if issuer.makesAccounts { try await accounts.make(name) }
        return TokenStatement(account: name, scopes: issuer.scopes, groups: groups(of: verified.claims))
    }

    private func groups(of claims: Claims) -> Set<String>? {
        guard let claim = issuer.groupsClaim, let groups = claims.value(of: claim)?.array else { return nil }
        return Set(groups.compactMap(\.string).filter { $0.hasPrefix("/dss/") })
    }

    /// Source: [OpenID Connect Discovery 1.0, section 4](https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig).
    private static func keys(
        of issuer: ExternalIssuer, _ get: @Sendable (String) async throws -> [UInt8]
    ) async throws -> KeySet {
        let base = issuer.url.hasSuffix("/") ? String(issuer.url.dropLast()) : issuer.url
        let metadata = try JSONValue(parsing: try await get(base + "/.well-known/openid-configuration"))
        guard metadata["issuer"]?.string == issuer.url else {
            throw ExternalIssuerFault(
                description:
                    "\(base) says that its issuer is '\(metadata["issuer"]?.string ?? "")', not '\(issuer.url)'")
        }
        guard let location = metadata["jwks_uri"]?.string, WebClient.isAllowed(location) else {
            throw ExternalIssuerFault(description: "\(base) has no usable 'jwks_uri'")
        }
        let keys = try KeySet(jwks: try JSONValue(parsing: try await get(location)), algorithms: issuer.algorithms)
        guard !keys.keys.isEmpty else {
            throw ExternalIssuerFault(description: "\(location) has no key for the configured algorithms")
        }
        return keys
    }
}

/// What is wrong with an issuer's documents.
struct ExternalIssuerFault: Error, CustomStringConvertible {
    let description: String
}

extension Claims {
    /// A claim by its name, or by a JSON pointer such as `/realm_access/groups`.
    ///
    /// Source: [RFC 6901](https://www.rfc-editor.org/rfc/rfc6901).
    fileprivate func value(of name: String) -> JSONValue? {
        guard name.hasPrefix("/") else { return self[name] }
        var value = JSONValue.object(object)
        for part in name.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            guard let member = value[String(part.replacing("~1", with: "/").replacing("~0", with: "~"))] else {
                return nil
            }
            value = member
        }
        return value
    }
}
