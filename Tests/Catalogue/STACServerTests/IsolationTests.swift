import Access
import Catalogue
import HTTPEdge
import HTTPTypes
import HummingbirdTesting
import JSON
import NIOCore
import STACAPI
import Synchronization
import Testing

@testable import STACServer

/// Whether a response belongs to its own request, regardless of earlier equal requests.
@Suite("Responses to one client are not those to another") struct IsolationTests {
    /// Users by their names, with rights that a test may change.
    private final class Users: Authenticator {
        let readable = Mutex<[String: Set<String>]>([:])

        func principal(of request: HTTPRequest, peer: SocketAddress?) -> Principal? {
            guard let name = request.headerFields[.authorization].map({ String($0.dropFirst(7)) }),
                name != TestAPI.token
            else { return nil }
            return Principal(.user, name: name)
        }

        @Sendable func visibility(_ principal: Principal) -> Visibility {
            if principal.kind == .operator { return .everything }
            let ids = readable.withLock { $0[principal.name] ?? ["open"] }
            return Visibility(reading: .only(ids), writing: .none)
        }
    }

    private static let paths = [
        "/search?limit=10", "/search?limit=10&collections=secret", "/search?limit=10&sortby=id", "/collections",
        "/collections/secret", "/collections/secret/items", "/collections/secret/items/hidden",
        "/collections/secret/queryables", "/collections/secret/browse", "/collections/secret/browse/2024",
        "/collections/secret/aggregate?aggregations=total_count", "/collections/secret/aggregations",
        "/collections/secret/sortables", "/", "/queryables", "/sortables", "/children", "/collections-search?q=secret",
        "/aggregate?aggregations=total_count,collection_frequency", "/aggregations",
        "/search?limit=10&filter=secret:property%20%3D%201", "/search?q=hidden",
    ]

    private static func withSecrets(
        _ setup: TestingSetup, _ body: @escaping @Sendable (TestAPI, Users) async throws -> Void
    ) async throws {
        let users = Users()
        users.readable.withLock { $0["ada"] = ["open", "secret"] }
        try await TestAPI.run(setup, authenticator: users, visibility: users.visibility) { api in
            for id in ["open", "secret"] { _ = try await api.send(.post, "/collections", TestAPI.collection(id)) }
            _ = try await api.send(.post, "/collections/open/items", TestAPI.item(1, id: "shown", collection: "open"))
            var hidden = TestAPI.item(2, id: "hidden", collection: "secret").object ?? [:]
            var properties = hidden["properties"]?.object ?? [:]
            properties["secret:property"] = 1
            properties["title"] = "hidden"
            hidden["properties"] = .object(properties)
            _ = try await api.send(.post, "/collections/secret/items", .object(hidden))
            try await body(api, users)
        }
    }

    private static func text(_ response: TestAPI.Response) -> String { String(buffer: response.body) }

