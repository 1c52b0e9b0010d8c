import DatabaseTestKit
import JSON
import SQLDatabase
import Testing

@testable import Identity

@Suite("Restricted datasets") struct DatasetTests {
    private static let documents = [Dataset.Document(title: "EULA", href: "https://example.org/eula.pdf")]

    /// With the accounts ada and bob, a partner, and the containers c1 and team, of which bob is a member.
    private func withDataset(
        _ kind: DatabaseKind, eligible: Set<Eligibility>, _ body: (IdentityStore) async throws -> Void
    ) async throws {
        try await withStore(kind) { store in
            for name in ["ada", "bob"] { try await store.addAccount(AccountDraft(name), by: .operator) }
            var partner = AccountDraft("paula", .partner)
            (partner.sponsor, partner.project, partner.end) = ("ada", "Fields", try await store.time(after: 3_600))
            try await store.addAccount(partner, by: .operator)
            try await store.addContainer("c1", title: "", by: .operator)
            try await store.addContainer("team", title: "", by: .operator)
            try await store.setMember("bob", of: "team", .ro, by: .operator)
            try await store.addDataset(
                DatasetDraft("c1", name: "Planet Fusion", eligible: eligible, documents: Self.documents),
                by: administrator)
            try await body(store)
        }
    }

    private func access(_ store: IdentityStore, _ name: String) async throws -> DatasetAccess? {
        try await store.dataset("c1", for: name)?.access
    }

    @Test(
        "are available to those who are eligible", arguments: DatabaseKind.tested,
        [
            ([Eligibility.everybody], ["ada", "bob", "paula"]), ([.internalAccounts], ["ada", "bob"]),
            ([.members(of: "team")], ["bob"]), ([.members(of: "c1")], []),
        ] as [(Set<Eligibility>, Set<String>)])
    func eligibility(kind: DatabaseKind, table: (eligible: Set<Eligibility>, names: Set<String>)) async throws {
        try await withDataset(kind, eligible: table.eligible) { store in
            for name in ["ada", "bob", "paula"] {
                let expected: DatasetAccess = table.names.contains(name) ? .available : .notAllowed
                #expect(try await access(store, name) == expected)
                let result = try await store.acceptLicence(of: "c1", version: 1, by: AuditActor(name))
                #expect(result == (table.names.contains(name) ? .registered : .notAllowed))
                #expect(try await store.rights(of: name).readable.contains("c1") == table.names.contains(name))
                #expect(try await !store.rights(of: name).writable.contains("c1"))
            }
            #expect(try await access(store, "nobody") == .notAllowed)
        }
    }

