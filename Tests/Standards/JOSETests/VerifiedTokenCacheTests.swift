import Crypto
import JSON
import Testing

@testable import JOSE

@Suite("Verified token cache") struct VerifiedTokenCacheTests {
    private func entry(byteCount: Int) throws -> VerifiedTokenCache.Entry {
        let key = try VectorTests.signingKey(VectorTests.ed25519Key)
        let token = try key.token(payload: JSONValue.object(ClaimTests.good).serialized(), type: "at+jwt")
        let verified = try VerifiedToken(
            token, keys: KeySet([key.publicKey]), validation: ClaimTests.validation, now: ClaimTests.now)
        return .init(token: verified, byteCount: byteCount)
    }

    private func digest(_ number: UInt8) -> SHA256Digest { SHA256.hash(data: [number]) }

    @Test("keeps no more than its limit, and what is asked for longest")
    func bounded() throws {
        let cache = VerifiedTokenCache(byteLimit: 1_000)
        let entry = try entry(byteCount: 100)
        for number in 0..<100 as Range<UInt8> {
            cache.insert(entry, for: digest(number))
            #expect(cache.byteCount <= 1_000)
            #expect(cache.token(for: digest(0)) != nil)
        }
        #expect(cache.token(for: digest(99)) != nil)
        #expect(cache.token(for: digest(50)) == nil)
    }

    @Test("keeps nothing that is larger than half of it")
    func large() throws {
        let cache = VerifiedTokenCache(byteLimit: 1_000)
        cache.insert(try entry(byteCount: 501), for: digest(0))
        #expect(cache.token(for: digest(0)) == nil)
    }

    @Test("removes, and counts right")
    func removes() throws {
        let cache = VerifiedTokenCache(byteLimit: 1_000)
        let entry = try entry(byteCount: 100)
        cache.insert(entry, for: digest(0))
        cache.insert(entry, for: digest(0))
        #expect(cache.byteCount == 100)
        cache.remove(digest(0))
        #expect(cache.byteCount == 0)
        #expect(cache.token(for: digest(0)) == nil)
    }
}
