import DatabaseTestKit
import JOSE
import JSON
import SQLDatabase
import Temporal
import Testing

@testable import Identity

@Suite("Signing keys") struct SigningKeyTests {
    private static let secretKey = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

    @Test("are made once, also by two nodes at the same time", arguments: DatabaseKind.tested)
    func first(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            let ids = try await withThrowingTaskGroup(of: String?.self) { group in
                for _ in 0..<4 { group.addTask { try await store.signingKey(.es256).id } }
                return try await group.reduce(into: Set<String?>()) { $0.insert($1) }
            }
            #expect(ids.count == 1)
            #expect(try await store.count("identity_signing_keys") == 1)
            let keys = try await store.publicKeys()
            #expect(Set(keys.keys.map(\.algorithm)) == [.es256, .rs256])
            #expect(try await store.outcomes(.signingKeyMade).count == 2)
        }
    }

    @Test("are published before they sign, and after another one signs", arguments: DatabaseKind.tested)
    func rotation(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            let old = try await store.signingKey(.es256)
            _ = try await store.publicKeys()
            try await store.rotateSigningKeys(by: administrator)
            #expect(try await store.signingKey(.es256).id == old.id)
            #expect(try await store.publicKeys().keys.count == 4)
            let published = try await store.signingKeys().filter { $0.algorithm == .es256 }
            #expect(
                published.map { $0.signingStart.microseconds - $0.creation.microseconds } == [600_000_000, 0])
            // As if the ten minutes were over.
            try await store.ageSigningKeys(by: 600)
            let new = try await store.signingKey(.es256)
            #expect(new.id == published[0].id)
            try await store.sweep()
            #expect(try await store.publicKeys().keys.count == 4)
            try await store.ageSigningKeys(by: KeyRotation.retention + 1)
            try await store.sweep()
            #expect(try await Set(store.publicKeys().keys.compactMap(\.id)).contains(old.id ?? "") == false)
            #expect(try await store.publicKeys().keys.count == 2)
        }
    }

    @Test("that are known to others end at once", arguments: DatabaseKind.tested)
    func compromise(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            let old = try await store.publicKeys()
            try await store.rotateSigningKeys(isCompromise: true, by: administrator)
            let new = try await store.publicKeys()
            #expect(new.keys.count == 2)
            #expect(Set(old.keys).isDisjoint(with: new.keys))
            #expect(try await store.signingKey(.es256).publicKey == new.key(id: nil, algorithm: .es256))
            #expect(try await store.outcomes(.signingKeyDeleted).count == 2)
        }
    }

    @Test("are replaced by themselves after 90 days, once", arguments: DatabaseKind.tested)
    func age(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            _ = try await store.signingKey(.es256)
            let old = try await store.time(after: -KeyRotation.age + 60)
            try await store.database.write {
                _ = try $0.execute("UPDATE identity_signing_keys SET created_at = ?", old)
            }
            try await store.sweep()
            #expect(try await store.count("identity_signing_keys") == 1)
            let older = try await store.time(after: -KeyRotation.age - 1)
            try await store.database.write {
                _ = try $0.execute("UPDATE identity_signing_keys SET created_at = ?, signs_at = ?", older, older)
            }
            try await store.sweep()
            try await store.sweep()
            #expect(try await store.count("identity_signing_keys") == 2)
        }
    }

    @Test("and second factors are encrypted with the server's key", arguments: DatabaseKind.tested)
    func encryption(kind: DatabaseKind) async throws {
        try await withDatabase(kind) { database in
            func store(_ key: String?) throws -> IdentityStore {
                var store = IdentityStore(
                    database, passwords: try PasswordHasher(Argon2idTests.cost),
                    secretKey: try key.map { try SecretKey(base64: $0) })
                store.rsaBits = 2_048
                return store
            }
            let (plain, encrypted) = (try store(nil), try store(Self.secretKey))
            try await plain.migrate()
            // What was stored before there was a key can be read.
            let first = try await plain.signingKey(.es256)
            #expect(try await plain.checkSecrets() == .plain)
            #expect(try await encrypted.signingKey(.es256).id == first.id)
            try await encrypted.rotateSigningKeys(isCompromise: true, by: .operator)
            let second = try await encrypted.signingKey(.es256)
            #expect(try await encrypted.checkSecrets() == .encrypted)
            #expect(try await code { _ = try await plain.signingKey(.es256) } == .unreadableSecret)
            #expect(try await code { _ = try await plain.checkSecrets() } == .unreadableSecret)
            let other = try store(String(Self.secretKey.reversed()).replacing("=", with: "") + "=")
            #expect(try await code { _ = try await other.signingKey(.es256) } == .unreadableSecret)
            let stored = try await database.read {
                try $0.rows("SELECT private_key FROM identity_signing_keys").map { try $0["private_key"] as [UInt8] }
            }
            let secret = try #require(second.jwk["d"]?.string)
            let isShown = stored.contains { String(decoding: $0, as: UTF8.self).contains(secret) }
            #expect(!isShown)

            try await plain.addAccount(AccountDraft("ada"), by: .operator)
            for (enrolling, checking) in [(plain, encrypted), (encrypted, encrypted)] {
                let totp = try await enrolling.beginTOTP(of: "ada")
                let step = TOTP.step(at: try await plain.now().microseconds / 1_000_000)
                _ = try await checking.confirmTOTP(totp.code(step: step), of: "ada", by: administrator)
                // The next one, so that it counts for a minute, however slow the machine is.
                #expect(try await checking.checkTOTP(totp.code(step: step + 1), of: "ada", address: nil) == .accepted)
                let row = try await database.read {
                    try $0.value("SELECT secret FROM identity_totp", as: [UInt8].self)
                }
                #expect((row == totp.secret) == (enrolling.secrets.key == nil))
            }
        }
    }

    @Test("are not encrypted with a key that is none", arguments: ["", "short", "AAAA", "!" + Self.secretKey])
    func wrongKeys(text: String) async throws {
        #expect(try await code { _ = try SecretKey(base64: text) } == .invalidValue)
    }

    @Test("cannot be moved to another row") func context() throws {
        let box = SecretBox(key: try SecretKey(base64: Self.secretKey))
        let sealed = try box.seal([1, 2, 3], for: "ada")
        #expect(try box.open(sealed, for: "ada") == [1, 2, 3])
        #expect(throws: IdentityError.self) { try box.open(sealed, for: "bob") }
        #expect(try box.seal([1, 2, 3], for: "ada") != sealed)
    }
}

extension IdentityStore {
    /// As if all keys signed so many seconds earlier.
    fileprivate func ageSigningKeys(by seconds: Int64) async throws {
        let keys = try await signingKeys()
        try await database.write { transaction in
            for key in keys {
                try transaction.execute(
                    "UPDATE identity_signing_keys SET signs_at = ? WHERE id = ?",
                    key.signingStart.adding(seconds: -seconds), key.id)
            }
        }
    }
}
