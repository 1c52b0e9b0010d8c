import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Synchronization
import Testing

@testable import HTTPEdge

@Suite("Connections") struct ConnectionHandlerTests {
    /// A connection from its bytes to the requests that it hands up, and back.
    private struct Connection {
        let channel: EmbeddedChannel
        let handler: ConnectionHandler

        init(_ change: (inout ConnectionConfiguration) -> Void = { _ in }) throws {
            var configuration = ConnectionConfiguration()
            change(&configuration)
            handler = ConnectionHandler(configuration)
            var limits = NIOHTTPDecoderLimitConfiguration()
            limits.maxHeaderFieldSize = RequestCheck.longestTarget
            limits.maxHeaderListSize = RequestCheck.longestHead
            limits.maxHeaderFieldCount = RequestCheck.mostFields
            channel = EmbeddedChannel(handlers: [
                RequestBytes(handler), HTTPResponseEncoder(),
                ByteToMessageHandler(HTTPRequestDecoder(limitConfiguration: limits)), handler,
            ])
            channel.pipeline.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 0), promise: nil)
        }

        func send(_ text: String) throws { try channel.writeInbound(ByteBuffer(string: text)) }

        func pass(_ seconds: Double) {
            channel.embeddedEventLoop.advanceTime(by: .nanoseconds(Int64(seconds * 1e9)))
        }

        /// The next request's method and target; `nil`: none has been handed up.
        func request() throws -> String? {
            while let part = try channel.readInbound(as: HTTPServerRequestPart.self) {
                if case .head(let head) = part { return "\(head.method.rawValue) \(head.uri)" }
            }
            return nil
        }

        func respond(_ headers: HTTPHeaders = ["Content-Length": "0"], body: Int = 0, isComplete: Bool = true) throws {
            try channel.writeOutbound(
                HTTPServerResponsePart.head(.init(version: .http1_1, status: .ok, headers: headers)))
            if body > 0 {
                try channel.writeOutbound(
                    HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(repeating: 0x61, count: body))))
            }
            if isComplete { try channel.writeOutbound(HTTPServerResponsePart.end(nil)) }
        }

        func sent() throws -> String {
            var text = ""
            while let bytes = try channel.readOutbound(as: ByteBuffer.self) { text += String(buffer: bytes) }
            return text
        }
    }

    private static let get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"

    @Test("tell those who work for a client that it has gone", arguments: [true, false])
    func gone(isHalfClosed: Bool) throws {
        let connection = try Connection()
        let presence = connection.handler.presence
        let count = Mutex(0)
        let released = presence.whenGone { count.withLock { $0 += 10 } }
        _ = presence.whenGone { count.withLock { $0 += 1 } }
        presence.release(released)
        if isHalfClosed {
            try connection.send(Self.get)
            connection.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
            // It may still read the response.
            #expect(count.withLock { $0 } == 0)
            connection.pass(3)
        } else {
            connection.channel.pipeline.fireChannelInactive()
        }
        #expect(count.withLock { $0 } == 1)
        _ = presence.whenGone { count.withLock { $0 += 1 } }
        #expect(count.withLock { $0 } == 2)
    }

    // MARK: Deadlines

    @Test("are closed when their clients say nothing, and earlier when they have never said anything")
    func idle() throws {
        let (used, unused) = (try Connection(), try Connection())
        for _ in 0..<5 {
            try used.send(Self.get)
            try used.respond()
            used.pass(50)
        }
        try used.send(Self.get)
        try used.respond()
        used.pass(58)
        #expect(used.channel.isActive)
        used.pass(3)
        #expect(!used.channel.isActive)
        unused.pass(17)
        #expect(!unused.channel.isActive)
    }

    @Test("have one deadline for a head, whatever comes meanwhile")
    func slowHead() throws {
        let connection = try Connection()
        for byte in "GET / HTTP/1.1\r\nHost: a-slow-one" {
            try connection.send(String(byte))
            connection.pass(1)
        }
        #expect(try connection.request() == "- ")
        #expect(connection.handler.fault?.status == .requestTimeout)
        try connection.respond()
        #expect(try connection.sent().contains("Connection: close"))
    }

    @Test("have one deadline for a body of any length, whatever comes meanwhile", arguments: [100, 100_000])
    func slowBody(length: Int) throws {
        let connection = try Connection()
        try connection.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: \(length)\r\n\r\n")
        let error = #expect(throws: Problem.self) {
            for _ in 0..<70 {
                try connection.send("a")
                connection.pass(1)
                try connection.channel.throwIfErrorCaught()
            }
        }
        #expect(error?.status == .requestTimeout)
    }

    @Test("are not closed while a client waits for a response")
    func longWork() throws {
        let connection = try Connection()
        try connection.send(Self.get)
        connection.pass(300)
        #expect(connection.channel.isActive)
        try connection.respond()
        connection.pass(62)
        #expect(!connection.channel.isActive)
    }

    @Test(
        "are cut when a client reads less than a minimum of what there is for it",
        arguments: [
            // bytes sent and bytes unsent, every ten seconds; whether that is too slow
            ([(0, 0), (0, 0), (0, 0), (0, 0), (0, 0)], false), ([(0, 9), (0, 9), (0, 9), (0, 9), (0, 9)], true),
            ([(0, 9), (50_000, 9), (100_000, 9), (150_000, 9), (200_000, 9)], false),
            ([(0, 9), (30_000, 9), (60_000, 9), (90_000, 9), (120_000, 9)], true),
            ([(0, 9), (0, 9), (9, 0), (9, 9), (9, 9), (9, 0)], false),
        ] as [([(Int, Int)], Bool)])
    func slowReader(steps: [(sent: Int, unsent: Int)], isTooSlow: Bool) {
        var window = SendingWindow(length: .seconds(30))
        var (now, found) = (NIODeadline.uptimeNanoseconds(1), false)
        for step in steps {
            found = window.isTooSlow(sent: step.sent, unsent: step.unsent, now: now) || found
            now = now + .seconds(10)
        }
        #expect(found == isTooSlow)
    }

    // MARK: Requests in turn

    @Test("hand up one request at a time")
    func pipelining() throws {
        let connection = try Connection()
        try connection.send((0..<3).map { "GET /\($0) HTTP/1.1\r\nHost: h\r\n\r\n" }.joined())
        for number in 0..<3 {
            #expect(try connection.request() == "GET /\(number)")
            #expect(try connection.request() == nil)
            try connection.respond()
        }
        #expect(connection.channel.isActive)
    }

    @Test("respond to a request before a malformed one first")
    func malformedSecond() throws {
        let connection = try Connection()
        try connection.send(Self.get + "G@T / HTTP/1.1\r\n\r\n")
        #expect(try connection.request() == "GET /")
        #expect(connection.handler.fault == nil)
        try connection.respond()
        #expect(try !connection.sent().contains("close"))
        #expect(try connection.request() == "- ")
        #expect(connection.handler.fault?.status == .badRequest)
    }

    @Test("drop requests that are sent without waiting for the responses to many others")
    func manyAtOnce() throws {
        let connection = try Connection()
        try connection.send(String(repeating: Self.get, count: 1_000))
        var count = 0
        while try connection.request() != nil {
            count += 1
            try connection.respond()
        }
        #expect(count == 65)
        #expect(try connection.sent().hasSuffix("Connection: close\r\n\r\n"))
    }

    @Test("skip short unread bodies, and are closed behind long ones", arguments: [10, 10_000_000])
    func unreadBody(length: Int) throws {
        let connection = try Connection()
        try connection.send("GET / HTTP/1.1\r\nHost: h\r\nContent-Length: \(length)\r\n\r\n")
        try connection.respond()
        #expect(try connection.sent().contains("Connection: close") == (length > 1_000_000))
        try connection.send(String(repeating: "a", count: 10) + Self.get)
        #expect(try connection.request() == "GET /")
        #expect(try connection.request() == (length > 1_000_000 ? nil : "GET /"))
    }

    @Test("invite a body for a client that waits for that")
    func expectation() throws {
        let connection = try Connection()
        try connection.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
        connection.handler.inviteBody()
        #expect(try connection.sent() == "HTTP/1.1 100 Continue\r\n\r\n")
        try connection.send("{}")
        try connection.respond()
        #expect(try connection.sent() == "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    }

    // MARK: Stopping

    @Test("end when the server stops: at once without a request, else behind the response")
    func quiescing() throws {
        let (idle, busy) = (try Connection(), try Connection())
        try busy.send(Self.get)
        for connection in [idle, busy] {
            connection.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        }
        #expect(!idle.channel.isActive && busy.channel.isActive)
        busy.pass(10)
        try busy.respond(["Content-Length": "100"], body: 100)
        #expect(try busy.sent().contains("Connection: close"))
        busy.pass(6)
        #expect(!busy.channel.isActive)
    }

    @Test("are cut when a response takes longer than the server may to stop")
    func overdue() throws {
        let connection = try Connection()
        try connection.send(Self.get)
        try connection.respond(["Content-Length": "100"], body: 10, isComplete: false)
        connection.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        connection.pass(19)
        #expect(connection.channel.isActive)
        connection.pass(2)
        #expect(!connection.channel.isActive)
    }

    // MARK: Malformed requests

    @Test(
        "hand up what is wrong with a request",
        arguments: [
            ("GET / HTTP/1.1\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400), ("GET http://a/ HTTP/1.1\r\nHost: b\r\n\r\n", 400),
            ("GET a HTTP/1.1\r\nHost: a\r\n\r\n", 400), ("GET /#a HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            ("CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n", 400), ("GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505),
            ("GET / HTTP/9.9\r\nHost: a\r\n\r\n", 505), ("GET / HTTP/1.9\r\nHost: a\r\n\r\n", 400),
            ("GET / HTTP/99\r\nHost: a\r\n\r\n", 400),
            ("\u{16}\u{3}\u{1}", 400), ("hello\r\n", 400), ("GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 9223372036854775808\r\n\r\n", 413),
            ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n", 413),
            ("GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
            ("GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501),
            ("GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, gzip\r\n\r\n", 501),
            ("GET / HTTP/1.1\r\nHost: a\r\nExpect: more\r\n\r\n", 417),
            ("GET /\(String(repeating: "a", count: 70_000)) HTTP/1.1\r\nHost: a\r\n\r\n", 414),
            ("GET /\(String(repeating: "a", count: 200_000))", 414),
            ("GET / HTTP/1.1\r\nHost: a\r\nA: \(String(repeating: "a", count: 70_000))\r\n\r\n", 431),
            ("GET / HTTP/1.1\r\n\(String(repeating: "A: a\r\n", count: 300))\r\n\r\n", 431),
        ], [1, 1_000_000])
    func malformed(request: (text: String, status: Int), pieceLength: Int) throws {
        let connection = try Connection()
        // Long ones byte by byte would take long, too.
        let pieceLength = max(pieceLength, request.text.utf8.count / 100)
        var rest = request.text[...]
        while !rest.isEmpty {
            try connection.send(String(rest.prefix(pieceLength)))
            rest = rest.dropFirst(pieceLength)
        }
        let fault = try #require(connection.handler.fault)
        #expect(fault.status.code == request.status)
        #expect(fault.detail.utf8.count < 300)
        try connection.respond()
        #expect(try connection.sent().contains("Connection: close"))
    }

    @Test("look at each byte of a head once, in however small pieces it comes")
    func smallPieces() {
        // Would take minutes if each piece made the ones before it be looked at again.
        var head = HeadText()
        for _ in 0..<160_000 {
            head.append(ByteBuffer(repeating: UInt8(ascii: "a"), count: 1))
            head.inspect()
        }
        #expect(head.isText && head.requestLine == nil)
        for length in [1, 2, 3, 100] {
            var head = HeadText()
            var rest = ByteBuffer(string: "\r\n\nGET /a HTTP/9.9\r\nHost: h\r\n")
            while let piece = rest.readSlice(length: min(length, rest.readableBytes)), piece.readableBytes > 0 {
                head.append(piece)
                head.inspect()
            }
            #expect(head.requestLine == "GET /a HTTP/9.9" && head.foreignVersion == "HTTP/9.9" && head.isText)
            head.append(ByteBuffer(string: "\u{1}"))
            head.inspect()
            #expect(!head.isText)
        }
    }

    @Test(
        "report what is wrong with a body",
        arguments: [
            ("z\r\n", 400), ("5\r\n{}\r\n0\r\n\r\n000000", 400), ("ffffffffffffffffff\r\n", 400), ("-1\r\n", 400),
            ("0\r\nA B: c\r\n\r\n", 400), ("0\r\n" + String(repeating: "A: a\r\n", count: 300) + "\r\n", 431),
            ("0\r\nA: " + String(repeating: "a", count: 70_000) + "\r\n\r\n", 431),
        ])
    func malformedBody(body: String, status: Int) throws {
        let connection = try Connection()
        let error = #expect(throws: Problem.self) {
            try connection.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + body)
        }
        #expect(error?.status.code == status)
        try connection.respond()
        #expect(try connection.sent().contains("Connection: close"))
    }

    @Test(
        "hand up methods that HTTP does not know, for the route to refuse",
        arguments: ["FROB", "get", "M-SEARCHING", "GETT"])
    func unknownMethod(method: String) throws {
        let connection = try Connection()
        for byte in "\(method) /a HTTP/1.1\r\nHost: h\r\n\r\n" { try connection.send(String(byte)) }
        #expect(try connection.request() == "\(method) /a")
        #expect(connection.handler.fault == nil)
    }

    @Test(
        "take what is unusual and right",
        arguments: [
            ("GET http://h/a?b HTTP/1.1\r\nHost: H:80\r\n\r\n", "GET /a?b"), ("GET / HTTP/1.0\r\n\r\n", "GET /"),
            ("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", "OPTIONS /"),
            ("GET http://h HTTP/1.1\r\nHost: h\r\n\r\n", "GET /"),
            ("GET /\(String(repeating: "a", count: 60_000)) HTTP/1.1\r\nHost: h\r\n\r\n", nil),
            ("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: Chunked\r\n\r\n0\r\nA: b\r\n\r\n", "POST /"),
        ] as [(String, String?)])
    func unusual(text: String, request: String?) throws {
        let connection = try Connection()
        try connection.send(text)
        let found = try #require(try connection.request())
        #expect(connection.handler.fault == nil)
        if let request { #expect(found == request) }
    }
}
