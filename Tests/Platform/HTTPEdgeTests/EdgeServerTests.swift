import Access
import Compression
import Dispatch
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import InMemoryLogging
import JSON
import Logging
import NIOCore
import Synchronization
import Testing

@testable import HTTPEdge

@Suite("Edge server") struct EdgeServerTests {
    private static func edge(
        log: any LogHandler = SwiftLogNoOpLogHandler(), _ change: (inout EdgeConfiguration) -> Void = { _ in }
    ) -> EdgeServer {
        var configuration = EdgeConfiguration()
        configuration.port = 0
        change(&configuration)
        return EdgeServer(
            configuration: configuration, operatorToken: nil, logger: Logger(label: "test") { _ in log })
    }

    private struct Unforeseen: Error {}

    private final class BrokenStream: ResponseStream {
        private let isFirst = Atomic(true)

        func next(_ cancellation: Cancellation) throws -> ByteBuffer? {
            guard isFirst.exchange(false, ordering: .relaxed) else { throw Unforeseen() }
            return ByteBuffer(string: "part")
        }
    }

    private static func application(_ edge: EdgeServer) throws -> some ApplicationProtocol {
        var things = RouteGroup("things", timeout: .seconds(60))
        things.get("/things/{thing}", OpenAPIOperation("getThing", "A thing")) { request in
            switch try request.parameter("thing") {
            case "broken": throw Unforeseen()
            case "full":
                throw Problem(.init(code: 507, reasonPhrase: "Insufficient Storage"), "Full", "The disk is full.")
            case "busy": throw Problem.overloaded
            case let name: return EdgeResponse(status: .ok, body: ByteBuffer(string: name))
            }
        }
        things.add(
            .post, "/things/{thing}", bodyLimit: 1_000, OpenAPIOperation("postThing", "Counts"),
            .writing { EdgeResponse(status: .ok, body: ByteBuffer(string: "\($0.body.count)")) })
        things.get("/me", access: .scope(Scope("me")), OpenAPIOperation("getMe", "Who asks")) { request in
            EdgeResponse(status: .ok, body: ByteBuffer(string: request.principal.name))
        }
        things.get("/mine", access: .signedIn, OpenAPIOperation("getMine", "For everybody who is known")) { request in
            EdgeResponse(status: .ok, body: ByteBuffer(string: request.principal.name))
        }
        things.get("/stream", OpenAPIOperation("getStream", "Fails after a part")) { _ in
            var response = EdgeResponse(status: .ok)
            response.stream = BrokenStream()
            return response
        }
        things.hidesQuery = true
        things.get("/secrets", OpenAPIOperation("getSecrets", "Has secrets in its query")) { _ in throw Unforeseen() }
        things.hidesQuery = false
        things.crossOrigin = .sameOrigin
        things.get("/own", OpenAPIOperation("getOwn", "For pages of this origin")) { _ in EdgeResponse(status: .ok) }
        var operations = RouteGroup("operations", timeout: .seconds(60))
        OperationsRoutes(edge).add(to: &operations, readiness: []) { _ in [:] }
        var table = RouteTable()
        try table.add(things)
        try table.add(operations)
        return edge.application(table)
    }

    @Test("says whether it is ready while all requests wait for something")
    func readinessBesideWaiting() async throws {
        let edge = Self.edge { $0.threadCount = 1 }
        let gate = DispatchSemaphore(value: 0)
        let entered = AsyncStream<Void>.makeStream()
        async let waiting: Void = edge.readers.run(timeout: .seconds(60)) {
            entered.continuation.yield()
            gate.wait()
        }
        for await _ in entered.stream { break }
        try await Self.application(edge).test(.router) { client in
            let response = try await client.executeRequest(uri: "/readyz", method: .get, headers: [:], body: nil)
            #expect(response.status == .ok)
        }
        gate.signal()
        try await waiting
    }

