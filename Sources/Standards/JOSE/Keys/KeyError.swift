/// Why a JSON Web Key or a set of them cannot be used.
public enum KeyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Not a JSON object, or a set without the array `keys`.
    case notAKey
    case missingMember(String)
    /// The member has the wrong type, is not canonical base64url, or does not have the length that the kind demands.
    case invalidMember(String)
    /// Neither `RSA`, nor `EC` with `P-256`, nor `OKP` with `Ed25519`.
    case unsupportedKind(String)
    /// `alg` names an algorithm that we do not have, or that does not go with the kind.
    case unsupportedAlgorithm(String)
    /// `use` or `key_ops` say that the key is not for what it was to be used for.
    case notForSignatures
    /// The modulus does not have 2,048 to 8,192 bits.
    case modulusSize(bits: Int)
    /// The exponent is even or below 65,537 or has more than 32 bits.
    case exponent
    /// The numbers do not make a key: a point beside the curve, or a private key that is not that of the public one.
    case inconsistent
    /// A key that is to be public has private members: whoever published it must replace it.
    case privateMembers
    /// Two keys of a set have the same `kid` and the same algorithm, so that a token could mean either.
    case duplicateID(String)

    public var description: String {
        switch self {
        case .notAKey: "not a JSON Web Key or a set of them"
        case .missingMember(let name): "the key has no member '\(name)'"
        case .invalidMember(let name): "the member '\(name)' of the key is not valid"
        case .unsupportedKind(let kind): "keys of kind '\(excerpt(kind))' are not supported"
        case .unsupportedAlgorithm(let name):
            "the algorithm '\(excerpt(name))' is not supported, or not by this kind of key"
        case .notForSignatures: "the key is not for signatures"
        case .modulusSize(let bits): "the RSA key has \(bits) bits, not 2,048 to 8,192"
        case .exponent: "the exponent of the RSA key is not an odd number of at least 65,537 and at most 32 bits"
        case .inconsistent: "the numbers of the key do not belong together"
        case .privateMembers: "the key was to be public, and has private members"
        case .duplicateID(let id): "two keys have the id '\(excerpt(id))'"
        }
    }
}
