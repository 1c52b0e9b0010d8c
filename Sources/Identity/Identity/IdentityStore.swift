public import SQLDatabase

/// People, programs and containers: who may sign in, and what they may read and write.
///
/// What concerns security is written to the audit log in the transaction that does it. "Now" is the database's clock.
public struct IdentityStore: Sendable {
    let database: Database
    let passwords: PasswordHasher
    let secrets: SecretBox
    /// Of new keys for RS256; smaller in tests.
    var rsaBits = 3_072

    /// `migrate` must be called before anything else.
    ///
    /// - Parameter secretKey: Encrypts signing keys and the secrets of second factors; `nil`: they are stored as they are.
    public init(_ database: Database, passwords: PasswordHasher, secretKey: SecretKey? = nil) {
        self.database = database
        self.passwords = passwords
        secrets = SecretBox(key: secretKey)
    }

    public func migrate() async throws {
        try await database.migrate(Self.migrations)
    }
}
