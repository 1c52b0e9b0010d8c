import HTTPTypes
import HummingbirdTesting
import InMemoryLogging
import JSON
import Logging
import NIOCore
import Telemetry
import Testing

@testable import STACServer

@Suite("Measured searches") struct MeasuredSearchTests {
    private static let nested: JSONValue = ["op": "=", "args": [["property": "assets.data.href"], "file:///data/1"]]
    private static let token: HTTPFields = [.authorization: "Bearer " + TestAPI.token]

    @Test("are explained to operators: the plan and what it has cost")
    func explain() async throws {
        try await TestAPI.run { api in
            try await api.fill(20)
            let query =
                "bbox=2.2,9,4.2,11&datetime=2024-01-03T00:00:00Z/..&filter=eo:cloud_cover%3C4&sortby=-eo:cloud_cover"
            #expect(try await api.get("/search/explain?" + query).status == 401)
            let response = try await api.get("/search/explain?" + query, headers: Self.token)
            #expect(response.status == 200)
            #expect(response.json["shape"] == "area+time+filter+sorted")
            let steps = response.json["plan"]?.array ?? []
            #expect(steps.map { $0["step"]?.string } == ["time", "area", "filter", "order"])
            #expect(steps[2]["conditions"]?["condition"]?.string?.contains("eo:cloud_cover") == true)
            #expect(response.json["numberMatched"] == 2)
            #expect(response.json["statistics"]?["segments"]?.double ?? 0 >= 1)
            #expect(response.json["statistics"]?["itemsDecoded"] == 0)
            #expect(response.json["milliseconds"]?.double ?? -1 >= 0)

            let body = try await api.send(.post, "/search/explain", ["filter": Self.nested])
            #expect(body.json["statistics"]?["itemsDecoded"] == 20)
            #expect(body.json["numberMatched"] == 1)
            #expect(try await api.send(.post, "/search/explain", ["limit": "x"]).status == 400)
        }
    }

    @Test("are rejected when they would have to decode too many Items, with the reason")
    func tooCostly() async throws {
        var configuration = STACServer.Configuration()
        configuration.maximumItemsDecodedPerSearch = 10
        try await TestAPI.run(configuration: configuration) { api in
            try await api.fill(20)
            let rejected = try await api.send(.post, "/search", ["filter": Self.nested])
            #expect(rejected.status == 400)
            #expect(rejected.json["code"] == "SearchTooCostly")
            #expect(rejected.json["detail"]?.string?.contains("more than 10 Items") == true)
            let narrow: JSONValue = ["filter": Self.nested, "datetime": "2024-01-01T00:00:00Z/2024-01-05T00:00:00Z"]
            let found = try await api.send(.post, "/search", narrow)
            #expect(found.status == 200)
            #expect(found.json["numberMatched"] == 1)
            let counted = try await api.send(
                .post, "/aggregate", ["filter": Self.nested, "aggregations": ["total_count"]])
            #expect(counted.json["code"] == "SearchTooCostly")
        }
    }

    @Test("are logged with their plan when they are slow", arguments: [true, false])
    func slow(isLogged: Bool) async throws {
        let log = InMemoryLogHandler()
        var configuration = STACServer.Configuration()
        configuration.slowSearch = isLogged ? .zero : nil
        try await TestAPI.run(configuration: configuration, logger: Logger(label: "test") { _ in log }) { api in
            try await api.fill(3)
            _ = try await api.send(.post, "/search", ["filter": Self.nested, "collections": ["c"]])
        }
        let entries = log.entries.filter { $0.message.description == "Slow search" }
        #expect(entries.count == (isLogged ? 1 : 0))
        guard let metadata = entries.first?.metadata else { return }
        #expect(metadata["search.shape"] == "filter")
        #expect(metadata["search.collections"] == "c")
        #expect("\(metadata["search.plan"] ?? "")".contains("assets.data.href"))
        #expect("\(metadata["search.statistics"] ?? "")".contains(#""itemsDecoded":3"#))
    }

    @Test("are counted by their shape")
    func metrics() async throws {
        try await TestAPI.run { api in
            try await api.fill(5)
            for query in ["bbox=0,0,9,20&datetime=../2030-01-01T00:00:00Z", "ids=item-01", "ids=item-02"] {
                _ = try await api.get("/search?" + query)
            }
            let lines = api.telemetry.text().split(separator: "\n")
            for line in [
                #"terrabyte_search_duration_seconds_count{api="stac",shape="area+time"} 1"#,
                #"terrabyte_search_duration_seconds_count{api="stac",shape="ids"} 2"#,
            ] {
                #expect(lines.contains { $0 == line }, "\(line)")
            }
        }
    }
}
