public import Identity
public import ServiceModule

/// The section `identity` of the configuration.
public struct IdentitySettings: Sendable {
    /// Encrypts what is stored and must be read again; `nil`: it is stored as it is.
    public var secretKey: SecretKey?

    /// - `secretKey` (string, secret, default none): 32 bytes in Base64, with which signing keys and the secrets of second
    ///   factors are encrypted in the database; the same on all nodes.
    ///
    /// - Throws: `CommandError` with the key and the fault of its value.
    public init(_ settings: Settings) throws {
        secretKey = try settings.secret("secretKey", default: nil) { try SecretKey(base64: $0) }
    }
}
