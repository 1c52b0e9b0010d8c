public import JSON

/// Why a token is refused, before its claims are looked at.
public enum TokenError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Part: String, Hashable, Sendable { case header, payload, signature }

    /// More bytes than `limit`.
    case tooLong(byteCount: Int, limit: Int)
    /// Not three parts with two dots between them. Encrypted tokens have five.
    case notThreeParts
    /// Another character than those of base64url, padding, or unused bits that are not zero.
    case notBase64URL(Part)
    /// Not JSON, or JSON that readers understand differently, as with a member that occurs twice.
    case notJSON(Part, JSONError)
    case notAnObject(Part)
    /// The header's member has the wrong type.
    case invalidMember(String)
    case missingAlgorithm
    /// `none`, a shared secret, or any other algorithm that we do not have.
    case unsupportedAlgorithm(String)
    /// The header demands extensions; we have none.
    case criticalExtensions
    /// The payload is not base64url (`b64` is false).
    case unencodedPayload
    /// There is no key with this id for the header's algorithm.
    case unknownKey(id: String)
    /// The key with this id is for another algorithm than the header's.
    case wrongAlgorithm(String, keyID: String)
    /// The header has no id, and there is not exactly one key for its algorithm.
    case missingKeyID
    /// Signatures of the key have `expected` bytes.
    case signatureLength(byteCount: Int, expected: Int)
    case invalidSignature

    public var description: String {
        switch self {
        case .tooLong(let byteCount, let limit): "the token has \(byteCount) bytes; at most \(limit) are accepted"
        case .notThreeParts: "the token does not have the three parts of a signed token"
        case .notBase64URL(let part): "the \(part.rawValue) of the token is not canonical base64url"
        case .notJSON(let part, let error): "the \(part.rawValue) of the token is \(error)"
        case .notAnObject(let part): "the \(part.rawValue) of the token is not a JSON object"
        case .invalidMember(let name): "the member '\(excerpt(name))' of the token's header has the wrong type"
        case .missingAlgorithm: "the token's header names no algorithm"
        case .unsupportedAlgorithm(let name): "tokens with the algorithm '\(excerpt(name))' are not accepted"
        case .criticalExtensions: "the token demands extensions ('crit'), of which none is supported"
        case .unencodedPayload: "the token's payload is not encoded ('b64')"
        case .unknownKey(let id): "no key has the id '\(excerpt(id))' of the token"
        case .wrongAlgorithm(let name, let id):
            "the key '\(excerpt(id))' is not for the algorithm '\(excerpt(name))' of the token"
        case .missingKeyID: "the token names no key, and there is not exactly one for its algorithm"
        case .signatureLength(let byteCount, let expected):
            "the token's signature has \(byteCount) bytes instead of \(expected)"
        case .invalidSignature: "the token's signature is not that of the key"
        }
    }
}
