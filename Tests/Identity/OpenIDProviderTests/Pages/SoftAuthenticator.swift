import Crypto
import JOSE
import JSON

/// A passkey in software: what a browser would send for options of the server.
final class SoftAuthenticator {
    private let key = P256.Signing.PrivateKey()
    let id: [UInt8]
    /// Uses that it has counted; it counts from 1 on.
    var counter: UInt32
    /// Whether it asks for a PIN or a finger.
    var verifiesUser = true
    var tellsUser = true
    private var userHandle: String?

    init(_ id: [UInt8] = [1, 2, 3, 4], counter: UInt32 = 0) {
        (self.id, self.counter) = (id, counter)
    }

    /// What `navigator.credentials.create()` gives.
    func create(_ options: JSONValue, origin: String) throws -> String {
        userHandle = options["user"]?["id"]?.string
        let site = options["rp"]?["id"]?.string ?? ""
        let point = Array(key.publicKey.rawRepresentation)
        let cose: [UInt8] =
            [0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 0x20] + point.prefix(32) + [0x22, 0x58, 0x20] + point.suffix(32)
        let attested = [UInt8](repeating: 0, count: 16) + [0, UInt8(id.count)] + id + cose
        let data = authenticatorData(site, flags: 0x40) + attested
        let object: [UInt8] =
            [0xa3] + text("fmt") + text("none") + text("attStmt") + [0xa0] + text("authData")
            + [0x58, UInt8(data.count)] + data
        return json([
            "clientDataJSON": .string(Base64URL.encode(clientData("webauthn.create", options, origin))),
            "attestationObject": .string(Base64URL.encode(object)), "transports": ["internal"],
        ])
    }

    /// What `navigator.credentials.get()` gives.
    func get(_ options: JSONValue, origin: String) throws -> String {
        if counter > 0 { counter += 1 }
        let data = authenticatorData(options["rpId"]?.string ?? "", flags: 0)
        let client = clientData("webauthn.get", options, origin)
        let signature = try key.signature(for: data + SHA256.hash(data: client)).derRepresentation
        return json([
            "clientDataJSON": .string(Base64URL.encode(client)), "authenticatorData": .string(Base64URL.encode(data)),
            "signature": .string(Base64URL.encode(Array(signature))),
            "userHandle": tellsUser ? userHandle.map { .string($0) } ?? .null : .null,
        ])
    }

    private func json(_ response: JSONObject) -> String {
        let id = Base64URL.encode(id)
        let value: JSONValue = [
            "id": .string(id), "rawId": .string(id), "type": "public-key", "response": .object(response),
            "clientExtensionResults": [:],
        ]
        return String(decoding: value.serialized(), as: UTF8.self)
    }

    private func clientData(_ type: String, _ options: JSONValue, _ origin: String) -> [UInt8] {
        let value: JSONValue = [
            "type": .string(type), "challenge": options["challenge"] ?? .null, "origin": .string(origin),
            "crossOrigin": false,
        ]
        return value.serialized()
    }

    private func authenticatorData(_ site: String, flags: UInt8) -> [UInt8] {
        let count = (0..<4).map { UInt8(truncatingIfNeeded: counter >> (24 - 8 * $0)) }
        return Array(SHA256.hash(data: Array(site.utf8))) + [flags | 0x01 | (verifiesUser ? 0x04 : 0)] + count
    }

    /// In CBOR.
    private func text(_ text: String) -> [UInt8] { [0x60 | UInt8(text.utf8.count)] + Array(text.utf8) }
}