    @Test("responds in process and over a socket alike", arguments: [TestingSetup.router, .live])
    func serves(setup: TestingSetup) async throws {
        try await Self.application(Self.edge()).test(setup) { client in
            let health = try await client.executeRequest(uri: "/healthz", method: .get, headers: [:], body: nil)
            #expect(health.status == .ok)
            #expect(String(buffer: health.body) == #"{"status":"ok"}"#)
            #expect(
                try await client.executeRequest(uri: "/readyz", method: .get, headers: [:], body: nil).status == .ok)

            let thing = try await client.executeRequest(
                uri: "/things/a%2Fb", method: .get, headers: [.init("X-Request-Id")!: "mine"], body: nil)
            #expect(String(buffer: thing.body) == "a/b")
            #expect(thing.headers[.init("X-Request-Id")!] == "mine")
            #expect(thing.headers[.accessControlAllowOrigin] == "*")

            let head = try await client.executeRequest(uri: "/things/ab", method: .head, headers: [:], body: nil)
            #expect(head.status == .ok)
            #expect(head.headers[.contentLength] == "2")
            #expect(head.body.readableBytes == 0)

            let options = try await client.executeRequest(uri: "/things/a", method: .options, headers: [:], body: nil)
            #expect(options.status == .noContent)
            #expect(options.headers[.allow] == "GET, HEAD, OPTIONS, POST")

            let small = try await client.executeRequest(
                uri: "/things/a", method: .post, headers: [:], body: ByteBuffer(repeating: 1, count: 1_000))
            #expect(String(buffer: small.body) == "1000")
            let large = try await client.executeRequest(
                uri: "/things/a", method: .post, headers: [:], body: ByteBuffer(repeating: 1, count: 1_001))
            #expect(large.status == .contentTooLarge)
        }
    }

    @Test(
        "reports errors as problem+json",
        arguments: [
            (HTTPRequest.Method.get, "/nowhere", 404, "Not Found", "NotFound", "There is nothing at this path."),
            (
                .put, "/things/a", 405, "Method Not Allowed", "MethodNotAllowed",
                "This path takes GET, HEAD, OPTIONS, POST, not PUT."
            ),
            (
                HTTPRequest.Method("QUERY")!, "/things/a", 405, "Method Not Allowed", "MethodNotAllowed",
                "This path takes GET, HEAD, OPTIONS, POST, not QUERY."
            ),
            (.get, "/things/%ff", 400, "Bad Request", "InvalidPath", "The path's thing is not percent-encoded UTF-8."),
            (
                .get, "/things/broken", 500, "Internal Server Error", "InternalError",
                "The server failed. Its log has the reason under this response's X-Request-Id."
            ),
        ])
    func problems(method: HTTPRequest.Method, uri: String, status: Int, title: String, code: String, detail: String)
        async throws
    {
        try await Self.application(Self.edge()).test(.router) { client in
            let response = try await client.executeRequest(uri: uri, method: method, headers: [:], body: nil)
            #expect(response.status.code == status)
            #expect(response.headers[.contentType] == "application/problem+json")
            #expect(
                String(buffer: response.body)
                    == #"{"type":"about:blank","title":"\#(title)","status":\#(status),"detail":"\#(detail)","code":"\#(code)","description":"\#(detail)"}"#
            )
        }
    }

    /// What a browser sends.
    private static let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"

    @Test(
        "gives pages to those who would rather have them than JSON",
        arguments: [
            (browser, true), ("text/html", true), ("text/html;q=0.9, application/json;q=0.8", true), ("*/*", false),
            ("application/json", false), ("application/geo+json, text/html;q=0.5", false), ("text/html, */*", false),
            ("application/x-ndjson", false), ("", false), ("text/*", false),
        ])
    func negotiation(accept: String, isPage: Bool) {
        var head = HTTPRequest(method: .get, scheme: nil, authority: nil, path: "/")
        head.headerFields[.accept] = accept
        #expect(BrowserPage.isRequested(by: head) == isPage)
    }

    @Test(
        "shows documents and errors in a browser, escaped, under a policy that lets nothing run",
        arguments: ["/healthz", "/<b>"])
    func pages(path: String) async throws {
        try await Self.application(Self.edge()).test(.router) { client in
            let page = try await client.executeRequest(
                uri: path, method: .get, headers: [.accept: Self.browser], body: nil)
            #expect(page.status.code == (path == "/healthz" ? 200 : 404))
            #expect(page.headers[.contentType] == "text/html; charset=utf-8")
            let text = String(buffer: page.body)
            #expect(text.hasPrefix("<!DOCTYPE html>") && !text.contains("<b>"))
            #expect(text.contains(path == "/healthz" ? "&quot;status&quot;: &quot;ok&quot;" : "404 Not Found"))
            #expect(page.headers[.contentSecurityPolicy]?.contains("default-src 'none'; style-src 'nonce-") == true)
            #expect(page.headers[.vary]?.contains("Accept") == true)
            let json = try await client.executeRequest(uri: path, method: .get, headers: [.accept: "*/*"], body: nil)
            #expect(json.headers[.contentType]?.hasSuffix("json") == true)
        }
    }

    @Test("says to browsers that nothing is to run, and to scripts what they may read")
    func policies() async throws {
        try await Self.application(Self.edge()).test(.router) { client in
            for path in ["/healthz", "/nowhere", "/things/broken"] {
                let headers = try await client.executeRequest(uri: path, method: .get, headers: [:], body: nil).headers
                #expect(headers[.xContentTypeOptions] == "nosniff")
                #expect(headers[.contentSecurityPolicy]?.hasPrefix("default-src 'none'") == true)
                let exposed = headers[.accessControlExposeHeaders] ?? ""
                for name in ["ETag", "Link", "Location", "OGC-NumberMatched", "Retry-After", "X-Request-Id"] {
                    #expect(exposed.split(separator: ", ").contains(Substring(name)))
                }
            }
        }
    }

    @Test("takes no bodies that are encoded", arguments: [("gzip", 415), ("br", 415), ("identity", 200)])
    func encodedBodies(coding: String, status: Int) async throws {
        try await Self.application(Self.edge()).test(.router) { client in
            let response = try await client.executeRequest(
                uri: "/things/a", method: .post, headers: [.contentEncoding: coding, .contentLength: "3"],
                body: ByteBuffer(string: "abc"))
            #expect(response.status.code == status)
            #expect(response.headers[.acceptEncoding] == (status == 415 ? "identity" : nil))
        }
    }

    @Test("rejects bodies while there are too many bytes of others")
    func bodiesFull() async throws {
        let edge = Self.edge { $0.maximumReceivedByteCount = 100 }
        let held = edge.received.hold(100, for: "others")
        try await Self.application(edge).test(.live) { client in
            func status() async throws -> Int {
                try await client.executeRequest(
                    uri: "/things/a", method: .post, headers: [:], body: ByteBuffer(string: "abc")
                ).status.code
            }
            let full = try await status()
            held.release()
            let own = edge.received.hold(2_000_000_000, for: "127.0.0.1")
            let exhausted = try await status()
            own.release()
            let free = try await status()
            #expect([full, exhausted, free] == [503, 429, 200])
            #expect(edge.received.total == 0)
        }
    }

    @Test("logs each request with its client and target, at a level that its status calls for")
    func requestLog() async throws {
        let log = InMemoryLogHandler()
        let edge = Self.edge(log: log)
        try await Self.application(edge).test(.live) { client in
            for path in [
                "/things/a?b=c", "/nowhere", "/things/broken", "/things/full", "/things/busy",
                "/things/" + String(repeating: "x", count: 5_000),
            ] {
                _ = try await client.executeRequest(uri: path, method: .get, headers: [:], body: nil)
            }
        }
        let requests = log.entries.filter { $0.message == "Request" }
        #expect(requests.map(\.level) == [.info, .info, .error, .error, .warning, .info])
        #expect(requests.allSatisfy { $0.metadata["client.address"] == "127.0.0.1" })
        #expect(requests[0].metadata["http.target"] == "/things/a?b=c")
        #expect(requests[1].metadata["problem.code"] == "NotFound")
        #expect(requests[3].metadata["problem.detail"] == "The disk is full.")
        #expect(requests[5].metadata["http.target"]?.description.utf8.count ?? 0 < 1_100)
    }

    @Test("logs no query of a route that may have secrets in it, in no line")
    func hiddenQuery() async throws {
        let log = InMemoryLogHandler()
        try await Self.application(Self.edge(log: log)).test(.router) { client in
            for method in [.get, .post, .options] as [HTTPRequest.Method] {
                _ = try await client.executeRequest(uri: "/secrets?token=k3vq", method: method, headers: [:], body: nil)
            }
        }
        #expect(log.entries.count { $0.metadata["http.target"] == "/secrets" } == 4)
        #expect(!log.entries.contains { "\($0)".contains("k3vq") })
    }

    @Test("does not end a stream that fails as if it were whole, and logs why")
    func brokenStream() async throws {
        let log = InMemoryLogHandler()
        let edge = Self.edge(log: log)
        try await Self.application(edge).test(.live) { client in
            _ = await #expect(throws: (any Error).self) {
                try await client.executeRequest(uri: "/stream", method: .get, headers: [:], body: nil)
            }
        }
        let failure = try #require(log.entries.first { $0.message == "Response failed" })
        #expect(failure.level == .error && failure.metadata["http.target"] == "/stream")
        #expect(edge.unsent.large.total == 0)
    }

    @Test("compresses large responses for clients that accept it")
    func compression() throws {
        let edge = Self.edge { $0.gzipMinimumByteCount = 100 }
        let large = ByteBuffer(repeating: 0x61, count: 5_000)
        func packed(_ buffer: ByteBuffer, _ accepted: String?) -> (ByteBuffer, HTTPFields) {
            var request = HTTPRequest(method: .get, scheme: nil, authority: nil, path: "/")
            request.headerFields[.acceptEncoding] = accepted
            var headers = HTTPFields()
            let body = edge.compressed(buffer, for: request, &headers)
            return (body, headers)
        }
        let (body, headers) = packed(large, "gzip, deflate")
        #expect(headers[.contentEncoding] == "gzip")
        #expect(headers[.vary] == "Accept-Encoding")
        #expect(body.readableBytes < 100)
        #expect(packed(large, "identity").0 == large)
        #expect(packed(large, nil).0 == large)
        #expect(packed(ByteBuffer(repeating: 0x61, count: 99), "gzip").1[.contentEncoding] == nil)
    }

    @Test("shows its metrics to its own machine, and to those who have the token")
    func metrics() async throws {
        let edge = Self.edge { $0.metricsNetworks = IPNetworks.loopback }
        try await Self.application(edge).test(.live) { client in
            for thing in ["a", "b", "broken"] {
                _ = try await client.executeRequest(uri: "/things/\(thing)", method: .get, headers: [:], body: nil)
            }
            let response = try await client.executeRequest(uri: "/metrics", method: .get, headers: [:], body: nil)
            #expect(response.status == .ok)
            #expect(response.headers[.contentType] == "text/plain; version=0.0.4; charset=utf-8")
            let lines = String(buffer: response.body).split(separator: "\n")
            let requests = #"terrabyte_http_requests_total{method="GET",route="/things/{thing}",status="#
            #expect(lines.contains { $0 == requests + #""200"} 2"# })
            #expect(lines.contains { $0 == requests + #""500"} 1"# })
            #expect(lines.contains { $0.hasPrefix("process_resident_memory_bytes ") })
            #expect(lines.contains { $0 == #"terrabyte_http_requests_waiting{kind="read"} 0"# })
            let proxied = try await client.executeRequest(
                uri: "/metrics", method: .get, headers: [.init("X-Forwarded-For")!: "1.2.3.4"], body: nil)
            #expect(proxied.status == .forbidden)
        }
    }

    /// Trusts a user name in the request.
    private struct Trusting: Authenticator {
        func principal(of request: HTTPRequest, peer: SocketAddress?) -> Principal? {
            request.headerFields[.init("User")!].map { Principal(.user, name: $0, scopes: [Scope("me")]) }
        }
    }

    @Test("asks who sends a request, and lets through whom the route is for")
    func access() async throws {
        var edge = Self.edge()
        edge.authenticators.insert(Trusting(), at: 0)
        try await Self.application(edge).test(.router) { client in
            let user = try await client.executeRequest(
                uri: "/me", method: .get, headers: [.init("User")!: "ada"], body: nil)
            #expect(String(buffer: user.body) == "ada")
            #expect(
                try await client.executeRequest(uri: "/me", method: .get, headers: [:], body: nil).status == .forbidden)
            #expect(
                try await client.executeRequest(uri: "/me", method: .options, headers: [:], body: nil).status
                    == .noContent)
        }
    }

    @Test("lets pages of other origins read what is for them")
    func crossOrigin() async throws {
        try await Self.application(Self.edge()).test(.router) { client in
            let own = try await client.executeRequest(uri: "/own", method: .get, headers: [:], body: nil)
            #expect(own.status == .ok && own.headers[.accessControlAllowOrigin] == nil)
            let preflight = try await client.executeRequest(uri: "/own", method: .options, headers: [:], body: nil)
            #expect(preflight.headers[.accessControlAllowMethods] == nil)
        }
    }

    @Test("counts the requests of a principal together, wherever they come from, and apart from others")
    func fairness() async throws {
        var edge = Self.edge {
            $0.requestsPerSecond = 1
            $0.requestBurst = 2
        }
        edge.authenticators.insert(Trusting(), at: 0)
        try await Self.application(edge).test(.router) { client in
            func status(_ user: String?) async throws -> Int {
                var headers = HTTPFields()
                headers[.init("User")!] = user
                return try await client.executeRequest(uri: "/things/a", method: .get, headers: headers, body: nil)
                    .status.code
            }
            var statuses: [Int] = []
            for _ in 0..<200 { statuses.append(try await status("ada")) }
            #expect(statuses.contains(429))
            #expect(try await status("bob") == 200)
            #expect(try await status(nil) == 200)
        }
    }

    /// Knows people by a header, and cannot know others.
    private struct Failing: Authenticator {
        var signInHint: String? { "Ask Ada for a name." }

        func principal(of request: HTTPRequest, peer: SocketAddress?) throws -> Principal? {
            guard let name = request.headerFields[.init("User")!] else { return nil }
            guard name != "eve" else { throw Problem(.unauthorized, "InvalidToken", "Eve is nobody.") }
            guard name != "away" else { throw Problem(.serviceUnavailable, "Away", "Nobody knows now.") }
            return Principal(.user, name: name)
        }
    }

    @Test("limits senders that it cannot know by their address")
    func unknownSenders() async throws {
        var edge = Self.edge {
            $0.requestsPerSecond = 1
            $0.requestBurst = 2
        }
        edge.authenticators.insert(Failing(), at: 0)
        try await Self.application(edge).test(.router) { client in
            func status(_ user: String) async throws -> Int {
                try await client.executeRequest(
                    uri: "/things/a", method: .get, headers: [.init("User")!: user], body: nil
                ).status.code
            }
            var statuses: Set<Int> = []
            for number in 0..<200 { statuses.insert(try await status(number % 2 == 0 ? "eve" : "away")) }
            #expect(statuses == [401, 503, 429])
            #expect(try await status("ada") == 200)
        }
    }

    @Test("tells who is not known how to sign in, and who is known which scope is missing")
    func refusals() async throws {
        var edge = Self.edge()
        edge.authenticators.insert(Failing(), at: 0)
        try await Self.application(edge).test(.router) { client in
            func get(_ path: String, _ user: String?) async throws -> TestResponse {
                var headers = HTTPFields()
                headers[.init("User")!] = user
                return try await client.executeRequest(uri: path, method: .get, headers: headers, body: nil)
            }
            for path in ["/me", "/mine"] {
                let unknown = try await get(path, nil)
                #expect(unknown.status == .unauthorized && unknown.headers[.wwwAuthenticate] == "Bearer")
                #expect(String(buffer: unknown.body).contains("Ask Ada for a name."))
                #expect(!String(buffer: unknown.body).contains("operator"))
                #expect(unknown.headers[.cacheControl] == "private, no-cache")
                #expect(unknown.headers[.vary]?.contains("Authorization") == true)
            }
            let known = try await get("/me", "ada")
            #expect(known.status == .forbidden)
            #expect(known.headers[.wwwAuthenticate] == "Bearer error=\"insufficient_scope\", scope=\"me\"")
            let mine = try await get("/mine", "ada")
            #expect(mine.status == .ok && String(buffer: mine.body) == "ada")
            #expect(mine.headers[.cacheControl] == "private, no-cache")
            let things = try await get("/things/a", "ada")
            #expect(things.headers[.cacheControl] == nil)
            // Also where nothing is needed, and not where nothing is.
            #expect(try await get("/things/a", "eve").status == .unauthorized)
            #expect(try await get("/nothing", "eve").status == .notFound)
        }
    }

    @Test("rejects clients above the rate, with Retry-After")
    func rateLimit() async throws {
        let edge = Self.edge {
            $0.requestsPerSecond = 1
            $0.requestBurst = 2
        }
        try await Self.application(edge).test(.router) { client in
            var statuses: [Int] = []
            // Far more than there is room for, however long it takes.
            for _ in 0..<200 {
                let response = try await client.executeRequest(uri: "/things/a", method: .get, headers: [:], body: nil)
                statuses.append(Int(response.status.code))
                if response.status == .tooManyRequests { #expect(response.headers[.retryAfter] == "1") }
            }
            #expect(statuses.prefix(2) == [200, 200])
            #expect(statuses.contains(429) && Set(statuses) == [200, 429])
        }
    }
}
