import JSON

/// Reads members of a JSON Web Key.
struct KeyMembers {
    let jwk: JSONObject

    init(_ jwk: JSONObject) { self.jwk = jwk }

    func text(_ name: String) throws(KeyError) -> String {
        guard let text = try optionalText(name) else { throw .missingMember(name) }
        return text
    }

    func optionalText(_ name: String) throws(KeyError) -> String? {
        guard let value = jwk[name] else { return nil }
        guard let text = value.string else { throw .invalidMember(name) }
        return text
    }

    func bytes(_ name: String) throws(KeyError) -> [UInt8] {
        guard let bytes = Base64URL.decode(try text(name)), !bytes.isEmpty else { throw .invalidMember(name) }
        return bytes
    }

    /// The algorithm that `alg` names, or the first of `allowed` when there is no such member.
    func algorithm(among allowed: [SignatureAlgorithm]) throws(KeyError) -> SignatureAlgorithm {
        guard let name = try optionalText("alg") else { return allowed[0] }
        guard let algorithm = SignatureAlgorithm(name: name), allowed.contains(algorithm) else {
            throw .unsupportedAlgorithm(name)
        }
        return algorithm
    }

    /// Source: [RFC 7517, sections 4.2 and 4.3](https://www.rfc-editor.org/rfc/rfc7517#section-4.2).
    func checkUse(for operation: String) throws(KeyError) {
        if let use = try optionalText("use"), use != "sig" { throw .notForSignatures }
        if let operations = jwk["key_ops"] {
            guard let operations = operations.array else { throw .invalidMember("key_ops") }
            guard operations.contains(.string(operation)) else { throw .notForSignatures }
        }
    }
}
