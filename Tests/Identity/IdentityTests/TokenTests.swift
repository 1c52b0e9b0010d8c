import Access
import DatabaseTestKit
import SQLDatabase
import Temporal
import Testing

@testable import Identity

@Suite("API tokens") struct TokenTests {
    @Test("are accepted until they are revoked", arguments: DatabaseKind.tested)
    func lifeCycle(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            try await store.addAccount(AccountDraft("robot", .service), by: .operator)
            let scopes: Set = [Scope("catalogue:write"), Scope("catalogue:read")]
            let token = try await store.makeToken(
                for: "robot", label: "nightly", scopes: scopes, end: nil, by: .operator)
            #expect(token.wholeMatch(of: /terrabyte_[a-z2-7]{52}/) != nil)
            let found = try #require(try await store.token(token))
            #expect(found.account == "robot")
            #expect(found.label == "nightly")
            #expect(found.scopes == scopes)
            #expect(found.lastUse == nil)
            let firstUse = try await store.token(token)?.lastUse
            #expect(firstUse != nil)
            #expect(try await store.token(token)?.lastUse == firstUse)
            #expect(try await store.token(token.uppercased()) == nil)
            #expect(try await store.token(String(token.dropLast())) == nil)
            #expect(try await store.token("") == nil)
            let hash: [UInt8] = try await store.database.read { try $0.value("SELECT hash FROM identity_tokens") }
            #expect(hash.count == 32)

            #expect(
                try await code { try await store.revokeToken(found.id, of: "ada", by: .operator) } == .noSuchToken)
            try await store.revokeToken(found.id, of: "robot", by: .operator)
            #expect(try await store.token(token) == nil)
            #expect(try await store.tokens(of: "robot").first?.revocation != nil)
            #expect(
                try await code { try await store.revokeToken(found.id, of: "robot", by: .operator) } == .noSuchToken)
        }
    }

    @Test("end with their own end, and with their account", arguments: DatabaseKind.tested)
    func ends(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            try await store.addAccount(AccountDraft("ada"), by: .operator)
            func make(_ seconds: Int64?) async throws -> String {
                let end = if let seconds { try await store.time(after: seconds) } else { nil as Timestamp? }
                return try await store.makeToken(for: "ada", label: "", scopes: [], end: end, by: .operator)
            }
            let ended = try await make(0)
            #expect(try await store.token(ended) == nil)
            let (later, never) = (try await make(3_600), try await make(nil))
            for token in [later, never] { #expect(try await store.token(token) != nil) }
            try await store.setDisabled(true, "ada", by: .operator)
            for token in [later, never] { #expect(try await store.token(token) == nil) }
            try await store.setDisabled(false, "ada", by: .operator)
            let now = try await store.now()
            try await store.setEnd(now, of: "ada", by: .operator)
            for token in [later, never] { #expect(try await store.token(token) == nil) }
            #expect(try await store.tokens(of: "ada").count == 3)
            try await store.deleteAccount("ada", by: .operator)
            #expect(try await store.tokens(of: "ada").isEmpty)
            #expect(try await code { _ = try await make(nil) } == .noSuchAccount)
        }
    }
}
