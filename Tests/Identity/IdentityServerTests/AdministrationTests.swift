import DatabaseTestKit
import HTTPTypes
import HummingbirdTesting
import Identity
import JSON
import NIOCore
import SQLDatabase
import Testing

@Suite("Administration") struct AdministrationTests {
    @Test("adds, shows, changes and deletes accounts", arguments: DatabaseKind.tested)
    func accounts(kind: DatabaseKind) async throws {
        try await TestAdministration.run(kind) { api in
            let added = try await api.send(
                .post, "/api/admin/accounts", ["name": "bob", "fullName": "Bob", "roles": ["curator"]], as: "ada")
            #expect(added.status == 201)
            #expect(added.headers[.location] == "/api/admin/accounts/bob")
            #expect(added.headers[.cacheControl] == "no-store")
            #expect(added.json["account"]?["roles"] == ["curator"])
            let link = try #require(added.json["passwordReset"]?["link"]?.string)
            let token = try #require(link.split(separator: "=").last.map(String.init))
            #expect(link == "https://terrabyte.test/auth/password?token=\(token)")
            #expect(try await api.store.passwordReset(token) == "bob")

            let changed = try await api.send(
                .patch, "/api/admin/accounts/bob", ["disabled": true, "end": "2099-01-01"], as: "ada")
            #expect(changed.status == 200)
            #expect(changed.json["state"] == "disabled")
            #expect(changed.json["end"] == "2099-01-01T00:00:00Z")
            let open = try await api.send(.patch, "/api/admin/accounts/bob", ["end": nil], as: "ada")
            #expect(open.json["end"]?.isNull == true)
            #expect(open.json["state"] == "disabled")

            #expect(try await api.send(.delete, "/api/admin/accounts/bob", as: "ada").status == 204)
            #expect(try await api.send(.get, "/api/admin/accounts/bob", as: "ada").status == 404)
            let again = try await api.send(.post, "/api/admin/accounts", ["name": "bob"], as: "ada")
            #expect(again.status == 409)
            let events = try await api.store.events()
            #expect(events.first?.action == .accountDeleted)
            #expect(events.first?.actor.name == "ada")
        }
    }

    @Test("lists accounts in pages", arguments: DatabaseKind.tested)
    func pages(kind: DatabaseKind) async throws {
        try await TestAdministration.run(kind) { api in
            var (names, next): ([String], String?) = ([], "/api/admin/accounts?limit=3")
            while let path = next {
                let page = try await api.send(.get, path, as: "ada").json
                names += (page["accounts"]?.array ?? []).compactMap { $0["name"]?.string }
                next = page["next"]?.string
            }
            #expect(names == ["ada", "mia", "rob", "uma"])
        }
    }

