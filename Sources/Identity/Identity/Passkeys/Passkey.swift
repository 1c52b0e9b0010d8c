public import Temporal
public import WebAuthn

/// A passkey of an account: a second factor, and, if it asks for a PIN or a finger, all that is needed to sign in.
public struct Passkey: Sendable, Hashable {
    public let id: Int64
    /// Name of the account.
    public let account: String
    /// For people.
    public let label: String
    public let credential: WebAuthn.Credential
    public let creation: Timestamp
    public let lastUse: Timestamp?
}
