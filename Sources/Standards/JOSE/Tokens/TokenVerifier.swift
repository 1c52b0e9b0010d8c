import Crypto

/// Verifies tokens of one issuer, and remembers those that it has verified.
///
/// Whether a token or its account was withdrawn is not its concern: that must be asked elsewhere, each time.
public final class TokenVerifier: Sendable {
    private let source: KeySource
    private let validation: ClaimValidation
    private let cache: VerifiedTokenCache

    /// - Parameter cacheByteLimit: Of all remembered tokens together, in bytes.
    public init(keys source: KeySource, validation: ClaimValidation, cacheByteLimit: Int = 8 << 20) {
        self.source = source
        self.validation = validation
        cache = VerifiedTokenCache(byteLimit: cacheByteLimit)
    }

    /// - Parameter now: Seconds since 1970.
    /// - Throws: `TokenError` or `ClaimError` by the fault, or what the loader of the keys threw.
    public func verify(_ token: String, now: Double) async throws -> VerifiedToken {
        // Before hashing, which would otherwise be work that anybody can order.
        guard token.utf8.count <= SignedToken.byteLimit else {
            throw TokenError.tooLong(byteCount: token.utf8.count, limit: SignedToken.byteLimit)
        }
        let digest = SHA256.hash(data: Array(token.utf8))
        if let known = cache.token(for: digest) {
            do throws(ClaimError) {
                try validation.checkTimes(known.claims, now: now)
            } catch {
                cache.remove(digest)
                throw error
            }
            // A key that the issuer has withdrawn ends its tokens.
            let keys = try await source.keys(for: known.header, now: now)
            if keys.key(id: known.header.keyID, algorithm: known.header.algorithm) == known.key { return known }
            cache.remove(digest)
        }
        let signed = try SignedToken(token)
        let keys = try await source.keys(for: signed.header, now: now)
        let verified = try VerifiedToken(signed, keys: keys, validation: validation, now: now)
        cache.insert(.init(token: verified, byteCount: token.utf8.count), for: digest)
        return verified
    }
}
