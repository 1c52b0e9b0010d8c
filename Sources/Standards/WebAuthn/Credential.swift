/// What must be stored of a passkey.
///
/// Source: [WebAuthn Level 3, section 4, credential record](https://www.w3.org/TR/webauthn-3/#credential-record).
public struct Credential: Sendable, Hashable {
    /// Up to 1,023 bytes; unique among all users.
    public var id: [UInt8]
    public var key: CredentialKey
    /// Uses that the authenticator has counted; 0 when it does not count.
    public var signCount: UInt32
    /// Whether it was made with a PIN or a finger: only then it may be used alone.
    public var isUserVerified: Bool
    /// Whether it can be copied to other devices, which never changes.
    public var isBackupEligible: Bool
    public var isBackedUp: Bool
    public var transports: [String]
    /// The make of the authenticator, as it says: 16 bytes, nothing but a hint.
    public var aaguid: [UInt8]

    public init(
        id: [UInt8], key: CredentialKey, signCount: UInt32, isUserVerified: Bool, isBackupEligible: Bool,
        isBackedUp: Bool, transports: [String] = [], aaguid: [UInt8] = [UInt8](repeating: 0, count: 16)
    ) {
        self.id = id
        self.key = key
        self.signCount = signCount
        self.isUserVerified = isUserVerified
        self.isBackupEligible = isBackupEligible
        self.isBackedUp = isBackedUp
        self.transports = transports
        self.aaguid = aaguid
    }
}
