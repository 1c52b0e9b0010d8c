import DatabaseTestKit
import SQLDatabase
import Testing

@testable import Identity

@Suite("Containers") struct ContainerTests {
    @Test("give their members rights by level", arguments: DatabaseKind.tested)
    func rights(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            for name in ["ada", "bob"] { try await store.addAccount(AccountDraft(name), by: .operator) }
            for (id, level) in [("c1", .ro), ("c2", .rw), ("c3", .manager)] as [(String, Container.Level)] {
                try await store.addContainer(id, title: id.uppercased(), path: "/dss/\(id)", by: administrator)
                try await store.setMember("ada", of: id, level, by: administrator)
            }
            let rights = try await store.rights(of: "ada")
            #expect(rights.readable == ["ada", "c1", "c2", "c3"])
            #expect(rights.writable == ["ada", "c2", "c3"])
            #expect(rights.groups == ["/dss/c1-ro", "/dss/c2", "/dss/c3", "/dss/c3-mgr"])
            let others = try await store.rights(of: "bob")
            #expect(others.readable == ["bob"] && others.writable == ["bob"] && others.groups.isEmpty)

            try await store.setMember("ada", of: "c2", .ro, by: administrator)
            try await store.removeMember("ada", of: "c3", by: administrator)
            #expect(try await store.rights(of: "ada").writable == ["ada"])
            #expect(try await store.rights(of: "ada").readable == ["ada", "c1", "c2"])
            #expect(
                try await code { try await store.removeMember("ada", of: "c3", by: administrator) } == .noSuchMember)
            try await store.deleteContainer("c1", by: administrator)
            #expect(try await store.rights(of: "ada").readable == ["ada", "c2"])
        }
    }

    @Test("give nothing to accounts that are not active, and nothing to nobody", arguments: DatabaseKind.tested)
    func inactive(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            try await store.addAccount(AccountDraft("ada"), by: .operator)
            try await store.addContainer("c1", title: "", by: .operator)
            try await store.setMember("ada", of: "c1", .rw, by: .operator)
            #expect(try await store.rights(of: "nobody") == .none)
            let later = try await store.time(after: 3_600)
            try await store.setEnd(later, of: "ada", by: .operator)
            #expect(try await store.rights(of: "ada").writable == ["ada", "c1"])
            let now = try await store.now()
            try await store.setEnd(now, of: "ada", by: .operator)
            #expect(try await store.rights(of: "ada") == .none)
            try await store.setEnd(nil, of: "ada", by: .operator)
            try await store.setDisabled(true, "ada", by: .operator)
            #expect(try await store.rights(of: "ada") == .none)
        }
    }

    @Test("are found with their members", arguments: DatabaseKind.tested)
    func found(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            for name in ["ada", "bob"] { try await store.addAccount(AccountDraft(name), by: .operator) }
            try await store.addContainer("c2", title: "Fields", path: "/dss/c2", by: .operator)
            try await store.addContainer("c1", title: "Forests", by: .operator)
            try await store.setMember("ada", of: "c2", .manager, by: .operator)
            try await store.setMember("bob", of: "c2", .ro, by: .operator)
            let all = try await store.containers()
            #expect(all.map(\.id) == ["c1", "c2"])
            #expect(all.map(\.title) == ["Forests", "Fields"])
            #expect(all.map(\.path) == [nil, "/dss/c2"])
            #expect(all.map(\.members) == [[:], ["ada": .manager, "bob": .ro]])
            #expect(try await store.container("c2") == all[1])
            #expect(try await store.container("c3") == nil)
            try await store.deleteAccount("bob", by: .operator)
            #expect(try await store.container("c2")?.members == ["ada": .manager])
        }
    }

    @Test(
        "have ids that no group can be mistaken for",
        arguments: [
            ("pn56su-dss-0001", true), ("a-ro-b", true), ("aro", true), ("c-ro", false), ("c-mgr", false),
            ("c.d", false), ("C1", false), ("c/d", false), ("", false),
        ])
    func ids(id: String, isAllowed: Bool) {
        var code: IdentityError.Code?
        do { try IdentityName.checkContainer(id) } catch { code = error.code }
        #expect(code == (isAllowed ? nil : .invalidName))
    }

    @Test("have absolute paths and members that exist", arguments: DatabaseKind.tested)
    func errors(kind: DatabaseKind) async throws {
        try await withStore(kind) { store in
            for path in ["dss", "/dss/../etc", ""] {
                #expect(
                    try await code { try await store.addContainer("c1", title: "", path: path, by: .operator) }
                        == .invalidValue)
            }
            try await store.addContainer("c1", title: "", path: "/dss/..c1", by: .operator)
            #expect(
                try await code { try await store.setMember("ada", of: "c1", .ro, by: .operator) } == .noSuchAccount)
            try await store.addAccount(AccountDraft("ada"), by: .operator)
            #expect(
                try await code { try await store.setMember("ada", of: "c2", .ro, by: .operator) } == .noSuchContainer)
            #expect(try await code { try await store.deleteContainer("c2", by: .operator) } == .noSuchContainer)
        }
    }
}
