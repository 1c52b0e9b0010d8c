import JOSE
import JSON

/// Reads members of what the browser's `toJSON()` has written.
struct ResponseMembers {
    /// Longest accepted member, in bytes before encoding: attestations with certificates have a few thousand.
    static let byteLimit = 65_536

    private let credential: JSONValue

    /// - Throws: `WebAuthnError.invalidMember` unless it is a public key credential.
    init(_ credential: JSONValue) throws(WebAuthnError) {
        self.credential = credential
        guard credential["type"]?.string == "public-key" else { throw .invalidMember("type") }
    }

    /// The credential's id, whose two spellings must agree.
    func id() throws(WebAuthnError) -> [UInt8] {
        guard let text = credential["id"]?.string else { throw .invalidMember("id") }
        guard let id = Base64URL.decode(text), credential["rawId"]?.string == text else {
            throw .invalidMember("rawId")
        }
        guard (1...AuthenticatorData.idByteLimit).contains(id.count) else { throw .credentialIDLength(id.count) }
        return id
    }

    func bytes(_ name: String) throws(WebAuthnError) -> [UInt8] {
        guard let bytes = try optionalBytes(name) else { throw .invalidMember("response.\(name)") }
        return bytes
    }

    func optionalBytes(_ name: String) throws(WebAuthnError) -> [UInt8]? {
        guard let value = credential["response"]?[name], !value.isNull else { return nil }
        guard let text = value.string else { throw .invalidMember("response.\(name)") }
        let byteCount = text.utf8.count / 4 * 3
        guard byteCount <= Self.byteLimit else { throw .tooLong(name, byteCount: byteCount, limit: Self.byteLimit) }
        guard let bytes = Base64URL.decode(text) else { throw .invalidMember("response.\(name)") }
        return bytes
    }

    func texts(_ name: String) -> [String] {
        credential["response"]?[name]?.array?.compactMap(\.string) ?? []
    }
}
