import Crypto
import JOSE
import JSON
import TestKit
import Testing

/// Tokens that must be refused, each for its own reason.
@Suite("Attacks on tokens") struct AttackTests {
    static let claims: JSONObject = ["sub": "ada"]
    static let payload = Base64URL.encode(JSONValue.object(claims).serialized())

    let rsa: SigningKey
    let p256: SigningKey
    let ed25519: SigningKey
    let keys: KeySet

    init() throws {
        rsa = try Self.key(VectorTests.rsaKey, id: "rsa")
        p256 = try Self.key(VectorTests.p256Key, id: "ec")
        ed25519 = try Self.key(VectorTests.ed25519Key, id: "ed")
        keys = KeySet([rsa.publicKey, p256.publicKey, ed25519.publicKey])
    }

    static func key(_ text: String, id: String) throws -> SigningKey {
        var key = try VectorTests.signingKey(text)
        key.id = id
        return key
    }

    private func verify(_ token: String) throws(TokenError) -> [UInt8] {
        let token = try SignedToken(token)
        return try token.payload(verifiedWith: token.key(among: keys))
    }

    private func signed(header: String, by key: SigningKey, payload: String = payload) throws -> String {
        let message = Base64URL.encode(header.utf8) + "." + payload
        return message + "." + Base64URL.encode(try key.signature(of: Array(message.utf8)))
    }

    @Test("accepts what is right, under every name, with members that it does not know")
    func accepts() throws {
        for key in [rsa, p256, ed25519] {
            let token = try key.token(payload: JSONValue.object(Self.claims).serialized(), type: "JWT")
            #expect(try JSONValue(parsing: verify(token)).object == Self.claims)
        }
        let headers = [
            #"{"alg":"EdDSA","kid":"ed"}"#, #"{"alg":"Ed25519","kid":"ed"}"#, #"{"alg":"EdDSA"}"#,
            #"{"kid":"ed","alg":"EdDSA","x":{"y":[1]},"b64":true}"#,
            "\t{ \"alg\" : \"EdDSA\",\r\n \"kid\": \"ed\" }\n",
        ]
        for header in headers {
            #expect(throws: Never.self) { try verify(signed(header: header, by: ed25519)) }
        }
    }

