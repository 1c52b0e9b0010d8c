import Access
import HTTPTypes
import JSON
import Testing

@testable import STACServer

@Suite("Quotas") struct QuotaTests {
    @Test("of Collections and Items are used up, and say so; what is deleted is free again")
    func counts() async throws {
        try await Personal.run {
            $0.quota = Quota(collections: 2, items: 3)
        } _: { api in
            try await api.make("ada.a", as: "ada", items: 2)
            try await api.make("ada.b", as: "ada")
            let third = try await api.send(.post, "/collections", as: "ada", TestAPI.collection("ada.c"))
            #expect(third.status == 507 && third.json["code"] == "QuotaExceeded")
            #expect(
                third.json["detail"]?.string?.hasPrefix(
                    "The quota of 'ada' is 2 Collections; 2 are used, and this would add 1.") == true)
            // Others have quotas of their own, and so do containers.
            #expect(try await api.send(.post, "/collections", as: "eve", TestAPI.collection("eve.a")).status == 201)
            let items: JSONValue = [
                "type": "FeatureCollection",
                "features": .array((5..<7).map { TestAPI.item($0, collection: "ada.b") }),
            ]
            let refused = try await api.send(.post, "/collections/ada.b/items", as: "ada", items)
            #expect(refused.status == 507)
            #expect(refused.json["detail"]?.string?.contains("is 3 Items; 2 are used, and this would add 2") == true)
            let one = TestAPI.item(9, collection: "ada.b")
            #expect(try await api.send(.post, "/collections/ada.b/items", as: "ada", one).status == 201)
            // What is there may be changed.
            #expect(try await api.send(.put, "/collections/ada.b/items/item-09", as: "ada", one).status == 200)
            let bulk: JSONValue = ["items": ["x": TestAPI.item(1, id: "x", collection: "ada.b")]]
            #expect(try await api.send(.post, "/collections/ada.b/bulk_items", as: "ada", bulk).status == 507)
            #expect(try await api.send(.delete, "/collections/ada.a", as: "ada").status == 200)
            #expect(try await api.send(.post, "/collections/ada.b/bulk_items", as: "ada", bulk).status == 200)
            #expect(try await api.send(.post, "/collections", as: "ada", TestAPI.collection("ada.c")).status == 201)
        }
    }

    @Test("of an owner come before the server's, value by value")
    func ofOwners() async throws {
        let quotas = ["ada": Quota(collections: 1), Personal.container: Quota(items: 1)]
        try await Personal.run(quotas: quotas) {
            $0.quota = Quota(collections: 5, items: 2)
        } _: { api in
            try await api.make("ada.a", as: "ada", items: 2)
            #expect(try await api.send(.post, "/collections", as: "ada", TestAPI.collection("ada.b")).status == 507)
            let item = TestAPI.item(3, collection: "ada.a")
            #expect(try await api.send(.post, "/collections/ada.a/items", as: "ada", item).status == 507)
            let shared = "\(Personal.container).a"
            try await api.make(shared, as: "willi", items: 1)
            let further = TestAPI.item(3, collection: shared)
            #expect(try await api.send(.post, "/collections/\(shared)/items", as: "willi", further).status == 507)
            // Also for what moves there.
            try await api.make("willi.a", as: "willi", items: 1)
            let moved = try await api.send(
                .post, "/collections/willi.a/move", as: "willi", ["id": .string("\(Personal.container).b")])
            #expect(moved.status == 507)
            #expect(try await api.send(.get, "/collections/willi.a/items", as: "willi").json["numberMatched"] == 1)
        }
    }

    @Test("of bytes are of Items as they are stored")
    func bytes() async throws {
        try await Personal.run {
            $0.quota = Quota(bytes: 20_000)
        } _: { api in
            try await api.make("ada.a", as: "ada")
            var random = SystemRandomNumberGenerator()
            var statuses: [Int] = []
            for number in 0..<10 {
                var item = TestAPI.item(number, collection: "ada.a").object ?? [:]
                // Nothing that could be compressed to less than three quarters.
                let noise = (0..<20_000).map { _ in Character(UnicodeScalar(UInt8.random(in: 35...90, using: &random)))
                }
                item["noise"] = .string(String(noise))
                statuses.append(
                    try await api.send(.post, "/collections/ada.a/items", as: "ada", .object(item)).status)
            }
            #expect(statuses.first == 201 && statuses.last == 507)
            #expect(statuses.filter { $0 == 201 }.count < 3)
        }
    }

    @Test("are not exceeded by requests at the same time")
    func concurrency() async throws {
        try await Personal.run {
            $0.quota = Quota(collections: 5, items: 7)
        } _: { api in
            let made = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<40 {
                    group.addTask {
                        try await api.send(
                            .post, "/collections", as: "ada", TestAPI.collection("ada.c\(number)")
                        ).status
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(made) == [201, 507])
            let count = try await api.send(.get, "/collections", as: "ada").json["numberMatched"]?.int ?? 0
            #expect(count == made.filter { $0 == 201 }.count && count <= 5)
        }
    }

    @Test("are nothing that the public API has")
    func publicAPI() async throws {
        var configuration = STACServer.Configuration()
        configuration.quota = Quota(collections: 0, items: 0, bytes: 0)
        try await TestAPI.run(configuration: configuration) { api in
            try await api.fill(3)
            #expect(try await api.get("/search").json["numberMatched"] == 3)
        }
    }
}
