import DatabaseTestKit
import HTTPEdge
import HTTPTypes
import Identity
import IdentityServer
import JSON
import SQLDatabase
import Testing

@Suite("Restricted data") struct RestrictedDataTests {
    private static let dataset: JSONValue = [
        "container": "c1", "name": "Planet Fusion", "description": "Daily.", "eligible": ["internal"],
        "documents": [["title": "EULA", "href": "/docs/eula"]],
    ]

    @Test("is shown, and its licence accepted, as terrapi does it", arguments: DatabaseKind.tested)
    func terrapi(kind: DatabaseKind) async throws {
        try await TestAdministration.run(kind) { api in
            #expect(try await api.send(.post, "/api/admin/datasets", Self.dataset, as: "ada").status == 201)
            let list = try await api.send(.get, "/restricted-data/list-available-DSS", as: "uma")
            #expect(list.json == ["containers": [["name": "Planet Fusion", "id": "c1", "status": "available"]]])
            for name in ["c1", "Planet%20Fusion"] {
                let shown = try await api.send(.get, "/restricted-data/request/container/\(name)", as: "uma")
                #expect(
                    shown.json == [
                        "container": [
                            "name": "Planet Fusion", "id": "c1", "status": "available",
                            "hrefs": ["https://terrabyte.test/docs/eula"], "description": "Daily.",
                        ]
                    ])
            }
            #expect(try await api.send(.get, "/restricted-data/request/container/c9", as: "uma").status == 404)
            let access = "/restricted-data/request/access/c1"
            #expect(try await api.send(.post, access, as: "uma").status == 400)
            #expect(try await api.send(.post, "\(access)?eulaAccept=False", as: "uma").status == 400)
            #expect(try await api.store.rights(of: "uma").readable == ["uma"])
            let accepted = try await api.send(.post, "\(access)?eulaAccept=True", as: "uma")
            #expect(accepted.json == ["status": "registered"])
            #expect(try await api.store.rights(of: "uma").readable == ["uma", "c1"])
            #expect(
                try await api.send(.get, "/restricted-data/list-available-DSS", as: "mia").json["containers"]?[0]?[
                    "status"] == "registered")
        }
    }

    @Test("is accepted in the version that was read", arguments: DatabaseKind.tested)
    func versions(kind: DatabaseKind) async throws {
        try await TestAdministration.run(kind) { api in
            _ = try await api.send(.post, "/api/admin/datasets", Self.dataset, as: "ada")
            let acceptance = "/api/datasets/c1/acceptance"
            #expect(try await api.send(.post, acceptance, ["version": 1], as: "uma").json["status"] == "registered")
            let documents: JSONValue = ["documents": [["title": "EULA 2", "href": "https://example.org/eula2"]]]
            #expect(
                try await api.send(.put, "/api/admin/datasets/c1/documents", documents, as: "ada").json["version"] == 2)
            #expect(try await api.send(.get, "/api/datasets/c1", as: "uma").json["status"] == "available")
            let old = try await api.send(.post, acceptance, ["version": 1], as: "uma")
            #expect(old.status == 400)
            #expect(old.detail.contains("version 2"))
            #expect(try await api.send(.post, acceptance, ["version": 2], as: "uma").status == 200)
            #expect(try await api.send(.delete, "/api/admin/datasets/c1", as: "ada").status == 204)
            #expect(try await api.send(.get, "/api/datasets", as: "uma").json == ["datasets": []])
        }
    }

    @Test("can be confined to some networks")
    func networks() async throws {
        var configuration = AdministrationServer.Configuration()
        configuration.restrictedDataNetworks = try IPNetworks("192.0.2.0/24")
        try await TestAdministration.run(.sqlite, configuration: configuration) { api in
            _ = try await api.send(.post, "/api/admin/datasets", Self.dataset, as: "ada")
            for path in [
                "/restricted-data/list-available-DSS", "/restricted-data/request/container/c1", "/api/datasets",
            ] {
                #expect(try await api.send(.get, path, as: "uma").status == 403)
            }
            #expect(
                try await api.send(.post, "/restricted-data/request/access/c1?eulaAccept=True", as: "uma").status == 403
            )
        }
    }
}
