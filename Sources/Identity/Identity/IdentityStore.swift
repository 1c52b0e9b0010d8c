public import SQLDatabase

/// People, programs and containers: who may sign in, and what they may read and write.
///
/// What concerns security is written to the audit log in the transaction that does it. "Now" is the database's clock.
public struct IdentityStore: Sendable {
    let database: Database
    let passwords: PasswordHasher

    /// `migrate` must be called before anything else.
    public init(_ database: Database, passwords: PasswordHasher) {
        self.database = database
        self.passwords = passwords
    }

    public func migrate() async throws {
        try await database.migrate(Self.migrations)
    }
}
