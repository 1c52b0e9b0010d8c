import Crypto

/// What a successful authentication says about a credential.
public struct Authentication: Sendable, Hashable {
    /// The credential as it is to be stored now: with the counter and the backup state of the answer.
    public let credential: Credential
    /// Whether a PIN or a finger was asked for this time.
    public let isUserVerified: Bool
    /// Whether the counter has not grown, although the authenticator counts: there may be a copy of it. A signal, and no
    /// proof, since some authenticators stop counting.
    ///
    /// Source: [WebAuthn Level 3, section 6.1.1](https://www.w3.org/TR/webauthn-3/#sctn-sign-counter).
    public let mayBeCloned: Bool
}

extension RelyingParty {
    /// Verifies that `credential` answers, and that it is a credential of the user.
    ///
    /// - Parameters:
    ///   - credential: The stored one with the id of the response; it must be among those that the options allowed.
    ///   - challenge: The bytes that the options had; the caller uses them for one response only.
    ///   - userHandle: The id of the user who owns `credential`.
    /// - Throws: `WebAuthnError` by the fault.
    ///
    /// Source: [WebAuthn Level 3, section 7.2](https://www.w3.org/TR/webauthn-3/#sctn-verifying-assertion).
    public func verify(
        _ response: AuthenticationResponse, of credential: Credential, challenge: [UInt8], userHandle: [UInt8],
        userVerification: UserVerification
    ) throws(WebAuthnError) -> Authentication {
        guard response.id == credential.id else { throw .wrongCredential }
        guard response.userHandle == nil || response.userHandle == userHandle else { throw .wrongUser }
        try check(ClientData(response.clientData), type: "webauthn.get", challenge: challenge)
        let data = try AuthenticatorData(response.authenticatorData)
        try check(data, userVerification: userVerification)
        guard data.flags.contains(.backupEligible) == credential.isBackupEligible else {
            throw .backupEligibilityChanged
        }
        let signed = response.authenticatorData + SHA256.hash(data: response.clientData)
        guard credential.key.isValid(response.signature, for: signed) else { throw .invalidSignature }

        let counts = data.signCount > 0 || credential.signCount > 0
        let isUserVerified = data.flags.contains(.userVerified)
        var updated = credential
        updated.signCount = data.signCount
        updated.isBackedUp = data.flags.contains(.backedUp)
        return Authentication(
            credential: updated, isUserVerified: isUserVerified,
            mayBeCloned: counts && data.signCount <= credential.signCount)
    }
}
