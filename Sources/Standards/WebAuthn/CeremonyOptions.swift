import JOSE
public import JSON

extension RelyingParty {
    /// What a page gives to `PublicKeyCredential.parseCreationOptionsFromJSON()` to have a passkey made.
    ///
    /// - Parameters:
    ///   - challenge: At least 16 random bytes, kept for the response.
    ///   - userHandle: 1 to 64 bytes that say nothing about the user, and are not those of another one.
    ///   - userName: What users sign in with.
    ///   - displayName: What users are called.
    ///   - existing: Credentials of the user; their authenticators make no second one.
    ///   - timeoutSeconds: How long the browser waits.
    ///
    /// Source: [WebAuthn Level 3, section 5.1.9](https://www.w3.org/TR/webauthn-3/#dictdef-publickeycredentialcreationoptionsjson).
    public func creationOptions(
        challenge: [UInt8], userHandle: [UInt8], userName: String, displayName: String, existing: [Credential] = [],
        userVerification: UserVerification, timeoutSeconds: Int = 300
    ) -> JSONValue {
        [
            "rp": ["id": .string(id), "name": .string(name)],
            "user": [
                "id": .string(Base64URL.encode(userHandle)), "name": .string(userName),
                "displayName": .string(displayName),
            ],
            "challenge": .string(Base64URL.encode(challenge)),
            "pubKeyCredParams": .array(
                CredentialKey.algorithms.map { ["type": "public-key", "alg": JSONValue($0)] }),
            "timeout": JSONValue(timeoutSeconds * 1000),
            "excludeCredentials": .array(existing.map(\.descriptor)),
            "authenticatorSelection": [
                "residentKey": "preferred", "requireResidentKey": false,
                "userVerification": .string(userVerification.rawValue),
            ],
            "attestation": "none",
        ]
    }

    /// What a page gives to `PublicKeyCredential.parseRequestOptionsFromJSON()` to have a passkey used.
    ///
    /// - Parameters:
    ///   - challenge: At least 16 random bytes, kept for the response.
    ///   - allowed: The user's credentials; none for any passkey of the site, when it is not known yet who signs in.
    ///   - timeoutSeconds: How long the browser waits.
    ///
    /// Source: [WebAuthn Level 3, section 5.1.10](https://www.w3.org/TR/webauthn-3/#dictdef-publickeycredentialrequestoptionsjson).
    public func requestOptions(
        challenge: [UInt8], allowed: [Credential] = [], userVerification: UserVerification, timeoutSeconds: Int = 300
    ) -> JSONValue {
        [
            "challenge": .string(Base64URL.encode(challenge)),
            "timeout": JSONValue(timeoutSeconds * 1000),
            "rpId": .string(id),
            "allowCredentials": .array(allowed.map(\.descriptor)),
            "userVerification": .string(userVerification.rawValue),
        ]
    }
}

extension Credential {
    /// Source: [WebAuthn Level 3, section 5.1.9](https://www.w3.org/TR/webauthn-3/#dictdef-publickeycredentialdescriptorjson).
    fileprivate var descriptor: JSONValue {
        [
            "type": "public-key", "id": .string(Base64URL.encode(id)),
            "transports": .array(transports.map { .string($0) }),
        ]
    }
}