    @Test("of another principal, with whatever rights", arguments: [TestingSetup.router, .live])
    func principals(setup: TestingSetup) async throws {
        try await Self.withSecrets(setup) { api, _ in
            for path in Self.paths {
                let member = try await api.get(path, headers: [.authorization: "Bearer ada"])
                let stranger = try await api.get(path, headers: [.authorization: "Bearer eve"])
                let anonymous = try await api.get(path)
                let again = try await api.get(path, headers: [.authorization: "Bearer ada"])
                for response in [stranger, anonymous] {
                    let mentions = Self.text(response).contains("hidden") || Self.text(response).contains("secret:")
                    // Links and problems may repeat the request.
                    let expected = path.contains("hidden") || path.contains("secret:")
                    #expect(!mentions || expected, "\(path)")
                    #expect(response.status == anonymous.status && response.json.ids == anonymous.json.ids, "\(path)")
                }
                #expect(again.status == 200 && Self.text(again) == Self.text(member), "\(path)")
                if path.contains("/secret") { #expect(stranger.status == 404, "\(path)") }
            }
        }
    }

    @Test("and what cannot be seen is not there: same words, same shape, same counts")
    func absence() async throws {
        try await Self.withSecrets(.router) { api, _ in
            for path in Self.paths where path.hasPrefix("/collections/secret") {
                let hidden = try await api.get(path)
                let missing = try await api.get(path.replacing("secret", with: "nosuch"))
                #expect(hidden.status == 404 && missing.status == 404, "\(path)")
                #expect(Self.text(hidden).replacing("secret", with: "nosuch") == Self.text(missing), "\(path)")
                #expect(hidden.headers.count == missing.headers.count)
            }
            #expect(try await api.get("/search").json["numberMatched"] == 1)
            #expect(try await api.get("/search?collections=secret").json["numberMatched"] == 0)
            #expect(try await api.get("/collections").json["numberMatched"] == 1)
            let counts = try await api.get("/aggregate?aggregations=total_count,collection_frequency").json
            #expect(counts["aggregations"]?[0]?["value"] == 1)
            #expect(counts["aggregations"]?[1]?["buckets"]?.array?.count == 1)
            #expect(try await api.get("/").json["links"]?.array?.filter { $0["rel"] == "child" }.count == 1)
        }
    }

    @Test("nor those of before a right was withdrawn or given", arguments: [TestingSetup.router, .live])
    func withdrawal(setup: TestingSetup) async throws {
        try await Self.withSecrets(setup) { api, users in
            func seen() async throws -> (item: Int, found: [String]) {
                let ada: HTTPFields = [.authorization: "Bearer ada"]
                let item = try await api.get("/collections/secret/items/hidden", headers: ada)
                return (item.status, try await api.get("/search?limit=10", headers: ada).json.ids)
            }
            for _ in 0..<3 {
                let before = try await seen()
                #expect(before.item == 200 && before.found == ["hidden", "shown"])
                users.readable.withLock { $0["ada"] = ["open"] }
                let withdrawn = try await seen()
                #expect(withdrawn.item == 404 && withdrawn.found == ["shown"])
                users.readable.withLock { $0["ada"] = ["open", "secret"] }
            }
        }
    }

    @Test(
        "of another host, scheme or prefix",
        arguments: ["/search?limit=2", "/collections/c/items/item-03", "/collections"])
    func locations(path: String) async throws {
        try await TestAPI.run(.live, trustedProxies: "127.0.0.1, ::1") { api in
            try await api.fill(12)
            let variants: [(fields: HTTPFields, root: String)] = [
                ([.forwarded: "for=1.2.3.4;proto=https;host=a.example"], "https://a.example/public/api"),
                ([.forwarded: "for=1.2.3.4;proto=http;host=a.example"], "http://a.example/public/api"),
                ([.forwarded: "for=1.2.3.4;proto=https;host=b.example"], "https://b.example/public/api"),
                ([.forwardedHost: "c.example", .forwardedPrefix: "/eo"], "http://c.example/eo/public/api"),
                ([.forwardedHost: "c.example"], "http://c.example/public/api"),
            ]
            for (fields, root) in variants + variants {
                let text = String(buffer: try await api.get(path, headers: fields).body)
                let references = text.split(separator: "\"href\":\"").dropFirst()
                let own = references.filter { $0.prefix { $0 != "\"" }.contains("/public/api") }
                #expect(!own.isEmpty && own.allSatisfy { $0.hasPrefix(root) }, "\(fields)")
            }
        }
    }

    @Test("of another representation or language", arguments: [TestingSetup.router, .live])
    func representations(setup: TestingSetup) async throws {
        var configuration = STACServer.Configuration()
        configuration.language = "de"
        try await TestAPI.run(setup, configuration: configuration) { api in
            try await api.fill(28)
            _ = try await api.send(.post, "/collections", Self.inLanguage("fr"))
            for _ in 0..<2 {
                #expect(try await api.get("/").headers[.contentLanguage] == "de")
                #expect(try await api.get("/collections/fr").headers[.contentLanguage] == "fr")
                let refused = try await api.get("/?language=;")
                #expect(refused.status == 400 && refused.headers[.contentLanguage] == "en")
                let page = try await api.get("/search?limit=28")
                #expect(page.headers[.contentType] == "application/geo+json" && page.headers[.contentEncoding] == nil)
                let lines = try await api.get("/search?limit=28", headers: [.accept: "application/x-ndjson"])
                #expect(lines.headers[.contentType] == "application/x-ndjson")
                let packed = try await api.get("/search?limit=28", headers: [.acceptEncoding: "gzip"])
                #expect(packed.headers[.contentEncoding] == "gzip")
                #expect(try await api.get("/search?limit=28&fields=id").json["features"]?[0]?["properties"] == nil)
                let tag = try #require(try await api.get("/collections/c/items/item-03").etag)
                let known = try await api.get("/collections/c/items/item-03", headers: [.ifNoneMatch: tag])
                #expect(known.status == 304)
            }
        }
    }

    private static func inLanguage(_ code: String) -> JSONValue {
        var collection = TestAPI.collection(code).object ?? [:]
        collection["language"] = ["code": .string(code)]
        return .object(collection)
    }

    @Test("and each write is seen at once, also while the same is asked again and again")
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

    @Test("and who sees Collections by their owners sees those that are made later, and no others")
    func owners() async throws {
        @Sendable func visibility(_ principal: Principal) -> Visibility {
            guard principal.kind == .user else { return .everything }
            return Visibility(
                reading: .owned(by: ["pn56su-dss-0001"]).union(.curated), writing: .owned(by: [principal.name]))
        }
        try await TestAPI.run(authenticator: Editors(), visibility: visibility) { api in
            let ids = ["open", "eve.own", "eva.other", "pn56su-dss-0001.shared", "pn56su-dss-0002.hidden"]
            for id in ids {
                #expect(try await api.send(.post, "/collections", TestAPI.collection(id)).status == 201)
                let item = TestAPI.item(1, id: "x", collection: id)
                #expect(try await api.send(.post, "/collections/\(id)/items", item).status == 201)
            }
            let headers: HTTPFields = [.authorization: "Bearer eve"]
            func get(_ path: String) async throws -> TestAPI.Response {
                try await api.get(path, headers: headers)
            }
            let found = try await get("/search?limit=10&sortby=collection")
            let collections = found.json["features"]?.array?.compactMap { $0["collection"]?.string } ?? []
            #expect(collections.sorted() == ["eve.own", "open", "pn56su-dss-0001.shared"])
            #expect(found.json["numberMatched"] == 3)
            for path in [
                "/search?limit=10", "/collections", "/queryables", "/children",
                "/aggregate?aggregations=collection_frequency",
            ] {
                let text = String(buffer: try await get(path).body)
                #expect(!text.contains("eva.") && !text.contains("0002"), "\(path)")
            }
            #expect(try await get("/search?collections=eva.other").json["numberMatched"] == 0)
            for (id, status) in zip(ids, [403, 200, 404, 403, 404]) {
                let deleted = try await api.send(.delete, "/collections/\(id)/items/x", nil, headers: headers)
                #expect(deleted.status == status, "\(id)")
            }
            let prefixes = [("eve.new", 201), ("eva.new", 403), ("eve", 403), ("pn56su-dss-0001.new", 403)]
            for (id, status) in prefixes {
                let made = try await api.send(.post, "/collections", TestAPI.collection(id), headers: headers)
                #expect(made.status == status, "\(id)")
            }
        }
    }

    @Test("and nobody writes what they may only see, or cannot see")
    func writing() async throws {
        let users = Users()
        @Sendable func visibility(_ principal: Principal) -> Visibility {
            guard principal.kind == .user else { return users.visibility(principal) }
            return Visibility(reading: .only(["open"]), writing: .only(["own"]))
        }
        try await Self.withEditors(users, visibility) { api in
            func status(_ method: HTTPRequest.Method, _ path: String, _ body: JSONValue? = nil) async throws -> Int {
                try await api.send(method, path, body, headers: [.authorization: "Bearer eve"]).status
            }
            let (item, own) = (
                TestAPI.item(1, id: "x", collection: "open"), TestAPI.item(1, id: "x", collection: "own")
            )
            let attempts: [(HTTPRequest.Method, String, JSONValue?, Int)] = [
                (.post, "/collections/open/items", item, 403), (.delete, "/collections/secret", nil, 404),
                (.delete, "/collections/open", nil, 403), (.post, "/collections", TestAPI.collection("secret"), 403),
                (.post, "/collections", TestAPI.collection("free"), 403),
                (.post, "/collections", TestAPI.collection("own"), 201), (.post, "/collections/own/items", own, 201),
                (.put, "/collections/secret/items/hidden", own, 404),
            ]
            for (method, path, body, expected) in attempts {
                let status = try await status(method, path, body)
                #expect(status == expected, "\(method) \(path)")
            }
        }
    }

    /// Users with a scope for writing; the visibility names the Collections.
    private struct Editors: Authenticator {
        func principal(of request: HTTPRequest, peer: SocketAddress?) -> Principal? {
            guard request.headerFields[.authorization] == "Bearer eve" else { return nil }
            return Principal(.user, name: "eve", scopes: [.writeCatalogue])
        }
    }

    private static func withEditors(
        _ users: Users, _ visibility: @escaping @Sendable (Principal) -> Visibility,
        _ body: @escaping @Sendable (TestAPI) async throws -> Void
    ) async throws {
        try await TestAPI.run(authenticator: Editors(), visibility: visibility) { api in
            for id in ["open", "secret"] { _ = try await api.send(.post, "/collections", TestAPI.collection(id)) }
            try await body(api)
        }
    }
}

extension HTTPField.Name {
    fileprivate static let forwarded = Self("Forwarded")!
    fileprivate static let forwardedHost = Self("X-Forwarded-Host")!
    fileprivate static let forwardedPrefix = Self("X-Forwarded-Prefix")!
}