    @Test(
        "refuses what it does not understand, with the member's name",
        arguments: [
            ("{}", "name"), (#"{"name": 1}"#, "name"), (#"{"name": "bob", "kid": "internal"}"#, "did you mean 'kind'"),
            (#"{"name": "bob", "kind": "robot"}"#, "'partner'"), (#"{"name": "bob", "roles": ["root"]}"#, "roles"),
            (#"{"name": "bob", "end": "tomorrow"}"#, "end"), (#"{"name": "Bob"}"#, "lower-case"), ("[]", "object"),
            ("{", "is "), (#"{"name": "bob", "kind": "partner"}"#, "sponsor"),
            (#"{"name": "bob", "email": "a@b\nBcc: c@d"}"#, "e-mail"),
        ])
    func faults(body: String, word: String) async throws {
        try await TestAdministration.run(.sqlite) { api in
            let response = try await api.client.executeRequest(
                uri: "/api/admin/accounts", method: .post, headers: [.authorization: "Bearer ada"],
                body: .init(string: body))
            #expect(response.status == .badRequest)
            let text = String(decoding: Array(response.body.readableBytesView), as: UTF8.self)
            #expect(text.contains(word), "\(text)")
            #expect(try await api.store.accounts().count == 4)
        }
    }

    @Test("invites partners, with a link where no mail is sent", arguments: DatabaseKind.tested)
    func invitations(kind: DatabaseKind) async throws {
        try await TestAdministration.run(kind) { api in
            let body: JSONValue = [
                "email": "zoe@example.org", "project": "Fields", "end": "2099-01-01", "containers": ["c1": "ro"],
            ]
            let made = try await api.send(.post, "/api/admin/invitations", body, as: "ada")
            #expect(made.status == 201)
            let link = try #require(made.json["link"]?.string)
            #expect(made.json["sent"] == false)
            let token = try #require(link.split(separator: "=").last.map(String.init))
            #expect(try await api.store.invitation(token)?.sponsor == "ada")

            let list = try await api.send(.get, "/api/admin/invitations", as: "ada").json["invitations"]
            #expect(list?[0]?["containers"] == ["c1": "ro"])
            let id = try #require(list?[0]?["id"]?.int)
            #expect(try await api.send(.delete, "/api/admin/invitations/\(id)", as: "ada").status == 204)
            #expect(try await api.store.invitation(token) == nil)
            #expect(try await api.send(.delete, "/api/admin/invitations/\(id)", as: "ada").status == 404)
            #expect(try await api.send(.delete, "/api/admin/invitations/x", as: "ada").status == 404)
            let unknown: JSONValue = [
                "email": "zoe@example.org", "project": "Fields", "end": "2099-01-01", "containers": ["c9": "ro"],
            ]
            #expect(try await api.send(.post, "/api/admin/invitations", unknown, as: "ada").status == 404)
            var levels = JSONObject()
            for number in 0...100 { levels["c\(number)"] = "ro" }
            let many: JSONValue = [
                "email": "zoe@example.org", "project": "Fields", "end": "2099-01-01", "containers": .object(levels),
            ]
            let refused = try await api.send(.post, "/api/admin/invitations", many, as: "ada")
            #expect(refused.status == 400 && refused.detail.contains("more than 100"))
        }
    }

    @Test("keeps an administrator", arguments: DatabaseKind.tested)
    func lastAdministrator(kind: DatabaseKind) async throws {
        try await TestAdministration.run(kind) { api in
            let refused = try await api.send(.patch, "/api/admin/accounts/ada", ["roles": []], as: "ada")
            #expect(refused.status == 409)
            #expect(refused.code == "LastAdministrator")
        }
    }

    @Test("shows the audit log in pages, and by its members", arguments: DatabaseKind.tested)
    func audit(kind: DatabaseKind) async throws {
        try await TestAdministration.run(kind) { api in
            let all = try await api.store.events().map { Int($0.id) }
            var (ids, next): ([Int], String?) = ([], "/api/admin/audit?limit=2")
            while let path = next {
                let page = try await api.send(.get, path, as: "ada").json
                ids += (page["events"]?.array ?? []).compactMap { $0["id"]?.int }
                next = page["next"]?.string
            }
            #expect(ids == all)
            let members = try await api.send(
                .get, "/api/admin/audit?action=member.added&subject=c1&start=2020-01-01", as: "ada"
            ).json["events"]
            #expect(members?.array?.count == 2)
            for query in ["action=member.ad", "start=soon", "limit=0", "page=2", "limit=1&limit=2", "actor=%FF"] {
                #expect(try await api.send(.get, "/api/admin/audit?\(query)", as: "ada").status == 400, "\(query)")
            }
        }
    }

    @Test("lets managers change the members of their containers, and nobody else", arguments: DatabaseKind.tested)
    func managers(kind: DatabaseKind) async throws {
        try await TestAdministration.run(kind) { api in
            let member = "/api/containers/c1/members/uma"
            let refused = try await api.send(.put, member, ["level": "rw"], as: "rob")
            #expect(refused.status == 403)
            #expect(try await api.send(.put, member, ["level": "rw"], as: "uma").status == 404)
            #expect(
                try await api.send(.put, "/api/containers/c9/members/uma", ["level": "rw"], as: "mia").status == 404)
            #expect(try await api.send(.put, member, ["level": "rw"], as: "mia").status == 200)
            #expect(try await api.store.rights(of: "uma").writable == ["uma", "c1"])
            #expect(try await api.send(.get, "/api/containers/c1", as: "mia").json["members"]?.array?.count == 3)
            #expect(try await api.send(.get, "/api/containers/c1", as: "rob").json["members"] == nil)
            #expect(try await api.send(.get, "/api/containers", as: "rob").json["containers"]?[0]?["level"] == "ro")
            #expect(try await api.send(.delete, member, as: "mia").status == 204)
            #expect(try await api.send(.delete, member, as: "ada").status == 404)
            #expect(try await api.send(.put, member, ["level": "ro"], as: "ada").status == 200)
        }
    }

    @Test(
        "is for administrators, and what belongs to people is for people",
        arguments: [
            (.get, "/api/admin/accounts"), (.post, "/api/admin/accounts"), (.get, "/api/admin/accounts/ada"),
            (.patch, "/api/admin/accounts/ada"), (.delete, "/api/admin/accounts/rob"),
            (.post, "/api/admin/accounts/rob/password-reset"), (.post, "/api/admin/accounts/rob/factor-reset"),
            (.get, "/api/admin/invitations"), (.post, "/api/admin/invitations"), (.delete, "/api/admin/invitations/1"),
            (.get, "/api/admin/containers"), (.post, "/api/admin/containers"), (.delete, "/api/admin/containers/c1"),
            (.post, "/api/admin/datasets"), (.put, "/api/admin/datasets/c1/documents"),
            (.delete, "/api/admin/datasets/c1"), (.get, "/api/admin/audit"),
        ] as [(HTTPRequest.Method, String)])
    func rules(method: HTTPRequest.Method, path: String) async throws {
        try await TestAdministration.run(.sqlite) { api in
            for name in ["mia", "rob", "uma"] {
                let status = try await api.send(method, path, [:], as: name).status
                #expect([401, 403].contains(status))
            }
            #expect(try await api.send(method, path, [:], as: nil).status == 401)
            #expect(try await api.store.accounts().count == 4)
        }
    }
}
