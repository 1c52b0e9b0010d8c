import CBOR

/// What an authenticator says and signs.
///
/// Source: [WebAuthn Level 3, section 6.1](https://www.w3.org/TR/webauthn-3/#sctn-authenticator-data).
struct AuthenticatorData {
    struct Flags: OptionSet {
        let rawValue: UInt8
        static let userPresent = Flags(rawValue: 0x01)
        static let userVerified = Flags(rawValue: 0x04)
        static let backupEligible = Flags(rawValue: 0x08)
        static let backedUp = Flags(rawValue: 0x10)
        static let attestedCredential = Flags(rawValue: 0x40)
        static let extensions = Flags(rawValue: 0x80)
    }

    struct AttestedCredential {
        /// 16 bytes: the make of the authenticator.
        let aaguid: [UInt8]
        let id: [UInt8]
        let key: CredentialKey
    }

    static let idByteLimit = 1023
    private static let fixedByteCount = 37

    /// SHA-256 of the relying party id.
    let relyingPartyHash: [UInt8]
    let flags: Flags
    let signCount: UInt32
    let credential: AttestedCredential?

    /// - Throws: `WebAuthnError` by the fault.
    init(_ bytes: [UInt8]) throws(WebAuthnError) {
        guard bytes.count >= Self.fixedByteCount else { throw .invalidAuthenticatorData("too short") }
        relyingPartyHash = Array(bytes[..<32])
        flags = Flags(rawValue: bytes[32])
        signCount = bytes[33..<37].reduce(0) { $0 << 8 | UInt32($1) }
        var rest = bytes[Self.fixedByteCount...]
        credential = flags.contains(.attestedCredential) ? try Self.credential(&rest) : nil
        if flags.contains(.extensions) { try Self.skipExtensions(&rest) }
        guard rest.isEmpty else { throw .invalidAuthenticatorData("bytes after the end") }
    }

    /// Source: [WebAuthn Level 3, section 6.5.1](https://www.w3.org/TR/webauthn-3/#sctn-attested-credential-data).
    private static func credential(_ rest: inout ArraySlice<UInt8>) throws(WebAuthnError) -> AttestedCredential {
        guard rest.count >= 18 else { throw .invalidAuthenticatorData("too short for a credential") }
        let aaguid = Array(rest.prefix(16))
        let idByteCount = rest.dropFirst(16).prefix(2).reduce(0) { $0 << 8 | Int($1) }
        guard (1...idByteLimit).contains(idByteCount) else { throw .credentialIDLength(idByteCount) }
        rest = rest.dropFirst(18)
        guard rest.count >= idByteCount else { throw .invalidAuthenticatorData("too short for the credential's id") }
        let id = Array(rest.prefix(idByteCount))
        rest = rest.dropFirst(idByteCount)
        let (key, byteCount) = try CredentialKey.read(prefixOf: rest)
        rest = rest.dropFirst(byteCount)
        return AttestedCredential(aaguid: aaguid, id: id, key: key)
    }

    /// Extensions are ignored: we ask for none.
    private static func skipExtensions(_ rest: inout ArraySlice<UInt8>) throws(WebAuthnError) {
        let extensions: (value: CBORValue, byteCount: Int)
        do throws(CBORError) {
            extensions = try CBORReader.read(prefixOf: rest)
        } catch {
            throw .invalidAttestation(error)
        }
        guard extensions.value.map != nil else { throw .invalidAuthenticatorData("extensions that are no map") }
        rest = rest.dropFirst(extensions.byteCount)
    }
}
