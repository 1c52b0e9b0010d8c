import JSON

/// The header of a signed token. Members that we do not know are ignored; so are keys in it (`jwk`, `jku`, `x5c`, `x5u`),
/// since a token cannot vouch for itself.
///
/// Source: [RFC 7515, section 4](https://www.rfc-editor.org/rfc/rfc7515#section-4).
public struct SignatureHeader: Sendable, Hashable {
    public let algorithm: SignatureAlgorithm
    /// `alg` as it was written.
    public let algorithmName: String
    /// `kid`: which key has signed.
    public let keyID: String?
    /// `typ`: what kind of token it is, such as `at+jwt`.
    public let type: String?

    init(_ object: JSONObject) throws(TokenError) {
        func text(_ name: String) throws(TokenError) -> String? {
            guard let value = object[name] else { return nil }
            guard let text = value.string else { throw .invalidMember(name) }
            return text
        }
        guard let name = try text("alg") else { throw .missingAlgorithm }
        guard let algorithm = SignatureAlgorithm(name: name) else { throw .unsupportedAlgorithm(name) }
        // Before `crit`, which must list it: the more telling error of the two.
        if object["b64"] == false { throw .unencodedPayload }
        guard object["crit"] == nil else { throw .criticalExtensions }
        self.algorithm = algorithm
        algorithmName = name
        keyID = try text("kid")
        type = try text("typ")
    }
}
