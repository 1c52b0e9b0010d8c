import DatabaseTestKit
import SQLDatabase
import Temporal
import Testing

@testable import Identity

@Suite("Accounts") struct AccountTests {
    @Test("are added, found, changed and deleted", arguments: DatabaseKind.tested)
    func lifeCycle(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            var draft = AccountDraft("ada", fullName: "Ada Lovelace", email: "ada@example.org")
            draft.roles = [.administrator, .curator]
            try await store.addAccount(draft, by: .operator)
            try await store.addAccount(AccountDraft("bob"), by: administrator)
            let names = try await store.accounts().map(\.name)
            #expect(names == ["ada", "bob"])
            let ada = try #require(try await store.account("ada"))
            #expect(ada.fullName == "Ada Lovelace")
            #expect(ada.email == "ada@example.org")
            #expect(ada.roles == [.administrator, .curator])
            #expect(try await store.account("eve") == nil)

            try await store.setRoles([.administrator], of: "bob", by: .operator)
            try await store.setRoles([.curator], of: "ada", by: administrator)
            #expect(try await store.account("ada")?.roles == [.curator])
            try await store.setDisabled(true, "bob", by: .operator)
            #expect(try await store.state(of: "bob") == .disabled)
            try await store.setDisabled(false, "bob", by: .operator)
            #expect(try await store.state(of: "bob") == .active)

            try await store.deleteAccount("bob", by: .operator)
            #expect(try await store.account("bob") == nil)
            #expect(try await code { _ = try await store.state(of: "bob") } == .noSuchAccount)
        }
    }

    @Test("keep an administrator, unless the operator decides otherwise", arguments: DatabaseKind.tested)
    func lastAdministrator(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            var draft = AccountDraft("ada")
            draft.roles = [.administrator]
            try await store.addAccount(draft, by: .operator)
            try await store.addAccount(AccountDraft("bob"), by: .operator)
            let now = try await store.now()
            let removals: [(IdentityStore, AuditActor) async throws -> Void] = [
                { try await $0.setRoles([], of: "ada", by: $1) }, { try await $0.setDisabled(true, "ada", by: $1) },
                { try await $0.setEnd(now, of: "ada", by: $1) }, { try await $0.deleteAccount("ada", by: $1) },
            ]
            for removal in removals {
                #expect(try await code { try await removal(store, administrator) } == .lastAdministrator)
            }
            #expect(try await store.state(of: "ada") == .active)
            try await store.setRoles([.administrator], of: "bob", by: administrator)
            try await store.setDisabled(true, "ada", by: administrator)
            #expect(
                try await code { try await store.setRoles([], of: "bob", by: AuditActor("bob")) } == .lastAdministrator)
            try await store.setRoles([], of: "bob", by: .operator)
        }
    }

    @Test("are listed in pages, by name", arguments: DatabaseKind.tested)
    func pages(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            for name in ["b-b", "ab", "b_a", "ba", "b9"] {
                var draft = AccountDraft(name)
                draft.roles = [.administrator, .curator]
                try await store.addAccount(draft, by: .operator)
            }
            var names: [String] = []
            while true {
                let page = try await store.accounts(after: names.last, limit: 2)
                #expect(page.allSatisfy { $0.roles.count == 2 })
                guard !page.isEmpty else { break }
                names += page.map(\.name)
            }
            #expect(names == ["ab", "b-b", "b9", "b_a", "ba"])
        }
    }

    @Test("keep their names from everybody else", arguments: DatabaseKind.tested)
    func names(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            try await store.addAccount(AccountDraft("ada"), by: .operator)
            try await store.addContainer("pn56su-dss-0001", title: "Fields", by: .operator)
            #expect(try await code { try await store.addAccount(AccountDraft("ada"), by: .operator) } == .nameTaken)
            #expect(
                try await code { try await store.addAccount(AccountDraft("pn56su-dss-0001"), by: .operator) }
                    == .nameTaken)
            #expect(try await code { try await store.addContainer("ada", title: "", by: .operator) } == .nameTaken)
            // Who gets the name next would get what begins with it.
            try await store.deleteAccount("ada", by: .operator)
            #expect(try await code { try await store.addAccount(AccountDraft("ada"), by: .operator) } == .nameTaken)
        }
    }

    @Test(
        "have names without dots",
        arguments: [
            ("di99abc", true), ("a_b-c", true), ("ab", true), (String(repeating: "a", count: 32), true), ("", false),
            ("a", false), ("9a", false), ("a.b", false), ("Ada", false), ("ädä", false), ("a b", false), ("a/b", false),
            ("ada\u{0}", false), ("operator", false), (String(repeating: "a", count: 33), false),
        ])
    func nameRule(name: String, isAllowed: Bool) {
        #expect(IdentityName.isAccount(name) == isAllowed)
    }

    @Test("of partners have a sponsor, a project and an end", arguments: DatabaseKind.tested)
    func partners(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            try await store.addAccount(AccountDraft("ada"), by: .operator)
            var draft = AccountDraft("zoe", .partner)
            #expect(try await code { try await store.addAccount(draft, by: administrator) } == .invalidValue)
            (draft.sponsor, draft.project) = ("eve", "fields")
            draft.end = try await store.time(after: 3_600)
            #expect(try await code { try await store.addAccount(draft, by: administrator) } == .noSuchAccount)
            draft.sponsor = "ada"
            try await store.addAccount(draft, by: administrator)
            #expect(try await store.state(of: "zoe") == .active)
            #expect(
                try await code { try await store.setRoles([.curator], of: "zoe", by: administrator) } == .invalidValue)
            #expect(try await code { try await store.setEnd(nil, of: "zoe", by: administrator) } == .invalidValue)
            let now = try await store.now()
            try await store.setEnd(now, of: "zoe", by: administrator)
            #expect(try await store.state(of: "zoe") == .ended)
            // A failed addition leaves no name behind.
            draft.name = "yan"
            draft.sponsor = "zoe"
            #expect(try await code { try await store.addAccount(draft, by: administrator) } == .invalidValue)
            draft.sponsor = "ada"
            try await store.addAccount(draft, by: administrator)
        }
    }

    @Test("have the most important of several states")
    func states() {
        func state(_ isDisabled: Bool, _ end: Int64?, _ lock: Int64?) -> Account.State {
            Account(
                name: "ada", kind: .internal, fullName: "", email: nil, roles: [], isDisabled: isDisabled, sponsor: nil,
                project: nil, end: end.map { Timestamp(microseconds: $0) }, creation: Timestamp(microseconds: 0),
                lockEnd: lock.map { Timestamp(microseconds: $0) }
            ).state(at: Timestamp(microseconds: 10))
        }
        #expect(state(false, nil, nil) == .active)
        #expect(state(false, 11, 10) == .active)
        #expect(state(false, 11, 11) == .locked)
        #expect(state(false, 10, 11) == .ended)
        #expect(state(true, 10, 11) == .disabled)
    }

    @Test(
        "have plausible e-mail addresses",
        arguments: [
            ("a@b.org", true), ("a", false), ("@b", false), ("a@", false), ("a@b@c", false), ("a b@c", false),
            ("a@b\r\nBcc: c@d", false),
        ])
    func email(address: String, isPlausible: Bool) {
        #expect(IdentityName.isPlausibleEmail(address) == isPlausible)
    }
}
