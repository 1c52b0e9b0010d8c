import DatabaseTestKit
import SQLDatabase
import Temporal

@testable import Identity

let administrator = AuditActor("ada", address: "192.0.2.1")

/// Runs `body` with a new store, whose passwords are cheap.
func withStore(_ kind: DatabaseKind, _ body: (IdentityStore) async throws -> Void) async throws {
    try await withDatabase(kind) { database in
        var store = IdentityStore(database, passwords: try PasswordHasher(Argon2idTests.cost))
        store.rsaBits = 2_048
        try await store.migrate()
        try await body(store)
    }
}

extension IdentityStore {
    /// As if all attempts had been made so many seconds earlier.
    func ageAttempts(by seconds: Int64) async throws {
        try await database.write { transaction in
            _ = try transaction.execute(
                "UPDATE identity_attempts SET last_at = last_at - ?, locked_until = locked_until - ?",
                seconds * 1_000_000, seconds * 1_000_000)
        }
    }

    func time(after seconds: Int64) async throws -> Timestamp {
        Timestamp(microseconds: try await now().microseconds + seconds * 1_000_000)
    }

    func count(_ table: String) async throws -> Int {
        try await database.read { try $0.value("SELECT count(*) AS found FROM \(table)") }
    }
}

/// The code of an `IdentityError`; `nil`: none was thrown.
func code(_ body: () async throws -> Void) async throws -> IdentityError.Code? {
    do {
        try await body()
        return nil
    } catch let error as IdentityError {
        return error.code
    }
}
