/// What a token's claims must be. Nothing is accepted by default: without audiences and authorized parties no token is.
///
/// Sources: [RFC 7519, section 4.1](https://www.rfc-editor.org/rfc/rfc7519#section-4.1),
/// [RFC 9068, section 4](https://www.rfc-editor.org/rfc/rfc9068#section-4).
public struct ClaimValidation: Sendable, Hashable {
    /// `iss` must be this, byte for byte.
    public var issuer: String
    /// One of them must be in `aud`, unless `azp` is accepted.
    public var audiences: Set<String>
    /// `azp` must be one of them, unless an audience is accepted. Keycloak puts `account` into `aud`, and the client
    /// into `azp`.
    public var authorizedParties: Set<String>
    /// Accepted `typ` of the header, without regard to case and to the prefix `application/`; `nil` accepts any and none.
    public var types: Set<String>?
    /// How far clocks may differ, in seconds.
    public var leewaySeconds: Double
    /// Claims that must be there, beside `iss` and `exp`.
    public var requiredClaims: [String]

    public init(
        issuer: String, audiences: Set<String> = [], authorizedParties: Set<String> = [], types: Set<String>?,
        leewaySeconds: Double = 60, requiredClaims: [String] = ["sub"]
    ) {
        self.issuer = issuer
        self.audiences = audiences
        self.authorizedParties = authorizedParties
        self.types = types
        self.leewaySeconds = leewaySeconds
        self.requiredClaims = requiredClaims
    }

    /// - Parameter now: Seconds since 1970.
    /// - Throws: `ClaimError` that names the claim.
    public func check(_ claims: Claims, type: String?, now: Double) throws(ClaimError) {
        if let types {
            guard let type, types.contains(where: { Self.mediaType($0) == Self.mediaType(type) }) else {
                throw .wrongType(type)
            }
        }
        guard let issuer = claims.issuer else { throw .missing("iss") }
        guard issuer.utf8.elementsEqual(self.issuer.utf8) else { throw .wrongIssuer(issuer) }
        let isForUs =
            claims.audiences.contains(where: audiences.contains)
            || claims.authorizedParty.map(authorizedParties.contains) == true
        guard isForUs else { throw .wrongAudience(claims.audiences, authorizedParty: claims.authorizedParty) }
        try checkTimes(claims, now: now)
        for name in requiredClaims where claims[name] == nil { throw .missing(name) }
    }

    /// What changes while a token is kept.
    func checkTimes(_ claims: Claims, now: Double) throws(ClaimError) {
        guard let expiration = claims.expiration else { throw .missing("exp") }
        guard now < expiration + leewaySeconds else { throw .expired(at: expiration) }
        if let notBefore = claims.notBefore, now < notBefore - leewaySeconds { throw .notYetValid(before: notBefore) }
    }

    /// Source: [RFC 7515, section 4.1.9](https://www.rfc-editor.org/rfc/rfc7515#section-4.1.9).
    private static func mediaType(_ type: String) -> String {
        let type = type.lowercased()
        let prefix = "application/"
        return type.hasPrefix(prefix) ? String(type.dropFirst(prefix.count)) : type
    }
}
