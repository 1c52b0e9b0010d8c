public import JSON

/// What a browser answers to `navigator.credentials.get()`.
public struct AuthenticationResponse: Sendable, Hashable {
    /// By which the stored credential is found.
    public var id: [UInt8]
    public var clientData: [UInt8]
    public var authenticatorData: [UInt8]
    public var signature: [UInt8]
    /// The user's id, as it was given at the registration. Second factors need not tell it.
    public var userHandle: [UInt8]?

    public init(
        id: [UInt8], clientData: [UInt8], authenticatorData: [UInt8], signature: [UInt8], userHandle: [UInt8]? = nil
    ) {
        self.id = id
        self.clientData = clientData
        self.authenticatorData = authenticatorData
        self.signature = signature
        self.userHandle = userHandle
    }

    /// - Throws: `WebAuthnError.invalidMember`, `tooLong` or `credentialIDLength`.
    ///
    /// Source: [WebAuthn Level 3, section 5.1](https://www.w3.org/TR/webauthn-3/#dictdef-authenticationresponsejson).
    public init(json: JSONValue) throws(WebAuthnError) {
        let members = try ResponseMembers(json)
        self.init(
            id: try members.id(), clientData: try members.bytes("clientDataJSON"),
            authenticatorData: try members.bytes("authenticatorData"), signature: try members.bytes("signature"),
            userHandle: try members.optionalBytes("userHandle"))
    }
}
