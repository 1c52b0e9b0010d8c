import JOSE
import JSON
import Testing

@Suite("JSON Web Keys") struct KeyTests {
    static let x = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"
    static let y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
    static let ed = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"

    private func object(_ text: String) throws -> JSONObject { try #require(JSONValue(parsing: text).object) }

    /// A modulus of so many bits, as base64url; odd, and good for nothing.
    static func modulus(bits: Int) -> String {
        var bytes = [UInt8](repeating: 0xff, count: (bits + 7) / 8)
        if bits % 8 != 0 { bytes[0] = 1 << UInt8(bits % 8) - 1 }
        return Base64URL.encode(bytes)
    }

    @Test("makes keys that sign, and writes and reads them", arguments: SignatureAlgorithm.allCases)
    func roundTrip(algorithm: SignatureAlgorithm) throws {
        let key = try SigningKey.generate(algorithm, rsaBits: 2048)
        #expect(key.algorithm == algorithm)
        #expect(key.id == key.publicKey.thumbprint)
        let message: [UInt8] = [1, 2, 3]
        let signature = try key.signature(of: message)
        #expect(key.publicKey.isValid(signature, for: message))
        #expect(!key.publicKey.isValid(signature, for: [1, 2, 4]))

        let read = try SigningKey(jwk: object(JSONValue.object(key.jwk).jsonText))
        #expect(read.jwk == key.jwk)
        #expect(key.publicKey.isValid(try read.signature(of: message), for: message))
        let published = try VerificationKey(jwk: object(JSONValue.object(key.publicKey.jwk).jsonText))
        #expect(published == key.publicKey)
        #expect(published.isValid(signature, for: message))
        #expect(throws: KeyError.privateMembers) { try VerificationKey(jwk: key.jwk) }
        #expect(throws: KeyError.missingMember("d")) { try SigningKey(jwk: key.publicKey.jwk) }
    }

    @Test("has all members of a private RSA key that the standard wants")
    func rsaMembers() throws {
        let jwk = try VectorTests.signingKey(VectorTests.rsaKey).jwk
        #expect(jwk.names == ["e", "kty", "n", "alg", "use", "d", "p", "q", "dp", "dq", "qi"])
        let source = try object(VectorTests.rsaKey)
        for name in source.names { #expect(jwk[name] == source[name], "\(name)") }
    }

    @Test("does not show its numbers")
    func description() throws {
        let key = try VectorTests.signingKey(VectorTests.ed25519Key)
        var dumped = ""
        dump(key, to: &dumped)
        for text in ["\(key)", String(reflecting: key), dumped] { #expect(!text.contains("nWGxne")) }
    }

    @Test(
        "refuses keys",
        arguments: [
            (#"{}"#, .missingMember("kty")), (#"{"kty":1}"#, .invalidMember("kty")),
            (#"{"kty":"oct","alg":"HS256"}"#, .unsupportedKind("oct")), (#"{"kty":"oct","k":"AAAA"}"#, .privateMembers),
            (#"{"kty":"EC","crv":"P-384","x":"AA","y":"AA"}"#, .unsupportedKind("EC P-384")),
            (#"{"kty":"EC","crv":"secp256k1","x":"AA","y":"AA"}"#, .unsupportedKind("EC secp256k1")),
            (#"{"kty":"OKP","crv":"Ed448","x":"AA"}"#, .unsupportedKind("OKP Ed448")),
            (#"{"kty":"OKP","crv":"X25519","x":"AA"}"#, .unsupportedKind("OKP X25519")),
            (#"{"kty":"OKP","x":"AA"}"#, .missingMember("crv")),
            (#"{"kty":"OKP","crv":"Ed25519"}"#, .missingMember("x")),
            (#"{"kty":"OKP","crv":"Ed25519","x":"AA"}"#, .invalidMember("x")),
            (#"{"kty":"OKP","crv":"Ed25519","x":""}"#, .invalidMember("x")),
            ("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"\(ed)=\"}", .invalidMember("x")),
            ("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"\(ed)\",\"use\":\"enc\"}", .notForSignatures),
            ("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"\(ed)\",\"key_ops\":[\"encrypt\"]}", .notForSignatures),
            ("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"\(ed)\",\"key_ops\":\"verify\"}", .invalidMember("key_ops")),
            ("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"\(ed)\",\"alg\":\"ES256\"}", .unsupportedAlgorithm("ES256")),
            ("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"\(ed)\",\"kid\":1}", .invalidMember("kid")),
            ("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"\(x)\",\"y\":\"\(x)\"}", .inconsistent),
            ("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"\(x)\"}", .missingMember("y")),
            ("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"\(x)\",\"y\":\"AA\"}", .invalidMember("y")),
            (
                "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"\(x)\",\"y\":\"\(y)\",\"alg\":\"ES384\"}",
                .unsupportedAlgorithm("ES384")
            ),
            ("{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"\(modulus(bits: 1024))\"}", .modulusSize(bits: 1024)),
            ("{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"\(modulus(bits: 2047))\"}", .modulusSize(bits: 2047)),
            ("{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"\(modulus(bits: 8193))\"}", .modulusSize(bits: 8193)),
            ("{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"AP\(modulus(bits: 2048))\"}", .invalidMember("n")),
            ("{\"kty\":\"RSA\",\"e\":\"AQ\",\"n\":\"\(modulus(bits: 2048))\"}", .exponent),
            ("{\"kty\":\"RSA\",\"e\":\"Aw\",\"n\":\"\(modulus(bits: 2048))\"}", .exponent),
            ("{\"kty\":\"RSA\",\"e\":\"AQAA\",\"n\":\"\(modulus(bits: 2048))\"}", .exponent),
            ("{\"kty\":\"RSA\",\"e\":\"AAEAAQ\",\"n\":\"\(modulus(bits: 2048))\"}", .exponent),
            ("{\"kty\":\"RSA\",\"e\":\"AQAAAAE\",\"n\":\"\(modulus(bits: 2048))\"}", .exponent),
            (
                "{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"\(modulus(bits: 2048))\",\"alg\":\"RSA-OAEP\"}",
                .unsupportedAlgorithm("RSA-OAEP")
            ),
        ] as [(String, KeyError)])
    func refusals(text: String, error: KeyError) throws {
        let jwk = try object(text)
        #expect(throws: error) { try VerificationKey(jwk: jwk) }
    }

    @Test("accepts RSA keys of the smallest and the largest size", arguments: [2048, 8192])
    func rsaSizes(bits: Int) throws {
        let jwk = try object("{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"\(Self.modulus(bits: bits))\"}")
        #expect(try VerificationKey(jwk: jwk).signatureByteCount == bits / 8)
    }

    @Test("refuses a private key that is not that of the public one")
    func mismatch() throws {
        for (algorithm, vector) in [(SignatureAlgorithm.es256, VectorTests.p256Key), (.edDSA, VectorTests.ed25519Key)] {
            var jwk = try VectorTests.signingKey(vector).jwk
            jwk["d"] = try SigningKey.generate(algorithm).jwk["d"]
            #expect(throws: KeyError.inconsistent) { try SigningKey(jwk: jwk) }
        }
        var rsa = try object(VectorTests.rsaKey)
        rsa["p"] = rsa["q"]
        #expect(throws: KeyError.inconsistent) { try SigningKey(jwk: rsa) }
    }

    @Test("ignores keys of a set that it cannot use, and says why")
    func keySet() throws {
        let ed = "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"\(Self.ed)\",\"kid\":"
        let ec = "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"\(Self.x)\",\"y\":\"\(Self.y)\",\"kid\":"
        let set = try JSONValue(
            parsing: """
                {"keys":[\(ed)"a"},\(ed)"b"},\(ec)"a"},\(ec)"b"},\(ec)"b"},{"kty":"oct","kid":"c"},7,
                \(ed)"d","use":"enc"}],"more":1}
                """)
        let keys = try KeySet(jwks: set)
        #expect(keys.keys.map(\.id) == ["a", "b", "a"])
        #expect(
            keys.ignored == [
                .unsupportedKind("oct"), .notAKey, .notForSignatures, .duplicateID("b"), .duplicateID("b"),
            ])
        #expect(keys.key(id: "a", algorithm: .edDSA)?.algorithm == .edDSA)
        #expect(keys.key(id: "a", algorithm: .es256)?.algorithm == .es256)
        #expect(keys.key(id: "a", algorithm: .rs256) == nil)
        #expect(keys.key(id: nil, algorithm: .es256)?.id == "a")
        #expect(keys.key(id: nil, algorithm: .edDSA) == nil)
        #expect(try KeySet(jwks: keys.jwks) == KeySet(keys.keys))
        #expect(try KeySet(jwks: set, algorithms: [.es256]).keys.map(\.id) == ["a"])
        for text in ["[]", "{}", #"{"keys":{}}"#] {
            #expect(throws: KeyError.notAKey) { try KeySet(jwks: JSONValue(parsing: text)) }
        }
    }
}
