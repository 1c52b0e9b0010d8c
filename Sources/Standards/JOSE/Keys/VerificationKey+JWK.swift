import Crypto
public import JSON

extension VerificationKey {
    /// Names of private members, which a public key must not have.
    private static let privateNames = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"]

    /// A public key of JSON.
    ///
    /// An RSA key without `alg` is for `RS256`, which every issuer has.
    ///
    /// - Throws: `KeyError` by the fault.
    ///
    /// Sources: [RFC 7517, section 4](https://www.rfc-editor.org/rfc/rfc7517#section-4),
    /// [RFC 7518, section 6](https://www.rfc-editor.org/rfc/rfc7518#section-6),
    /// [RFC 8037, section 2](https://www.rfc-editor.org/rfc/rfc8037#section-2).
    public init(jwk: JSONObject) throws(KeyError) {
        guard !Self.privateNames.contains(where: { jwk[$0] != nil }) else { throw .privateMembers }
        let members = KeyMembers(jwk)
        try members.checkUse(for: "verify")
        try self.init(publicMembers: members)
    }

    init(publicMembers members: KeyMembers) throws(KeyError) {
        let id = try members.optionalText("kid")
        let kind = try members.text("kty")
        switch kind {
        case "RSA":
            try self.init(
                rsaModulus: members.bytes("n"), exponent: members.bytes("e"), id: id,
                algorithm: members.algorithm(among: [.rs256, .ps256]))
        case "EC":
            let curve = try members.text("crv")
            guard curve == "P-256" else { throw .unsupportedKind("EC \(curve)") }
            _ = try members.algorithm(among: [.es256])
            try self.init(p256X: members.bytes("x"), y: members.bytes("y"), id: id)
        case "OKP":
            let curve = try members.text("crv")
            guard curve == "Ed25519" else { throw .unsupportedKind("OKP \(curve)") }
            _ = try members.algorithm(among: [.edDSA])
            try self.init(ed25519X: members.bytes("x"), id: id)
        default: throw .unsupportedKind(kind)
        }
    }

    /// The members that make the key, in the order of a thumbprint.
    ///
    /// Source: [RFC 7638, section 3.2](https://www.rfc-editor.org/rfc/rfc7638#section-3.2).
    var publicMembers: JSONObject {
        switch material {
        case .rsa(_, let modulus, let exponent):
            ["e": .string(Base64URL.encode(exponent)), "kty": "RSA", "n": .string(Base64URL.encode(modulus))]
        case .p256(let key):
            [
                "crv": "P-256", "kty": "EC", "x": .string(Base64URL.encode(key.rawRepresentation.prefix(32))),
                "y": .string(Base64URL.encode(key.rawRepresentation.suffix(32))),
            ]
        case .ed25519(let key):
            ["crv": "Ed25519", "kty": "OKP", "x": .string(Base64URL.encode(key.rawRepresentation))]
        }
    }

    /// The public key as JSON, with `kid` if it has an id, `alg`, and `use`.
    public var jwk: JSONObject {
        var jwk = publicMembers
        if let id { jwk["kid"] = .string(id) }
        jwk["alg"] = .string(algorithm.rawValue)
        jwk["use"] = "sig"
        return jwk
    }

    /// SHA-256 of the key's numbers, as base64url: a `kid` that anybody computes alike.
    ///
    /// Source: [RFC 7638](https://www.rfc-editor.org/rfc/rfc7638).
    public var thumbprint: String {
        Base64URL.encode(Array(SHA256.hash(data: JSONValue.object(publicMembers).serialized())))
    }
}
