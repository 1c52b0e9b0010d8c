import CBOR
import Crypto

extension RelyingParty {
    /// The new credential, once all is as it was asked for. That its id is not taken is for the caller to check.
    ///
    /// Attestation is not asked for and gives no trust. A self attestation is verified, since a wrong one tells of a fault;
    /// statements of other formats are ignored, and so are extensions.
    ///
    /// - Parameter challenge: The bytes that the options had; the caller uses them for one response only.
    /// - Throws: `WebAuthnError` by the fault.
    ///
    /// Source: [WebAuthn Level 3, section 7.1](https://www.w3.org/TR/webauthn-3/#sctn-registering-a-new-credential).
    public func verify(
        _ response: RegistrationResponse, challenge: [UInt8], userVerification: UserVerification
    ) throws(WebAuthnError) -> Credential {
        try check(ClientData(response.clientData), type: "webauthn.create", challenge: challenge)
        let attestation: CBORValue
        do throws(CBORError) {
            attestation = try CBORReader.read(response.attestationObject)
        } catch {
            throw .invalidAttestation(error)
        }
        guard let bytes = attestation["authData"]?.bytes, let format = attestation["fmt"]?.text,
            let statement = attestation["attStmt"], statement.map != nil
        else { throw .invalidAuthenticatorData("an attestation without its members") }
        let data = try AuthenticatorData(bytes)
        try check(data, userVerification: userVerification)
        guard let attested = data.credential else { throw .invalidAuthenticatorData("no credential") }
        guard attested.id == response.id else { throw .wrongCredential }
        try checkAttestation(
            format, statement, of: attested.key, signed: bytes + SHA256.hash(data: response.clientData))
        return Credential(
            id: attested.id, key: attested.key, signCount: data.signCount,
            isUserVerified: data.flags.contains(.userVerified), isBackupEligible: data.flags.contains(.backupEligible),
            isBackedUp: data.flags.contains(.backedUp), transports: response.transports, aaguid: attested.aaguid)
    }

    /// Sources: WebAuthn Level 3, sections [8.7](https://www.w3.org/TR/webauthn-3/#sctn-none-attestation) and
    /// [8.2](https://www.w3.org/TR/webauthn-3/#sctn-packed-attestation).
    private func checkAttestation(
        _ format: String, _ statement: CBORValue, of key: CredentialKey, signed: [UInt8]
    ) throws(WebAuthnError) {
        switch format {
        case "none":
            guard statement.map?.isEmpty == true else {
                throw .invalidAuthenticatorData("an attestation 'none' with a statement")
            }
        case "packed" where statement["x5c"] == nil:
            guard statement["alg"]?.int == key.algorithm, let signature = statement["sig"]?.bytes,
                key.isValid(signature, for: signed)
            else { throw .invalidSelfAttestation }
        default: break
        }
    }
}
