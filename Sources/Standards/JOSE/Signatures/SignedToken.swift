import JSON

/// A JSON Web Signature in the compact form, taken apart and not yet verified.
///
/// Source: [RFC 7515, section 7.1](https://www.rfc-editor.org/rfc/rfc7515#section-7.1).
public struct SignedToken: Sendable {
    /// Longest accepted token, in bytes.
    public static let byteLimit = 65_536

    public let header: SignatureHeader
    /// Says nothing before `verify` has succeeded.
    package let unverifiedPayload: [UInt8]
    /// The encoded header and payload, with the dot.
    private let signedBytes: [UInt8]
    private let signature: [UInt8]

    /// - Throws: `TokenError` by the fault.
    public init(_ token: String) throws(TokenError) {
        let bytes = Array(token.utf8)
        guard bytes.count <= Self.byteLimit else {
            throw .tooLong(byteCount: bytes.count, limit: Self.byteLimit)
        }
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw .notThreeParts }
        guard let headerBytes = Base64URL.decode(parts[0]) else { throw .notBase64URL(.header) }
        guard let payload = Base64URL.decode(parts[1]) else { throw .notBase64URL(.payload) }
        guard let signature = Base64URL.decode(parts[2]) else { throw .notBase64URL(.signature) }
        header = try SignatureHeader(Self.object(headerBytes, .header))
        unverifiedPayload = payload
        signedBytes = Array(bytes[..<parts[1].endIndex])
        self.signature = signature
    }

    static func object(_ bytes: [UInt8], _ part: TokenError.Part) throws(TokenError) -> JSONObject {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: bytes)
        } catch {
            throw .notJSON(part, error)
        }
        guard let object = value.object else { throw .notAnObject(part) }
        return object
    }

    /// The key that the header names.
    ///
    /// - Throws: `TokenError.unknownKey`, `wrongAlgorithm` or `missingKeyID`.
    public func key(among keys: KeySet) throws(TokenError) -> VerificationKey {
        guard let key = keys.key(id: header.keyID, algorithm: header.algorithm) else {
            guard let id = header.keyID else { throw .missingKeyID }
            throw keys.contains(id: id) ? .wrongAlgorithm(header.algorithmName, keyID: id) : .unknownKey(id: id)
        }
        return key
    }

    /// The payload, once `key` has proved to have signed it, with the algorithm that the key is for.
    ///
    /// - Throws: `TokenError` by the fault.
    public func payload(verifiedWith key: VerificationKey) throws(TokenError) -> [UInt8] {
        guard header.algorithm == key.algorithm else {
            throw .wrongAlgorithm(header.algorithmName, keyID: key.id ?? "")
        }
        guard signature.count == key.signatureByteCount else {
            throw .signatureLength(byteCount: signature.count, expected: key.signatureByteCount)
        }
        guard key.isValid(signature, for: signedBytes) else { throw .invalidSignature }
        return unverifiedPayload
    }
}

extension SigningKey {
    /// `payload` as a token, with `alg`, `typ` and `kid` in the header.
    ///
    /// - Parameter type: The kind of token, such as `at+jwt`.
    ///
    /// Source: [RFC 7515, section 5.1](https://www.rfc-editor.org/rfc/rfc7515#section-5.1).
    public func token(payload: [UInt8], type: String?) throws -> String {
        var header: JSONObject = ["alg": .string(algorithm.rawValue)]
        if let type { header["typ"] = .string(type) }
        if let id { header["kid"] = .string(id) }
        let signed = Base64URL.encode(JSONValue.object(header).serialized()) + "." + Base64URL.encode(payload)
        return signed + "." + Base64URL.encode(try signature(of: Array(signed.utf8)))
    }
}
