import Foundation
import HTTPTypes
import Logging
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Synchronization
import Testing

@testable import HTTPEdge

@Suite("Prompt answers") struct PromptAnsweringTests {
    private struct Unforeseen: Error {}

    /// What the responder is asked and what it says.
    private final class Content: Sendable {
        let version = Mutex(1)
        let askedCount = Mutex(0)
    }

    /// Answers `/quick` with the body of the request; `/slow` is none of its.
    private static func channel(
        _ content: Content = Content(), memory: Int = 1 << 20, perSecond: Int? = nil, trusted: String = "10.0.0.0/8",
        peer: String = "127.0.0.1"
    ) throws -> EmbeddedChannel {
        var configuration = EdgeConfiguration()
        configuration.answerMemoryByteCount = memory
        configuration.requestsPerSecond = perSecond
        configuration.requestBurst = 3
        configuration.trustedProxies = try IPNetworks(trusted)
        let responder = PromptResponder(
            configuration, longestBody: 8, version: { content.version.withLock { $0 } },
            respond: { head, body, _ in
                content.askedCount.withLock { $0 += 1 }
                return switch head.path {
                case "/quick": ("/{quick}", .success(EdgeResponse(status: .ok, body: ByteBuffer(bytes: body))))
                case "/same": ("/{quick}", .success(EdgeResponse(status: .notModified)))
                case "/missing": ("/{quick}", .failure(Problem(.notFound, "NotFound", "Nothing.")))
                case "/broken": ("/{quick}", .failure(Unforeseen()))
                default: nil
                }
            })
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let edge = EdgeServer(configuration: configuration, operatorToken: nil, logger: logger)
        let channel = EmbeddedChannel(handler: PromptAnswering(responder, edge, idleTimeout: .seconds(60), logger))
        let address = try SocketAddress(ipAddress: peer, port: 0)
        channel.pipeline.connect(to: address, promise: nil)
        channel.remoteAddress = address
        return channel
    }

    private static func request(
        _ path: String, _ method: HTTPMethod = .GET, _ fields: HTTPHeaders = [:], body: [String] = []
    ) -> [HTTPServerRequestPart] {
        var head = HTTPRequestHead(version: .http1_1, method: method, uri: path, headers: fields)
        head.headers.add(name: "Host", value: "h")
        return [.head(head)] + body.map { .body(ByteBuffer(string: $0)) } + [.end(nil)]
    }

    private static func post(_ path: String, _ body: [String], _ fields: HTTPHeaders = [:]) -> [HTTPServerRequestPart] {
        var fields = fields
        fields.add(name: "Content-Length", value: "\(body.joined().utf8.count)")
        return request(path, .POST, fields, body: body)
    }

    private static func passed(_ channel: EmbeddedChannel) throws -> [HTTPServerRequestPart] {
        var parts: [HTTPServerRequestPart] = []
        while let part = try channel.readInbound(as: HTTPServerRequestPart.self) { parts.append(part) }
        return parts
    }

    /// The bytes of a response taken apart.
    private struct Written {
        var status = ""
        var fields: HTTPHeaders = [:]
        var body = ""
    }

    private static func written(_ channel: EmbeddedChannel) throws -> Written? {
        var text = ""
        while let buffer = try channel.readOutbound(as: ByteBuffer.self) { text += String(buffer: buffer) }
        guard let end = text.range(of: "\r\n\r\n") else { return nil }
        let lines = text[..<end.lowerBound].components(separatedBy: "\r\n")
        var written = Written(status: lines[0], body: String(text[end.upperBound...]))
        for line in lines.dropFirst() {
            let sides = line.components(separatedBy: ": ")
            written.fields.add(name: sides[0], value: sides.dropFirst().joined(separator: ": "))
        }
        return written
    }

    private static func ask(_ request: [HTTPServerRequestPart], _ channel: EmbeddedChannel) throws -> Written? {
        for part in request { try channel.writeInbound(part) }
        #expect(try passed(channel).isEmpty)
        return try written(channel)
    }

    @Test("come without the request going further", arguments: [0, 1 << 20])
    func quick(memory: Int) throws {
        let channel = try Self.channel(memory: memory)
        for body in [[], ["abc"], ["ab", "cdef", "gh"], ["abc"]] {
            let response = try #require(try Self.ask(Self.post("/quick", body), channel))
            #expect(response.status == "HTTP/1.1 200 OK")
            #expect(response.body == body.joined())
            #expect(response.fields["Content-Length"] == ["\(response.body.utf8.count)"])
            #expect(response.fields["Access-Control-Allow-Origin"] == ["*"])
            #expect(response.fields["Date"].first?.hasSuffix(" GMT") == true)
            #expect(response.fields["X-Request-Id"].count == 1)
        }
    }

