import HTTPTypes
import JSON
import Testing

@testable import STACServer

@Suite("Browsing") struct BrowseTests {
    /// Items in one hour, and some in other years.
    private static func fill(_ api: TestAPI, inOneHour count: Int) async throws -> Set<String> {
        _ = try await api.send(.post, "/collections", TestAPI.collection("c"))
        var times = (0..<count).map { "2024-05-17T08:\(10 + $0 % 50):00Z" }
        times += [
            "2019-12-31T23:59:59.999999Z", "2020-01-01T00:00:00Z", "2024-05-17T09:00:00Z", "2024-06-01T00:00:00Z",
        ]
        let items = times.enumerated().map { number, time -> JSONValue in
            var item = TestAPI.item(number % 28, id: "i \(number)").object ?? [:]
            item["properties"] = ["datetime": .string(time)]
            return .object(item)
        }
        let response = try await api.send(
            .post, "/collections/c/items", ["type": "FeatureCollection", "features": .array(items)])
        #expect(response.status == 201)
        return Set(items.compactMap { $0["id"]?.string })
    }

    /// Follows `child` links to the end.
    private func crawl(_ href: String, _ api: TestAPI) async throws -> (catalogs: [JSONValue], items: [String]) {
        let response = try await api.get(href)
        #expect(response.status == 200 && response.headers[.contentType] == "application/json")
        var (catalogs, items) = ([response.json], [String]())
        for link in response.json["links"]?.array ?? [] {
            let href = try #require(link["href"]?.string)
            switch link["rel"]?.string {
            case "child":
                let below = try await crawl(href, api)
                catalogs += below.catalogs
                items += below.items
            case "item": items.append(href)
            case "self": #expect(try await api.get(href).json == response.json)
            default: break
            }
        }
        return (catalogs, items)
    }

    @Test("leads to every Item once, by Catalogs of few links", arguments: [0, 3, 1_100])
    func reachesAll(inOneHour count: Int) async throws {
        try await TestAPI.run { api in
            let ids = try await Self.fill(api, inOneHour: count)
            let (catalogs, items) = try await crawl("/", api)
            #expect(items.count == ids.count && Set(items).count == ids.count)
            #expect(try await api.get(try #require(items.first)).status == 200)
            let names = catalogs.compactMap { $0["title"]?.string }
            #expect(names.contains("2024-05-17T08") == (count > 1_000))
            #expect(names.contains("2020") == (count > 1_000))
            #expect(catalogs.allSatisfy { $0["type"] == "Catalog" || $0["type"] == "Collection" })
        }
    }

    @Test("of a Collection without Items leads nowhere")
    func empty() async throws {
        try await TestAPI.run { api in
            _ = try await api.send(.post, "/collections", TestAPI.collection("c"))
            #expect(try await crawl("/collections/c/browse", api).items.isEmpty)
            #expect(try await api.get("/collections/x/browse").status == 404)
        }
    }

    @Test(
        "rejects periods that are none",
        arguments: ["24", "2024-13", "2024-02-30", "2024-05-17T24", "2024-05-17T08Z", "x"])
    func rejections(period: String) async throws {
        try await TestAPI.run { api in
            _ = try await api.send(.post, "/collections", TestAPI.collection("c"))
            let response = try await api.get("/collections/c/browse/\(period)")
            #expect(response.status == 404 && response.json["detail"]?.string?.contains("no period") == true)
        }
    }

    @Test("does not add up links when a Collection is written as it was read")
    func roundTrip() async throws {
        try await TestAPI.run { api in
            _ = try await api.send(.post, "/collections", TestAPI.collection("c"))
            let collection = try await api.get("/collections/c").json
            #expect(try await api.send(.put, "/collections/c", collection).json == collection)
        }
    }

    @Test(
        "periods follow one another without gaps",
        arguments: ["2024", "2023-02", "2024-02", "2024-12-31", "0000", "9999"])
    func periods(text: String) throws {
        let period = try #require(BrowsePeriod(text))
        let parts = period.parts
        #expect(parts.first?.start == period.start && parts.last?.end == period.end)
        for (part, next) in zip(parts, parts.dropFirst()) { #expect(part.end == next.start) }
        #expect(parts.allSatisfy { $0.parent == period })
    }
}
