import Crypto
import JOSE

/// A site for which passkeys are made, and its rules.
public struct RelyingParty: Sendable, Hashable {
    /// Whether passkeys may be used in frames of other sites.
    public enum CrossOrigin: Sendable, Hashable {
        case refused
        /// In frames of these origins. A browser that does not name the origin is believed.
        case allowed(topOrigins: Set<String>)
    }

    /// A host name, such as `example.org`. Passkeys are bound to it for ever.
    public let id: String
    /// What users see.
    public let name: String
    /// Accepted origins, such as `https://login.example.org`, compared byte for byte.
    public let origins: Set<String>
    public let crossOrigin: CrossOrigin
    private let idHash: [UInt8]

    public init(id: String, name: String, origins: Set<String>, crossOrigin: CrossOrigin = .refused) {
        self.id = id
        self.name = name
        self.origins = origins
        self.crossOrigin = crossOrigin
        idHash = Array(SHA256.hash(data: Array(id.utf8)))
    }

    /// Steps of both ceremonies that concern the browser.
    ///
    /// Source: [WebAuthn Level 3, section 7.1, steps 7 to 12](https://www.w3.org/TR/webauthn-3/#sctn-registering-a-new-credential).
    func check(_ data: ClientData, type: String, challenge: [UInt8]) throws(WebAuthnError) {
        guard data.type == type else { throw .wrongCeremony(data.type) }
        guard data.challenge == Base64URL.encode(challenge) else { throw .wrongChallenge }
        guard origins.contains(data.origin) else { throw .wrongOrigin(data.origin) }
        guard data.crossOrigin || data.topOrigin != nil else { return }
        guard case .allowed(let topOrigins) = crossOrigin, data.crossOrigin else { throw .crossOrigin }
        if let topOrigin = data.topOrigin, !topOrigins.contains(topOrigin) { throw .wrongTopOrigin(topOrigin) }
    }

    /// Steps of both ceremonies that concern the authenticator.
    ///
    /// Source: [WebAuthn Level 3, section 7.1, steps 14 to 18](https://www.w3.org/TR/webauthn-3/#sctn-registering-a-new-credential).
    func check(_ data: AuthenticatorData, userVerification: UserVerification) throws(WebAuthnError) {
        guard data.relyingPartyHash == idHash else { throw .wrongRelyingParty }
        guard data.flags.contains(.userPresent) else { throw .userNotPresent }
        guard userVerification != .required || data.flags.contains(.userVerified) else { throw .userNotVerified }
        guard data.flags.contains(.backupEligible) || !data.flags.contains(.backedUp) else { throw .inconsistentBackup }
    }
}

/// Whether the authenticator must ask for a PIN or a finger: a passkey that is used alone needs it, a second factor does
/// not.
public enum UserVerification: String, Sendable, Hashable {
    case required, preferred, discouraged
}