    @Test("say what is wrong", arguments: [("/missing", "404 Not Found"), ("/broken", "500 Internal Server Error")])
    func problems(path: String, status: String) throws {
        let response = try #require(try Self.ask(Self.request(path), try Self.channel()))
        #expect(response.status == "HTTP/1.1 \(status)")
        #expect(response.fields["Content-Type"] == ["application/problem+json"])
        #expect(response.body.contains("\"status\":\(status.prefix(3))"))
        #expect(!response.body.contains("Unforeseen"))
    }

    @Test("have no length where there is nothing to measure")
    func notModified() throws {
        let response = try #require(try Self.ask(Self.request("/same"), try Self.channel()))
        #expect(response.status == "HTTP/1.1 304 Not Modified")
        #expect(response.fields["Content-Length"].isEmpty)
    }

    static let special: [[HTTPServerRequestPart]] = [
        request("/slow"), post("/slow", ["ab", "c"]), request("/quick", .PUT), request("/quick", .HEAD),
        request("/quick", .GET, ["Connection": "close"]), request("/quick", .GET, ["Connection": "Close, TE"]),
        request("/quick", .GET, ["Expect": "100-continue"]),
        request("/quick", .GET, ["Transfer-Encoding": "chunked"], body: ["a"]),
        request("/quick", .GET, ["Content-Length": "1"], body: ["a"]),
        request("/quick", .POST, ["Transfer-Encoding": "chunked"], body: ["a"]), request("/quick", .POST, body: ["a"]),
        post("/quick", ["123456789"]), request("/quick", .POST, ["Content-Length": "x"]),
        [.head(HTTPRequestHead(version: .http1_0, method: .GET, uri: "/quick")), .end(nil)],
    ]

    @Test("leave everything else as it comes", arguments: special)
    func others(request: [HTTPServerRequestPart]) throws {
        let channel = try Self.channel()
        for part in request { try channel.writeInbound(part) }
        #expect(try Self.passed(channel) == request)
        #expect(try Self.written(channel) == nil)
    }

    @Test("wait for those before them")
    func order() throws {
        let channel = try Self.channel()
        let (slow, quick) = (Self.request("/slow"), Self.request("/quick"))
        for part in slow + quick { try channel.writeInbound(part) }
        #expect(try Self.passed(channel) == slow + quick)
        for _ in 0..<2 {
            try channel.writeOutbound(HTTPServerResponsePart.head(.init(version: .http1_1, status: .ok)))
            try channel.writeOutbound(HTTPServerResponsePart.end(nil))
        }
        while try channel.readOutbound(as: HTTPServerResponsePart.self) != nil {}
        #expect(try Self.ask(quick, channel) != nil)
    }

    @Test("do not pile up for a client that does not read")
    func unwritable() throws {
        let channel = try Self.channel()
        channel.isWritable = false
        for part in Self.request("/quick") { try channel.writeInbound(part) }
        #expect(try Self.passed(channel) == Self.request("/quick"))
    }

    @Test("leave half a request to those who wait for its end when the server stops")
    func quiescing() throws {
        let channel = try Self.channel()
        let request = Self.post("/quick", ["ab", "c"])
        for part in request.dropLast(2) { try channel.writeInbound(part) }
        channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        for part in request.suffix(2) { try channel.writeInbound(part) }
        #expect(try Self.passed(channel) == request)
    }

    // MARK: Memory

    @Test("are remembered while nothing is written")
    func remembered() throws {
        let content = Content()
        let channel = try Self.channel(content)
        let first = try Self.ask(Self.post("/quick", ["ab"]), channel)
        for fields: HTTPHeaders in [[:], ["X-Request-Id": "mine"], ["x-request-id": "yours"]] {
            let again = try #require(try Self.ask(Self.post("/quick", ["a", "b"], fields), channel))
            #expect(again.status == first?.status && again.body == "ab")
            #expect(fields.isEmpty || again.fields["X-Request-Id"] == fields.map(\.value))
        }
        #expect(content.askedCount.withLock { $0 } == 1)
        content.version.withLock { $0 += 1 }
        _ = try Self.ask(Self.post("/quick", ["ab"]), channel)
        #expect(content.askedCount.withLock { $0 } == 2)
    }

