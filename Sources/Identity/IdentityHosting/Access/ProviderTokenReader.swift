import Access
import Identity
package import JOSE
import JSON
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Reads the access tokens of the platform's own OpenID provider.
///
/// Source: [RFC 9068](https://www.rfc-editor.org/rfc/rfc9068).
package final class ProviderTokenReader: TokenReader {
    private let location: ProviderLocation
    private let keys: KeySource
    /// For the issuer as it was when it was made: the port is not known from the start.
    private let verifier = Mutex<(issuer: String, verifier: TokenVerifier)?>(nil)

    /// Seconds for which keys are used without asking the store, and between two looks for one that is not known. A key
    /// that was withdrawn is good for no longer.
    private static let keySeconds = 2.0

    package init(_ location: ProviderLocation, keys: @escaping @Sendable () async throws -> KeySet) {
        self.location = location
        self.keys = KeySource(retrySeconds: Self.keySeconds, ageLimitSeconds: Self.keySeconds, load: keys)
    }

    package func statement(of token: String) async throws -> TokenStatement {
        let verified: VerifiedToken
        do {
            verified = try await current().verify(token, now: Self.now())
        } catch let error as ClaimError {
            if case .expired = error { throw InvalidToken(.expired, "\(error)") }
            throw InvalidToken(.malformed, "\(error)")
        } catch let error as TokenError {
            throw InvalidToken(.malformed, "\(error)")
        }
        guard let account = verified.claims.subject, let grant = verified.claims["sid"]?.string.flatMap({ Int64($0) })
        else { throw InvalidToken(.malformed, "it is of no sign-in") }
        let scopes = verified.claims["scope"]?.string ?? ""
        return TokenStatement(
            account: account, scopes: Set(scopes.split(separator: " ").map { Scope(String($0)) }), grant: grant)
    }

    private func current() -> TokenVerifier {
        let (issuer, audience) = (location.issuer, location.audience)
        return verifier.withLock { known in
            if let known, known.issuer == issuer { return known.verifier }
            let validation = ClaimValidation(
                issuer: issuer, audiences: [audience], types: ["at+jwt"], leewaySeconds: 5,
                requiredClaims: ["sub", "sid", "client_id", "iat", "jti"])
            let made = TokenVerifier(keys: keys, validation: validation)
            known = (issuer, made)
            return made
        }
    }

    /// Seconds since 1970.
    static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
