import DatabaseTestKit
import JOSE
import JSON
import SQLDatabase
import Temporal
import Testing

@testable import Identity
@testable import WebAuthn

@Suite("Passkeys") struct PasskeyTests {
    private static let actor = AuditActor("ada", address: "192.0.2.1")

    private static func credential(_ id: [UInt8], signCount: UInt32 = 0) throws -> WebAuthn.Credential {
        let key = try SigningKey.generate(.edDSA)
        let x = try #require(key.publicKey.jwk["x"]?.string.flatMap { Base64URL.decode($0) })
        return WebAuthn.Credential(
            id: id, key: try CredentialKey(cose: [0xa4, 1, 1, 3, 0x27, 0x20, 6, 0x21, 0x58, 0x20] + x),
            signCount: signCount, isUserVerified: true, isBackupEligible: true, isBackedUp: false,
            transports: ["internal", "hybrid"])
    }

    private func withAccount(_ kind: DatabaseKind, _ body: (IdentityStore) async throws -> Void) async throws {
        try await withStore(kind) { store in
            for name in ["ada", "bob"] { try await store.addAccount(AccountDraft(name), by: .operator) }
            try await body(store)
        }
    }

    @Test("are stored as they were made, for one account", arguments: DatabaseKind.tested)
    func add(kind: DatabaseKind) async throws {
        try await withAccount(kind) { store in
            let credential = try Self.credential([1, 2, 3], signCount: .max)
            #expect(try await !store.hasSecondFactor("ada"))
            let codes = try await store.addPasskey(credential, of: "ada", label: " key", by: Self.actor)
            #expect(codes.count == RecoveryCode.count)
            #expect(try await store.hasSecondFactor("ada"))
            let stored = try #require(try await store.passkeys(of: "ada").first)
            #expect(stored.credential == credential)
            #expect(stored.label == "key")
            #expect(try await store.passkey([1, 2, 3]) == stored)
            #expect(try await store.passkey([1, 2]) == nil)
            #expect(try await store.passkeys(of: "bob").isEmpty)
            // The recovery codes of the first one stay.
            #expect(try await store.addPasskey(Self.credential([4]), of: "ada", label: "b", by: Self.actor).isEmpty)
            for name in ["ada", "bob"] {
                #expect(
                    try await code {
                        _ = try await store.addPasskey(credential, of: name, label: "c", by: AuditActor(name))
                    } == .invalidValue)
            }
            for label in ["", "  ", "a\nb", String(repeating: "x", count: 101)] {
                #expect(
                    try await code { try await store.renamePasskey(stored.id, of: "ada", to: label) } == .invalidValue)
            }
            #expect(try await code { try await store.renamePasskey(stored.id, of: "bob", to: "x") } == .noSuchPasskey)
            try await store.renamePasskey(stored.id, of: "ada", to: "other")
            #expect(try await store.passkey([1, 2, 3])?.label == "other")
        }
    }

    @Test("have a user handle that stays, and says nothing", arguments: DatabaseKind.tested)
    func handle(kind: DatabaseKind) async throws {
        try await withAccount(kind) { store in
            let handle = try await store.passkeyUserHandle(of: "ada")
            #expect(handle.count == 32)
            #expect(try await store.passkeyUserHandle(of: "ada") == handle)
            #expect(try await store.passkeyUserHandle(of: "bob") != handle)
            #expect(try await code { _ = try await store.passkeyUserHandle(of: "eve") } == .noSuchAccount)
        }
    }

    @Test("remember their counter, and report one that went back", arguments: DatabaseKind.tested)
    func use(kind: DatabaseKind) async throws {
        try await withAccount(kind) { store in
            _ = try await store.addPasskey(Self.credential([1], signCount: 7), of: "ada", label: "key", by: Self.actor)
            let passkey = try #require(try await store.passkey([1]))
            func use(_ count: UInt32, mayBeCloned: Bool) async throws -> SecretCheck {
                var credential = passkey.credential
                (credential.signCount, credential.isBackedUp) = (count, true)
                return try await store.recordUse(
                    of: passkey,
                    WebAuthn.Authentication(credential: credential, isUserVerified: true, mayBeCloned: mayBeCloned),
                    address: nil)
            }
            #expect(try await use(8, mayBeCloned: false) == .accepted)
            let used = try #require(try await store.passkey([1]))
            #expect(used.credential.signCount == 8)
            #expect(used.credential.isBackedUp)
            #expect(used.lastUse != nil)
            #expect(try await store.events().allSatisfy { $0.action != .passkeyCounterWentBack })
            #expect(try await use(3, mayBeCloned: true) == .accepted)
            #expect(try await store.events().count { $0.action == .passkeyCounterWentBack } == 1)
            try await store.setDisabled(true, "ada", by: administrator)
            #expect(try await use(9, mayBeCloned: false) == .refused(.disabled))
            try await store.setDisabled(false, "ada", by: administrator)
            try await store.resetSecondFactor(of: "ada", by: administrator)
            #expect(try await store.passkeys(of: "ada").isEmpty)
            #expect(try await use(10, mayBeCloned: false) == .wrong)
        }
    }

    @Test("and apps are removed down to the last second factor", arguments: DatabaseKind.tested)
    func remove(kind: DatabaseKind) async throws {
        try await withAccount(kind) { store in
            _ = try await store.addPasskey(Self.credential([1]), of: "ada", label: "a", by: Self.actor)
            let first = try #require(try await store.passkey([1]))
            #expect(
                try await code { try await store.removePasskey(first.id, of: "ada", by: Self.actor) } == .lastFactor)
            _ = try await store.addPasskey(Self.credential([2]), of: "ada", label: "b", by: Self.actor)
            #expect(
                try await code { try await store.removePasskey(first.id, of: "bob", by: Self.actor) } == .noSuchPasskey)
            try await store.removePasskey(first.id, of: "ada", by: Self.actor)
            #expect(try await store.passkeys(of: "ada").map(\.label) == ["b"])

            let totp = try await store.beginTOTP(of: "ada")
            let step = TOTP.step(at: try await store.now().microseconds / 1_000_000)
            _ = try await store.confirmTOTP(totp.code(step: step), of: "ada", by: Self.actor)
            try await store.removeTOTP(of: "ada", by: Self.actor)
            #expect(try await !store.hasTOTP("ada"))
            #expect(try await store.checkTOTP(totp.code(step: step + 1), of: "ada", address: nil) == .wrong)
            #expect(try await code { try await store.removeTOTP(of: "ada", by: Self.actor) } == .lastFactor)
            #expect(try await store.recoveryCodeCount(of: "ada") == RecoveryCode.count)
        }
    }

    @Test("of one account removed at the same time leave one", arguments: DatabaseKind.tested)
    func parallel(kind: DatabaseKind) async throws {
        try await withAccount(kind) { store in
            for id in 1...3 as ClosedRange<UInt8> {
                _ = try await store.addPasskey(Self.credential([id]), of: "ada", label: "\(id)", by: Self.actor)
            }
            let ids = try await store.passkeys(of: "ada").map(\.id)
            let codes = try await withThrowingTaskGroup(of: IdentityError.Code?.self) { group in
                for id in ids {
                    group.addTask {
                        try await code { try await store.removePasskey(id, of: "ada", by: Self.actor) }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(codes.count { $0 == .lastFactor } == 1)
            #expect(try await store.passkeys(of: "ada").count == 1)
        }
    }
}