    @Test("are hidden again from readers until they accept a new licence", arguments: DatabaseKind.tested)
    func versions(kind: DatabaseKind) async throws {
        try await withDataset(kind, eligible: [.internalAccounts]) { store in
            try await store.setMember("bob", of: "c1", .rw, by: .operator)
            _ = try await store.acceptLicence(of: "Planet Fusion", version: nil, by: AuditActor("ada"))
            #expect(try await store.rights(of: "ada").groups == ["/dss/c1-ro"])

            let documents = [Dataset.Document(title: "EULA 2", href: "/docs/eula")]
            #expect(try await store.setDocuments(documents, ofDataset: "c1", by: administrator) == 2)
            #expect(try await access(store, "ada") == .available)
            #expect(try await store.rights(of: "ada").readable == ["ada"])
            #expect(try await store.rights(of: "ada").groups == [])
            // Who writes the data is no reader.
            #expect(try await store.rights(of: "bob").writable == ["bob", "c1"])
            #expect(
                try await code { _ = try await store.acceptLicence(of: "c1", version: 1, by: AuditActor("ada")) }
                    == .invalidValue)
            #expect(try await store.acceptLicence(of: "c1", version: 2, by: AuditActor("ada")) == .registered)
            #expect(try await store.rights(of: "ada").readable == ["ada", "c1"])
            let events = try await store.events(of: .licenceAccepted)
            #expect(events.map(\.details["version"]?.int) == [2, 1])
        }
    }

    @Test("need the licence of members whom somebody else has added, too", arguments: DatabaseKind.tested)
    func addedMembers(kind: DatabaseKind) async throws {
        try await withDataset(kind, eligible: [.members(of: "team")]) { store in
            try await store.setMember("ada", of: "c1", .ro, by: .operator)
            #expect(try await access(store, "ada") == .available)
            #expect(try await store.rights(of: "ada").readable == ["ada"])
            #expect(try await store.acceptLicence(of: "c1", version: 1, by: AuditActor("ada")) == .registered)
            #expect(try await store.rights(of: "ada").readable == ["ada", "c1"])
            try await store.removeMember("ada", of: "c1", by: .operator)
            #expect(try await store.rights(of: "ada").readable == ["ada"])
        }
    }

    @Test("are nothing for accounts that are disabled", arguments: DatabaseKind.tested)
    func disabled(kind: DatabaseKind) async throws {
        try await withDataset(kind, eligible: [.everybody]) { store in
            try await store.setDisabled(true, "ada", by: .operator)
            #expect(try await store.acceptLicence(of: "c1", version: 1, by: AuditActor("ada")) == .notAllowed)
            try await store.setDisabled(false, "ada", by: .operator)
            #expect(try await store.rights(of: "ada").readable == ["ada"])
        }
    }

    @Test("leave an ordinary container when they are deleted", arguments: DatabaseKind.tested)
    func deletion(kind: DatabaseKind) async throws {
        try await withDataset(kind, eligible: [.everybody]) { store in
            try await store.setMember("bob", of: "c1", .ro, by: .operator)
            #expect(try await store.rights(of: "bob").readable == ["bob", "team"])
            try await store.deleteDataset("Planet Fusion", by: administrator)
            #expect(try await store.rights(of: "bob").readable == ["bob", "c1", "team"])
            #expect(try await store.datasets(for: "bob").isEmpty)
            #expect(try await code { try await store.deleteDataset("c1", by: administrator) } == .noSuchDataset)
        }
    }

    /// Why a dataset of the container team is refused with a change; `nil`: it is not.
    private func refusal(
        _ store: IdentityStore, _ change: (inout DatasetDraft) -> Void
    ) async throws -> IdentityError.Code? {
        var draft = DatasetDraft("team", name: "Team", eligible: [.everybody], documents: Self.documents)
        change(&draft)
        return try await code { [draft] in try await store.addDataset(draft, by: administrator) }
    }

    @Test("have names and documents that can be used", arguments: DatabaseKind.tested)
    func drafts(kind: DatabaseKind) async throws {
        try await withDataset(kind, eligible: [.everybody]) { store in
            var table: [((inout DatasetDraft) -> Void, IdentityError.Code?)] = [
                ({ $0.name = "Planet Fusion" }, .nameTaken), ({ $0.name = "c1" }, .nameTaken),
                ({ $0.container = "c1" }, .nameTaken), ({ $0.container = "none" }, .noSuchContainer),
                ({ $0.eligible = [.members(of: "none")] }, .noSuchContainer), ({ $0.eligible = [] }, .invalidValue),
                ({ $0.documents = [] }, .invalidValue), ({ $0.name = "a/b" }, .invalidValue),
            ]
            for href in ["javascript:alert(1)", "https://a b", "eula.pdf", "https://a\nb"] {
                table.append(({ $0.documents = [.init(title: "", href: href)] }, .invalidValue))
            }
            for (change, expected) in table + [({ _ in }, nil)] {
                let found = try await refusal(store, change)
                #expect(found == expected)
            }
            #expect(try await store.datasets(for: "ada").map(\.dataset.name) == ["Planet Fusion", "Team"])
        }
    }
}
