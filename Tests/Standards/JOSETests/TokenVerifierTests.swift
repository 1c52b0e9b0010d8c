import JOSE
import JSON
import Synchronization
import TestKit
import Testing

@Suite("Token verifier") struct TokenVerifierTests {
    /// Key sets that are handed out one after the other; the last for ever.
    final class Loader: Sendable {
        struct Unavailable: Error {}

        private let answers: Mutex<[KeySet?]>
        private let count = Mutex(0)

        init(_ answers: [KeySet?]) { self.answers = Mutex(answers) }

        var loads: Int { count.withLock { $0 } }

        func load() throws -> KeySet {
            count.withLock { $0 += 1 }
            let answer = answers.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }
            guard let answer else { throw Unavailable() }
            return answer
        }
    }

    let key: SigningKey
    let other: SigningKey

    init() throws {
        key = try SigningKey.generate(.edDSA)
        other = try SigningKey.generate(.es256)
    }

    private func verifier(_ loader: Loader, cacheByteLimit: Int = 1 << 20) -> TokenVerifier {
        TokenVerifier(
            keys: KeySource { try loader.load() }, validation: ClaimTests.validation, cacheByteLimit: cacheByteLimit)
    }

    private func token(_ key: SigningKey, claims: JSONObject = ClaimTests.good) throws -> String {
        try key.token(payload: JSONValue.object(claims).serialized(), type: "at+jwt")
    }

    @Test("verifies a token, and the same one again until it expires")
    func cached() async throws {
        let loader = Loader([KeySet([key.publicKey])])
        let verifier = verifier(loader)
        let token = try token(key)
        let first = try await verifier.verify(token, now: ClaimTests.now)
        #expect(first.claims.subject == "ada")
        #expect(try await verifier.verify(token, now: ClaimTests.now + 300) == first)
        await #expect(throws: ClaimError.expired(at: ClaimTests.now + 300)) {
            try await verifier.verify(token, now: ClaimTests.now + 360)
        }
        #expect(loader.loads == 1)
    }

    @Test("does not remember what it has refused")
    func refused() async throws {
        let verifier = verifier(Loader([KeySet([key.publicKey])]))
        let token = try token(key, claims: ["iss": "https://other.example"])
        for _ in 0..<2 {
            await #expect(throws: ClaimError.wrongIssuer("https://other.example")) {
                try await verifier.verify(token, now: ClaimTests.now)
            }
        }
    }

    @Test("loads keys again for one that it does not know, once a minute")
    func unknownKey() async throws {
        let loader = Loader([
            KeySet([key.publicKey]), KeySet([key.publicKey]), KeySet([key.publicKey, other.publicKey]),
        ])
        let verifier = verifier(loader)
        _ = try await verifier.verify(token(key), now: ClaimTests.now)
        let unknown = try token(other)
        for (seconds, loads) in [(1.0, 1), (59, 1), (60, 2), (61, 2), (119, 2)] {
            await #expect(throws: TokenError.unknownKey(id: other.id!)) {
                try await verifier.verify(unknown, now: ClaimTests.now + seconds)
            }
            #expect(loader.loads == loads)
        }
        #expect(try await verifier.verify(unknown, now: ClaimTests.now + 120).claims.subject == "ada")
        #expect(loader.loads == 3)
    }

    @Test("uses known keys on while the issuer cannot be reached, and asks again")
    func outage() async throws {
        let loader = Loader([nil, KeySet([key.publicKey]), nil, KeySet([other.publicKey])])
        let source = KeySource { try loader.load() }
        let now = ClaimTests.now
        await #expect(throws: Loader.Unavailable.self) { try await source.keys(for: nil, now: now) }
        await #expect(throws: Loader.Unavailable.self) { try await source.keys(for: nil, now: now + 59) }
        #expect(loader.loads == 1)
        #expect(try await source.keys(for: nil, now: now + 60) == KeySet([key.publicKey]))
        #expect(try await source.keys(for: nil, now: now + 3_659) == KeySet([key.publicKey]))
        #expect(loader.loads == 2)
        #expect(try await source.keys(for: nil, now: now + 3_660) == KeySet([key.publicKey]))
        #expect(loader.loads == 3)
        #expect(try await source.keys(for: nil, now: now + 3_720) == KeySet([other.publicKey]))
        #expect(loader.loads == 4)
    }

    @Test("loads again after the clock was put back")
    func clock() async throws {
        let loader = Loader([KeySet([key.publicKey]), KeySet([other.publicKey])])
        let source = KeySource { try loader.load() }
        _ = try await source.keys(for: nil, now: ClaimTests.now)
        #expect(try await source.keys(for: nil, now: ClaimTests.now - 86_400) == KeySet([other.publicKey]))
    }

    @Test("forgets tokens of a key that was withdrawn")
    func withdrawn() async throws {
        let verifier = verifier(Loader([KeySet([key.publicKey]), KeySet([other.publicKey])]))
        let token = try token(
            key,
            claims: {
                var claims = ClaimTests.good
                claims["exp"] = 1_800_100_000
                return claims
            }())
        _ = try await verifier.verify(token, now: ClaimTests.now)
        await #expect(throws: TokenError.unknownKey(id: key.id!)) {
            try await verifier.verify(token, now: ClaimTests.now + 3600)
        }
    }

    @Test("loads once for many that ask at once")
    func oneLoad() async throws {
        let loader = Loader([KeySet([key.publicKey])])
        let gate = AsyncStream.makeStream(of: Void.self)
        let source = KeySource {
            for await _ in gate.stream { break }
            return try loader.load()
        }
        try await withThrowingTaskGroup(of: KeySet.self) { group in
            for _ in 0..<50 { group.addTask { try await source.keys(for: nil, now: ClaimTests.now) } }
            gate.continuation.yield()
            for try await keys in group { #expect(keys == KeySet([key.publicKey])) }
        }
        #expect(loader.loads == 1)
    }

    @Test("verifies more tokens than it can remember")
    func bounded() async throws {
        let verifier = verifier(Loader([KeySet([key.publicKey])]), cacheByteLimit: 2_000)
        for round in 0..<2 {
            for number in 0..<40 {
                var claims = ClaimTests.good
                claims["jti"] = .string("\(number)")
                let verified = try await verifier.verify(token(key, claims: claims), now: ClaimTests.now)
                #expect(verified.claims.id == "\(number)", "round \(round)")
            }
        }
    }
}
