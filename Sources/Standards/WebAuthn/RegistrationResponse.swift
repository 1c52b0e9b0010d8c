public import JSON

/// What a browser answers to `navigator.credentials.create()`.
public struct RegistrationResponse: Sendable, Hashable {
    public var id: [UInt8]
    public var clientData: [UInt8]
    public var attestationObject: [UInt8]
    /// How the browser reaches the authenticator, such as `usb`, `internal`, `hybrid`; a hint for later.
    public var transports: [String]

    public init(id: [UInt8], clientData: [UInt8], attestationObject: [UInt8], transports: [String] = []) {
        self.id = id
        self.clientData = clientData
        self.attestationObject = attestationObject
        self.transports = transports
    }

    /// - Throws: `WebAuthnError.invalidMember`, `tooLong` or `credentialIDLength`.
    ///
    /// Source: [WebAuthn Level 3, section 5.1](https://www.w3.org/TR/webauthn-3/#dictdef-registrationresponsejson).
    public init(json: JSONValue) throws(WebAuthnError) {
        let members = try ResponseMembers(json)
        self.init(
            id: try members.id(), clientData: try members.bytes("clientDataJSON"),
            attestationObject: try members.bytes("attestationObject"), transports: members.texts("transports"))
    }
}
