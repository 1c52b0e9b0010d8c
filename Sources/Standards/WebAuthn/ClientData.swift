import JSON

/// What the browser adds to an answer of an authenticator.
///
/// Source: [WebAuthn Level 3, section 5.8.1](https://www.w3.org/TR/webauthn-3/#dictionary-client-data).
struct ClientData {
    let type: String
    let challenge: String
    let origin: String
    let crossOrigin: Bool
    let topOrigin: String?

    /// - Parameter bytes: `clientDataJSON`.
    /// - Throws: `WebAuthnError.invalidClientData` or `invalidMember`.
    init(_ bytes: [UInt8]) throws(WebAuthnError) {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: bytes)
        } catch {
            throw .invalidClientData(error)
        }
        func text(_ name: String) throws(WebAuthnError) -> String {
            guard let text = value[name]?.string else { throw .invalidMember("clientDataJSON.\(name)") }
            return text
        }
        type = try text("type")
        challenge = try text("challenge")
        origin = try text("origin")
        topOrigin = value["topOrigin"] == nil ? nil : try text("topOrigin")
        switch value["crossOrigin"] {
        case nil: crossOrigin = false
        case .bool(let isCrossOrigin): crossOrigin = isCrossOrigin
        default: throw .invalidMember("clientDataJSON.crossOrigin")
        }
    }
}
