import Access
import DatabaseTestKit
import JOSE
import Logging
import SQLDatabase
import Testing

@testable import Identity

/// Two nodes on one PostgreSQL, or two processes on one SQLite file: each with connections of its own.
@Suite("Two nodes") struct TwoNodeTests {
    private func withNodes(_ kind: DatabaseKind, _ body: ([IdentityStore]) async throws -> Void) async throws {
        try await withDatabaseLocation(kind) { location in
            let databases = try (0..<2).map { _ in
                Database(
                    DatabaseConfiguration(try DatabaseLocation(location)),
                    logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() })
            }
            defer { for database in databases { database.close() } }
            let stores = try databases.map { database in
                var store = IdentityStore(database, passwords: try PasswordHasher(Argon2idTests.cost))
                store.rsaBits = 2_048
                return store
            }
            try await stores[0].migrate()
            try await body(stores)
        }
    }

    @Test("give one successor of a refresh token", arguments: DatabaseKind.tested)
    func refresh(kind: DatabaseKind) async throws {
        try await withNodes(kind) { stores in
            try await stores[0].addPerson("ada")
            var token = try #require(try await stores[0].signIn("ada", .rotating).get().refreshToken)
            for _ in 0..<5 {
                let current = token
                let next = try await withThrowingTaskGroup(of: String?.self) { group in
                    for number in 0..<8 {
                        group.addTask {
                            try await stores[number % 2].refresh(
                                current, client: .rotating, scopes: nil, address: nil
                            ).get().refreshToken
                        }
                    }
                    return try await group.reduce(into: Set<String?>()) { $0.insert($1) }
                }
                #expect(next.count == 1)
                token = try #require(next.first ?? nil)
            }
            #expect(try await stores[1].count("identity_refresh_tokens") == 6)
        }
    }

    @Test("make one key, and redeem a code once", arguments: DatabaseKind.tested)
    func once(kind: DatabaseKind) async throws {
        try await withNodes(kind) { stores in
            async let first = stores[0].publicKeys()
            async let second = stores[1].publicKeys()
            let keys = try await (first, second)
            #expect(Set(keys.0.keys) == Set(keys.1.keys) && keys.0.keys.count == 2)
            try await stores[0].addPerson("ada")
            let code = try await stores[0].makeAuthorizationCode(
                for: .sample(.rotating), stores[0].authentication("ada"))
            async let left = stores[0].redeem(code, .rotating)
            async let right = stores[1].redeem(code, .rotating)
            let results = try await [left, right]
            #expect(results.count { $0.failure == nil } == 1)
            // The second attempt has ended what the first gave, or came before it was given.
            #expect(results.contains { $0.failure == .replayed })
            #expect(try await stores[1].count("identity_grants") == 1)
        }
    }

    @Test("know at once what the other one has revoked", arguments: DatabaseKind.tested)
    func revocation(kind: DatabaseKind) async throws {
        try await withNodes(kind) { stores in
            try await stores[0].addPerson("ada")
            let basis = try await stores[0].signIn("ada", .rotating).get()
            #expect(try await stores[1].grant(basis.grant.id) == basis.grant)
            try await stores[0].setDisabled(true, "ada", by: administrator)
            #expect(try await stores[1].grant(basis.grant.id) == nil)
            let refreshed = try await stores[1].refresh(
                try #require(basis.refreshToken), client: .rotating, scopes: nil, address: nil)
            #expect(refreshed.failure == .invalid)
        }
    }
}