    @Test(
        "refuses headers",
        arguments: [
            (#"{"alg":"none"}"#, .unsupportedAlgorithm("none")), (#"{"alg":"None"}"#, .unsupportedAlgorithm("None")),
            (#"{"alg":"none","kid":"ed"}"#, .unsupportedAlgorithm("none")), (#"{"alg":""}"#, .unsupportedAlgorithm("")),
            (#"{"alg":"HS256","kid":"rsa"}"#, .unsupportedAlgorithm("HS256")),
            (#"{"alg":"RS512","kid":"rsa"}"#, .unsupportedAlgorithm("RS512")),
            (#"{"alg":"es256","kid":"ec"}"#, .unsupportedAlgorithm("es256")), (#"{"kid":"ed"}"#, .missingAlgorithm),
            (#"{}"#, .missingAlgorithm), (#"{"alg":1}"#, .invalidMember("alg")),
            (#"{"alg":["EdDSA"]}"#, .invalidMember("alg")), (#"{"alg":"EdDSA","kid":7}"#, .invalidMember("kid")),
            (#"{"alg":"EdDSA","kid":null}"#, .invalidMember("kid")),
            (#"{"alg":"EdDSA","typ":{}}"#, .invalidMember("typ")),
            (#"{"alg":"EdDSA","kid":"ed","crit":["exp"],"exp":1}"#, .criticalExtensions),
            (#"{"alg":"EdDSA","kid":"ed","crit":[]}"#, .criticalExtensions),
            (#"{"alg":"EdDSA","kid":"ed","b64":false,"crit":["b64"]}"#, .unencodedPayload),
            (#"{"alg":"EdDSA","kid":"ed","b64":false}"#, .unencodedPayload), (#"[]"#, .notAnObject(.header)),
            (#""EdDSA""#, .notAnObject(.header)),
            (#"{"alg":"RS256","kid":"ed"}"#, .wrongAlgorithm("RS256", keyID: "ed")),
            (#"{"alg":"EdDSA","kid":"rsa"}"#, .wrongAlgorithm("EdDSA", keyID: "rsa")),
            (#"{"alg":"PS256","kid":"rsa"}"#, .wrongAlgorithm("PS256", keyID: "rsa")),
            (#"{"alg":"PS256"}"#, .missingKeyID),
            (#"{"alg":"EdDSA","kid":"ED"}"#, .unknownKey(id: "ED")),
            (#"{"alg":"EdDSA","kid":""}"#, .unknownKey(id: "")),
            (#"{"alg":"EdDSA","kid":"../../dev/null"}"#, .unknownKey(id: "../../dev/null")),
        ] as [(String, TokenError)])
    func headers(header: String, error: TokenError) throws {
        let token = try signed(header: header, by: ed25519)
        #expect(throws: error) { try verify(token) }
    }

    @Test(
        "refuses headers that readers could understand differently",
        arguments: [
            #"{"alg":"EdDSA","alg":"none","kid":"ed"}"#, #"{"alg":"EdDSA","\u0061lg":"none","kid":"ed"}"#,
            #"{"alg":"EdDSA","kid":"ed","kid":"ec"}"#, #"{"alg":"EdDSA","kid":"\ud800"}"#, #"{"alg":"EdDSA",}"#,
            #"{"alg""#,
            "", #"{"alg":"EdDSA","kid":"ed"} x"#, #"{"alg":"EdDSA","kid":"ed","n":1e999}"#,
        ])
    func ambiguousHeaders(header: String) throws {
        let token = try signed(header: header, by: ed25519)
        let error = try #require(throws: TokenError.self) { try verify(token) }
        guard case .notJSON(.header, _) = error else {
            Issue.record("\(error)")
            return
        }
    }

    @Test("refuses the RSA key as a shared secret, whatever the header says")
    func confusion() throws {
        for spelling in [rsa.publicKey.jwk["n"]!.string!, JSONValue.object(rsa.publicKey.jwk).jsonText] {
            let secret = SymmetricKey(data: Array(spelling.utf8))
            for algorithm in ["HS256", "RS256"] {
                let message = Base64URL.encode("{\"alg\":\"\(algorithm)\",\"kid\":\"rsa\"}".utf8) + "." + Self.payload
                let code = Array(HMAC<SHA256>.authenticationCode(for: Array(message.utf8), using: secret))
                #expect(throws: TokenError.self) { try verify(message + "." + Base64URL.encode(code)) }
            }
        }
    }

    @Test("does not use a key that the token itself brings", arguments: ["jwk", "jku", "x5c", "x5u"])
    func embeddedKey(member: String) throws {
        let foreign = try SigningKey.generate(.edDSA)
        let value: JSONValue = member == "jwk" ? .object(foreign.publicKey.jwk) : "https://evil.example/keys"
        let header = JSONValue.object(["alg": "EdDSA", "kid": "ed", member: value]).jsonText
        let token = try signed(header: header, by: foreign)
        #expect(throws: TokenError.invalidSignature) { try verify(token) }
        #expect(throws: Never.self) { try verify(signed(header: header, by: ed25519)) }
    }

    @Test("refuses the signature of another key of the same kind", arguments: [SignatureAlgorithm.es256, .edDSA])
    func foreignKey(algorithm: SignatureAlgorithm) throws {
        var foreign = try SigningKey.generate(algorithm)
        foreign.id = algorithm == .es256 ? "ec" : "ed"
        let token = try foreign.token(payload: [], type: nil)
        #expect(throws: TokenError.invalidSignature) { try verify(token) }
    }

    @Test("refuses signatures of other lengths and other forms")
    func signatures() throws {
        for key in [rsa, p256, ed25519] {
            let message = Base64URL.encode("{\"alg\":\"\(key.algorithm.rawValue)\",\"kid\":\"\(key.id!)\"}".utf8) + "."
            let right = try key.signature(of: Array(message.utf8))
            let expected = key.publicKey.signatureByteCount
            #expect(right.count == expected)
            for wrong in [
                [], Array(right.dropLast()), right + [0], [0] + right, Array(right.dropFirst()), right + right,
            ] {
                #expect(throws: TokenError.signatureLength(byteCount: wrong.count, expected: expected)) {
                    try verify(message + "." + Base64URL.encode(wrong))
                }
            }
            for fill in [0x00, 0x01, 0xff] as [UInt8] {
                let wrong = [UInt8](repeating: fill, count: expected)
                #expect(throws: TokenError.invalidSignature) { try verify(message + "." + Base64URL.encode(wrong)) }
            }
        }
    }

    @Test("refuses ES256 as DER, and with r or s of zero or of the order of the curve")
    func es256() throws {
        let message = Base64URL.encode(#"{"alg":"ES256","kid":"ec"}"#.utf8) + "." + Self.payload
        let right = try p256.signature(of: Array(message.utf8))
        let der = Array(try P256.Signing.ECDSASignature(rawRepresentation: right).derRepresentation)
        #expect(throws: TokenError.signatureLength(byteCount: der.count, expected: 64)) {
            try verify(message + "." + Base64URL.encode(der))
        }
        // Source: FIPS 186-4, section D.1.2.3.
        let order: [UInt8] = [
            0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad,
            0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
        ]
        let zero = [UInt8](repeating: 0, count: 32)
        let (r, s) = (Array(right[..<32]), Array(right[32...]))
        for wrong in [zero + s, r + zero, zero + zero, order + s, r + order, order + order, s + r, zero + order] {
            #expect(throws: TokenError.invalidSignature) { try verify(message + "." + Base64URL.encode(wrong)) }
        }
    }

    @Test("refuses the other padding of RSA by the same key")
    func padding() throws {
        var jwk = rsa.jwk
        jwk["alg"] = "PS256"
        let pss = try SigningKey(jwk: jwk)
        let message = Base64URL.encode(#"{"alg":"RS256","kid":"rsa"}"#.utf8) + "." + Self.payload
        let token = message + "." + Base64URL.encode(try pss.signature(of: Array(message.utf8)))
        #expect(throws: TokenError.invalidSignature) { try verify(token) }

        let own = try SignedToken(pss.token(payload: [], type: nil))
        #expect(throws: Never.self) { try own.payload(verifiedWith: pss.publicKey) }
        #expect(throws: TokenError.wrongAlgorithm("PS256", keyID: "rsa")) {
            try own.payload(verifiedWith: rsa.publicKey)
        }
    }

    @Test("refuses every other spelling of the same bytes")
    func spellings() throws {
        let token = try ed25519.token(payload: Array("{}x".utf8), type: nil)
        let parts = token.split(separator: ".").map(String.init)
        for (index, part) in [TokenError.Part.header, .payload, .signature].enumerated() {
            let original = parts[index]
            // Unused bits of the last character that are not zero, where there are any.
            let last = original.utf8.last!
            let unused = original.utf8.count % 4 == 0 ? nil : String(UnicodeScalar(last + 1))
            let spellings =
                [original + "=", original + "==", original + "\n", " " + original, original + "A/", original + "+"]
                + [unused.map { original.dropLast() + $0 }].compactMap { $0 }
            for spelling in spellings {
                var changed = parts
                changed[index] = spelling
                #expect(throws: TokenError.notBase64URL(part), "\(spelling)") {
                    try verify(changed.joined(separator: "."))
                }
            }
        }
    }

    @Test("refuses what has not three parts", arguments: ["", ".", "a", "a.b", "a.b.c.d", "a.b.c.d.e", "...."])
    func parts(token: String) { #expect(throws: TokenError.notThreeParts) { try SignedToken(token) } }

    @Test("refuses tokens of JSON instead of the compact form")
    func jsonSerialization() {
        let error = #expect(throws: TokenError.self) {
            try SignedToken(#"{"payload":"e30","protected":"eyJ9","signature":"AA"}"#)
        }
        #expect(error == .notThreeParts)
    }

    @Test("accepts 64 KiB and not a byte more")
    func length() throws {
        let frame = try ed25519.token(payload: [], type: nil).utf8.count
        let fitting = (SignedToken.byteLimit - frame) / 4 * 3
        #expect(throws: Never.self) {
            try verify(ed25519.token(payload: [UInt8](repeating: 0x20, count: fitting), type: nil))
        }
        let long = try ed25519.token(payload: [UInt8](repeating: 0x20, count: fitting + 3), type: nil)
        #expect(throws: TokenError.tooLong(byteCount: long.utf8.count, limit: 65_536)) { try verify(long) }
    }

    @Test("refuses a token with any byte changed")
    func flippedBytes() throws {
        for seed in TestRounds.seeds(1) {
            var random = SeededGenerator(seed: seed)
            for key in [p256, ed25519, rsa] {
                let token = Array(try key.token(payload: JSONValue.object(Self.claims).serialized(), type: "JWT").utf8)
                for index in token.indices {
                    var changed = token
                    changed[index] ^= UInt8(random.integer(1...127))
                    let text = String(decoding: changed, as: UTF8.self)
                    #expect(throws: TokenError.self, "byte \(index) of \(text), \(random)") { try verify(text) }
                }
            }
        }
    }
}
