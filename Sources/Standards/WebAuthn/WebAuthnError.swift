public import CBOR
public import JOSE
public import JSON

/// Why a registration or an authentication with a passkey is refused.
public enum WebAuthnError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What the browser sent has no such member, or one of the wrong type.
    case invalidMember(String)
    /// Longer than any browser's, in bytes.
    case tooLong(String, byteCount: Int, limit: Int)
    /// `clientDataJSON` is not JSON, or is ambiguous.
    case invalidClientData(JSONError)
    /// `type` of the client data: a registration where an authentication was expected, or the reverse.
    case wrongCeremony(String)
    case wrongChallenge
    case wrongOrigin(String)
    /// Asked for in a frame of another site, which we do not allow.
    case crossOrigin
    case wrongTopOrigin(String)
    case invalidAttestation(CBORError)
    /// The attestation object, the authenticator data or a key in them lacks something, or has the wrong form.
    case invalidAuthenticatorData(String)
    /// The hash is not that of our relying party id.
    case wrongRelyingParty
    case userNotPresent
    case userNotVerified
    /// The flags say that a credential that cannot be backed up is.
    case inconsistentBackup
    /// Whether the credential can be backed up has changed since its registration.
    case backupEligibilityChanged
    /// The credential's COSE algorithm is not one that we asked for.
    case unsupportedAlgorithm(Int)
    case invalidKey(KeyError)
    /// 1 to 1,023 bytes are allowed.
    case credentialIDLength(Int)
    /// The ids in the answer, in the attestation and of the stored credential are not all the same.
    case wrongCredential
    /// The credential belongs to another user.
    case wrongUser
    /// The statement of a self attestation is not that of the new key.
    case invalidSelfAttestation
    case invalidSignature

    public var description: String {
        switch self {
        case .invalidMember(let name): "the member '\(name)' is missing or has the wrong type"
        case .tooLong(let name, let byteCount, let limit):
            "the member '\(name)' has \(byteCount) bytes; at most \(limit) are accepted"
        case .invalidClientData(let error): "the client data is \(error)"
        case .wrongCeremony(let type): "the client data is of the type '\(excerpt(type))'"
        case .wrongChallenge: "the challenge is not the one that was given"
        case .wrongOrigin(let origin): "the origin '\(excerpt(origin))' is not ours"
        case .crossOrigin: "passkeys cannot be used in frames of other sites"
        case .wrongTopOrigin(let origin): "passkeys cannot be used in frames of '\(excerpt(origin))'"
        case .invalidAttestation(let error): "the attestation is \(error)"
        case .invalidAuthenticatorData(let fault): "the authenticator data is not valid: \(fault)"
        case .wrongRelyingParty: "the passkey is for another site"
        case .userNotPresent: "the authenticator did not see the user"
        case .userNotVerified: "the authenticator did not verify the user"
        case .inconsistentBackup: "the passkey is backed up and cannot be"
        case .backupEligibilityChanged: "whether the passkey can be backed up has changed"
        case .unsupportedAlgorithm(let algorithm): "the passkey's algorithm \(algorithm) is not supported"
        case .invalidKey(let error): "the passkey is not valid: \(error)"
        case .credentialIDLength(let byteCount): "the passkey's id has \(byteCount) bytes, not 1 to 1,023"
        case .wrongCredential: "the answer is of another passkey"
        case .wrongUser: "the passkey belongs to another user"
        case .invalidSelfAttestation: "the attestation is not signed with the passkey"
        case .invalidSignature: "the signature is not that of the passkey"
        }
    }
}
