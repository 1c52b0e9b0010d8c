import Access
import DatabaseTestKit
import SQLDatabase
import Testing

@testable import Identity

@Suite("Clients") struct ClientTests {
    @Test("are registered with a secret that only its holder knows", arguments: DatabaseKind.tested)
    func registered(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            try await store.addAccount(AccountDraft("robot", .service), by: .operator)
            let draft = OAuthClient(
                "dashboard", title: "Dashboard", .confidential, redirectURIs: [try RedirectURI("https://a.example/cb")],
                grantTypes: [.authorizationCode, .clientCredentials], scopes: [.openID, Scope("collections:read")],
                serviceAccount: "robot")
            let secret = try #require(try await store.addClient(draft, by: administrator))
            let client = try #require(try await store.client("dashboard"))
            #expect(client.hasSecret(secret))
            #expect(!client.hasSecret(secret.uppercased()))
            #expect(!client.hasSecret(""))
            #expect(client.redirectURIs == draft.redirectURIs)
            #expect(client.grantTypes == draft.grantTypes)
            #expect(client.scopes == draft.scopes)
            #expect(client.serviceAccount == "robot")
            #expect(try await code { _ = try await store.addClient(draft, by: administrator) } == .nameTaken)
            let newSecret = try await store.resetClientSecret(of: "dashboard", by: administrator)
            let changed = try #require(try await store.client("dashboard"))
            #expect(changed.hasSecret(newSecret) && !changed.hasSecret(secret))
            try await store.deleteClient("dashboard", by: administrator)
            #expect(try await store.client("dashboard") == nil)
            #expect(
                try await store.events().reversed().map(\.action).suffix(3) == [
                    .clientAdded, .clientSecretReset, .clientDeleted,
                ])
        }
    }

    @Test("that are built in are there, and cannot be changed", arguments: DatabaseKind.tested)
    func builtIn(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            let clients = try await store.clients()
            #expect(clients.map(\.refreshPolicy) == [.reusable, .reusable, .rotated, .rotated])
            #expect(try await store.client("terrapi") == clients[2])
            #expect(try await code { try await store.deleteClient("terrapi", by: .operator) } == .noSuchClient)
            #expect(
                try await code { _ = try await store.resetClientSecret(of: "terrapi", by: .operator) } == .noSuchClient)
            let copy = OAuthClient("terrapi", title: "x", grantTypes: [.deviceCode], scopes: [])
            #expect(try await code { _ = try await store.addClient(copy, by: .operator) } == .nameTaken)
        }
    }

    @Test(
        "that do not fit together are refused",
        arguments: [
            OAuthClient("a b", title: "x", grantTypes: [.deviceCode], scopes: []),
            OAuthClient("a", title: "", grantTypes: [.deviceCode], scopes: []),
            OAuthClient("a", title: "x", grantTypes: [], scopes: []),
            OAuthClient("a", title: "x", grantTypes: [.authorizationCode], scopes: []),
            OAuthClient("a", title: "x", .public, grantTypes: [.clientCredentials], scopes: [], serviceAccount: "ada"),
            OAuthClient("a", title: "x", .confidential, grantTypes: [.clientCredentials], scopes: []),
            OAuthClient("a", title: "x", grantTypes: [.deviceCode], scopes: [Scope("everything")]),
        ])
    func refused(client: OAuthClient) async throws {
        try await withStore(.sqlite) { store in
            let code = try await code { _ = try await store.addClient(client, by: .operator) }
            #expect(code == .invalidValue || code == .invalidName)
        }
    }

    @Test("get tokens for a service account as long as it may do anything", arguments: DatabaseKind.tested)
    func clientCredentials(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            try await store.addPerson("ada")
            try await store.addAccount(AccountDraft("robot", .service), by: .operator)
            func client(_ account: String) -> OAuthClient {
                OAuthClient(
                    "harvester", title: "x", .confidential, grantTypes: [.clientCredentials],
                    scopes: [Scope("collections:read")], serviceAccount: account)
            }
            #expect(try await code { _ = try await store.addClient(client("ada"), by: .operator) } == .invalidValue)
            #expect(try await code { _ = try await store.addClient(client("bob"), by: .operator) } == .noSuchAccount)
            try await store.addClient(client("robot"), by: .operator)
            let registered = try #require(try await store.client("harvester"))
            func tokens() async throws -> Result<TokenBasis, GrantRefusal> {
                try await store.clientCredentialsGrant(registered, TokenLifetimes(), address: nil)
            }
            let first = try await tokens().get()
            #expect(first.grant.account == "robot")
            #expect(try await tokens().get().grant.id == first.grant.id)
            // What others guess is nothing to a program.
            for _ in 0..<5 { _ = try await store.checkPassword("wrong horse", of: "robot", address: nil) }
            try await store.ageAttempts(by: -60)
            #expect(try await tokens().get().grant.id == first.grant.id)
            try await store.revokeGrant(first.grant.id, of: "robot", by: administrator)
            #expect(try await tokens().get().grant.id != first.grant.id)
            try await store.setDisabled(true, "robot", by: administrator)
            #expect(try await tokens().failure == .account(.disabled))
            #expect(try await store.outcomes(.grantRefused) == [.refused])
            try await store.deleteAccount("robot", by: administrator)
            #expect(try await store.client("harvester") == nil)
        }
    }
}
