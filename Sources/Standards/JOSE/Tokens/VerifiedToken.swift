/// A token whose signature and claims were verified.
public struct VerifiedToken: Sendable, Hashable {
    public let header: SignatureHeader
    public let claims: Claims
    /// With which the signature was verified.
    public let key: VerificationKey

    /// Verifies `token` without keeping anything.
    ///
    /// - Parameter now: Seconds since 1970.
    /// - Throws: `TokenError` or `ClaimError` by the fault.
    public init(_ token: String, keys: KeySet, validation: ClaimValidation, now: Double) throws {
        try self.init(SignedToken(token), keys: keys, validation: validation, now: now)
    }

    init(_ token: SignedToken, keys: KeySet, validation: ClaimValidation, now: Double) throws {
        key = try token.key(among: keys)
        let payload = try token.payload(verifiedWith: key)
        header = token.header
        claims = try Claims(SignedToken.object(payload, .payload))
        try validation.check(claims, type: header.type, now: now)
    }
}