    @Test("are those of the very same request only")
    func differences() throws {
        let content = Content()
        let channel = try Self.channel(content)
        let requests = [
            Self.request("/quick"), Self.request("/quick", .GET, ["Accept-Encoding": "gzip"]),
            Self.request("/quick", .GET, ["Accept": "x"]), Self.post("/quick", []), Self.post("/quick", ["a"]),
            Self.post("/quick", ["b"]),
        ]
        for request in requests { #expect(try Self.ask(request, channel) != nil) }
        #expect(content.askedCount.withLock { $0 } == requests.count)
    }

    @Test("are not remembered when they are problems", arguments: ["/missing", "/broken", "/same"])
    func problemsAreNotRemembered(path: String) throws {
        let content = Content()
        let channel = try Self.channel(content)
        for _ in 0..<2 { #expect(try Self.ask(Self.request(path), channel) != nil) }
        #expect(content.askedCount.withLock { $0 } == 2)
    }

    @Test("of a trusted peer are not those of another")
    func trust() {
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/")
        #expect(AnswerMemory.key(head, [], audience: "trusted") != AnswerMemory.key(head, [], audience: ""))
    }

    @Test("are forgotten when there are too many, those asked for again last")
    func memoryLimit() {
        let memory = AnswerMemory(byteLimit: 40_000)
        func key(_ number: Int) -> [UInt8] { [UInt8](repeating: UInt8(number), count: 10) }
        let body = ByteBuffer(repeating: 0, count: 1_024)
        let response = AnswerMemory.Answer(route: "", status: .ok, head: ByteBuffer(), body: body)
        #expect(memory.find(key(0), version: 1) == nil)
        for number in 0..<100 {
            memory.insert(response, for: key(number), version: 1)
            #expect(memory.find(key(0), version: 1) != nil)
        }
        let known = (0..<100).filter { memory.find(key($0), version: 1) != nil }
        #expect(known.count < 40 && known.contains(99) && !known.contains(1))
        let large = AnswerMemory.Answer(
            route: "", status: .ok, head: ByteBuffer(), body: ByteBuffer(repeating: 0, count: 30_000))
        memory.insert(large, for: key(200), version: 1)
        #expect(memory.find(key(200), version: 1) == nil)
    }

    @Test("made before a write are not kept after it")
    func raceWithWrite() {
        let memory = AnswerMemory(byteLimit: 40_000)
        let response = AnswerMemory.Answer(route: "", status: .ok, head: ByteBuffer(), body: ByteBuffer())
        #expect(memory.find([1], version: 1) == nil)
        #expect(memory.find([2], version: 2) == nil)
        memory.insert(response, for: [1], version: 1)
        #expect(memory.find([1], version: 2) == nil)
    }

    // MARK: Limits

    @Test("are counted where there is a limit, remembered or not")
    func rateLimit() throws {
        let channel = try Self.channel(perSecond: 1)
        let responses = try (0..<200).map { _ in try #require(try Self.ask(Self.request("/quick"), channel)) }
        let statuses = responses.map { String($0.status.dropFirst(9).prefix(3)) }
        #expect(statuses.prefix(3) == ["200", "200", "200"])
        #expect(Set(statuses) == ["200", "429"])
        #expect(responses.allSatisfy { ($0.fields["Retry-After"] == ["1"]) == $0.status.contains("429") })
    }

    @Test("tell those who work for a client that it has gone", arguments: [true, false])
    func gone(isHalfClosed: Bool) throws {
        let channel = try Self.channel()
        let presence = try channel.pipeline.syncOperations.handler(type: PromptAnswering.self).presence
        let count = Mutex(0)
        let released = presence.whenGone { count.withLock { $0 += 10 } }
        _ = presence.whenGone { count.withLock { $0 += 1 } }
        presence.release(released)
        if isHalfClosed {
            channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        } else {
            channel.pipeline.fireChannelInactive()
        }
        #expect(count.withLock { $0 } == 1)
        _ = presence.whenGone { count.withLock { $0 += 1 } }
        #expect(count.withLock { $0 } == 2)
    }

    // MARK: Idle connections

    @Test("do not keep connections open whose clients say nothing")
    func idle() throws {
        let channel = try Self.channel()
        let loop = channel.embeddedEventLoop
        for _ in 0..<5 {
            loop.advanceTime(by: .seconds(50))
            #expect(try Self.ask(Self.request("/quick"), channel) != nil)
        }
        loop.advanceTime(by: .seconds(59))
        #expect(channel.isActive)
        loop.advanceTime(by: .seconds(1))
        #expect(!channel.isActive)
    }

    @Test("nor those that do not end their request, but those that wait for an answer")
    func halfRequest() throws {
        let (half, whole) = (try Self.channel(), try Self.channel())
        try half.writeInbound(Self.request("/slow")[0])
        for part in Self.request("/slow") { try whole.writeInbound(part) }
        for channel in [half, whole] { channel.embeddedEventLoop.advanceTime(by: .seconds(300)) }
        #expect(!half.isActive && whole.isActive)
        try whole.writeOutbound(HTTPServerResponsePart.head(.init(version: .http1_1, status: .ok)))
        try whole.writeOutbound(HTTPServerResponsePart.end(nil))
        whole.embeddedEventLoop.advanceTime(by: .seconds(130))
        #expect(!whole.isActive)
    }

    @Test(
        "are dated",
        arguments: [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"), (1_795_305_599, "Sat, 21 Nov 2026 23:59:59 GMT"),
            (4_102_444_800, "Fri, 01 Jan 2100 00:00:00 GMT"),
        ])
    func date(second: Int, text: String) {
        var date = HTTPDate()
        #expect(date.text(at: second) == text)
        #expect(date.text(at: second) == text)
    }
}
