import HTTPTypes
import HummingbirdTesting
import JSON
import NIOCore
import Testing

@testable import STACServer

@Suite("Prompt answers of the API") struct PromptAnswerTests {
    private static let requests: [(method: HTTPRequest.Method, path: String, body: JSONValue?, fields: HTTPFields)] = [
        (.get, "/collections/c/items/item-03", nil, [:]),
        (.get, "/collections/c/items/item%2d03?x=y", nil, [:]),
        (.get, "/collections/c/items/none", nil, [:]),
        (.get, "/collections/none/items/item-03", nil, [:]),
        (.get, "/collections/c/items/%ff", nil, [:]),
        (.get, "/collections/c/items/item-03/", nil, [:]),
        (.get, "/collections/c/items/item-03", nil, [.ifNoneMatch: "*"]),
        (.get, "/search", nil, [:]),
        (.get, "/search?limit=3&sortby=-datetime", nil, [:]),
        (.get, "/search?limit=12", nil, [.acceptEncoding: "gzip"]),
        (.get, "/search?limit=x", nil, [:]),
        (.get, "/search?limit=1&limit=2", nil, [:]),
        (.get, "/search?limit=2&fields=id", nil, [:]),
        (.get, "/search?bbox=2.2,9,4.2,11", nil, [:]),
        (.post, "/search", ["limit": 4], [:]),
        (.post, "/search", ["limit": 30], [:]),
        (.post, "/search", ["filter": ["op": "<", "args": [["property": "eo:cloud_cover"], 5]]], [:]),
        (.post, "/search", ["limit": "many"], [:]),
        (.post, "/search", [1, 2], [:]),
        (.post, "/search", ["filter": .string(String(repeating: "x", count: 5_000))], [:]),
        (.get, "/searching", nil, [:]),
        (.get, "/collections/c/items", nil, [:]),
    ]

    private struct Answer: Equatable {
        let status: Int
        let type, encoding, tag, length: String?
        let body: String
    }

    /// Links name the host, and cursors are the same for the same Items.
    private static func responses(_ setup: TestingSetup) async throws -> [Answer] {
        let collected = Collected()
        try await TestAPI.run(setup) { api in
            try await api.fill(20)
            for request in requests {
                let response = try await api.send(request.method, request.path, request.body, headers: request.fields)
                let encoding = response.headers[.contentEncoding]
                let body = encoding == nil ? String(buffer: response.body) : "\(response.body.readableBytes > 100)"
                let parts = body.split(separator: "http://", omittingEmptySubsequences: false)
                let local = parts.dropFirst().map { $0.drop { $0 != "/" } }
                await collected.append(
                    Answer(
                        status: response.status, type: response.headers[.contentType], encoding: encoding,
                        tag: response.headers[.eTag],
                        // Hummingbird says 0 where there is no body to measure.
                        length: encoding == nil && parts.count == 1 && response.status != 304
                            ? response.headers[.contentLength] : nil,
                        body: ([parts[0]] + local).joined(separator: "http://")))
            }
        }
        return await collected.responses
    }

    private actor Collected {
        private(set) var responses: [Answer] = []
        func append(_ response: Answer) { responses.append(response) }
    }

    @Test("are those of the router")
    func sameAnswers() async throws {
        let (usual, prompt) = (try await Self.responses(.router), try await Self.responses(.live))
        for (request, pair) in zip(Self.requests, zip(usual, prompt)) {
            #expect(pair.0 == pair.1, "\(request.method) \(request.path)")
        }
        #expect(Set(usual.map(\.status)) == [200, 304, 400, 404])
    }

    @Test("show each write at once, also while the same is asked again and again")
    func current() async throws {
        try await TestAPI.run(.live) { api in
            try await api.fill(3)
            let (item, search) = ("/collections/c/items/item-01", "/search?ids=item-01")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for path in [item, search] {
                    group.addTask {
                        while !Task.isCancelled { _ = try await api.get(path) }
                    }
                }
                for number in 1...50 {
                    let patch: JSONValue = ["properties": ["number": JSONValue(number)]]
                    #expect(try await api.send(.patch, item, patch).status == 200)
                    #expect(try await api.get(item).json["properties"]?["number"] == JSONValue(number))
                    let found = try await api.get(search).json["features"]?.array ?? []
                    #expect(found.map { $0["properties"]?["number"] } == [JSONValue(number)])
                }
                #expect(try await api.send(.delete, item).status == 200)
                #expect(try await api.get(item).status == 404)
                #expect(try await api.get(search).json["numberMatched"] == 0)
                group.cancelAll()
            }
        }
    }
}
