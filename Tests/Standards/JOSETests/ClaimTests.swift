import JOSE
import JSON
import Testing

@Suite("Claims") struct ClaimTests {
    static let now = 1_800_000_000.0
    static let validation = ClaimValidation(
        issuer: "https://id.example", audiences: ["stac"], authorizedParties: ["terrapi"], types: ["at+jwt"])
    static let good: JSONObject = [
        "iss": "https://id.example", "sub": "ada", "aud": "stac", "exp": 1_800_000_300, "nbf": 1_800_000_000,
        "iat": 1_800_000_000,
    ]

    private static func with(_ name: String, _ value: JSONValue?) -> JSONObject {
        var claims = good
        claims[name] = value
        return claims
    }

    private func check(_ object: JSONObject, type: String? = "at+jwt", now: Double = now) throws {
        try Self.validation.check(Claims(object), type: type, now: now)
    }

    @Test(
        "refuses by the claim",
        arguments: [
            (with("iss", nil), .missing("iss")),
            (with("iss", "https://id.example/"), .wrongIssuer("https://id.example/")),
            (with("iss", 1), .invalid("iss")), (with("aud", nil), .wrongAudience([], authorizedParty: nil)),
            (with("aud", "account"), .wrongAudience(["account"], authorizedParty: nil)),
            (with("aud", []), .wrongAudience([], authorizedParty: nil)), (with("aud", ["stac", 1]), .invalid("aud")),
            (with("aud", true), .invalid("aud")), (with("azp", 1), .invalid("azp")),
            (with("sub", nil), .missing("sub")),
            (with("sub", 5), .invalid("sub")), (with("exp", nil), .missing("exp")), (with("exp", "1"), .invalid("exp")),
            (with("exp", 1_799_999_940), .expired(at: 1_799_999_940)), (with("exp", -1), .expired(at: -1)),
            (with("nbf", 1_800_000_061), .notYetValid(before: 1_800_000_061)), (with("nbf", "x"), .invalid("nbf")),
            (with("iat", []), .invalid("iat")), (with("jti", 1), .invalid("jti")),
        ] as [(JSONObject, ClaimError)])
    func refusals(claims: JSONObject, error: ClaimError) {
        #expect(throws: error) { try check(claims) }
    }

    @Test(
        "accepts",
        arguments: [
            good, with("aud", ["account", "stac"]), with("exp", 1_799_999_941), with("nbf", 1_800_000_060),
            with("nbf", nil), with("exp", 1_799_999_940.5), with("iat", nil), with("more", ["a": []]),
        ])
    func accepts(claims: JSONObject) { #expect(throws: Never.self) { try check(claims) } }

    @Test("accepts the client instead of the audience, which Keycloak needs")
    func authorizedParty() throws {
        var claims = Self.with("aud", "account")
        claims["azp"] = "terrapi"
        #expect(throws: Never.self) { try check(claims) }
        claims["azp"] = "other"
        #expect(throws: ClaimError.wrongAudience(["account"], authorizedParty: "other")) { try check(claims) }
    }

    @Test("accepts nobody when nobody is named")
    func nothingByDefault() {
        let validation = ClaimValidation(issuer: "https://id.example", types: nil)
        #expect(throws: ClaimError.wrongAudience(["stac"], authorizedParty: nil)) {
            try validation.check(Claims(Self.good), type: nil, now: Self.now)
        }
    }

    @Test("compares the kind of token")
    func types() {
        for type in ["at+jwt", "AT+JWT", "application/at+jwt", "Application/AT+jwt"] {
            #expect(throws: Never.self) { try check(Self.good, type: type) }
        }
        for type in [nil, "JWT", "", "id+jwt", "application/", "application/application/at+jwt"] as [String?] {
            #expect(throws: ClaimError.wrongType(type)) { try check(Self.good, type: type) }
        }
    }
}
