import HTTPTypes
import Logging
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import Testing

@testable import HTTPEdge

@Suite("Prompt answers") struct PromptAnsweringTests {
    private struct Unforeseen: Error {}

    /// Answers `/quick` with the body of the request; `/slow` is none of its.
    private static func channel() throws -> EmbeddedChannel {
        let responder = PromptResponder(longestBody: 8) { head, body, _ in
            switch head.path {
            case "/quick": ("/{quick}", .success(EdgeAnswer(status: .ok, body: ByteBuffer(bytes: body))))
            case "/same": ("/{quick}", .success(EdgeAnswer(status: .notModified)))
            case "/missing": ("/{quick}", .failure(Problem(.notFound, "NotFound", "Nothing.")))
            case "/broken": ("/{quick}", .failure(Unforeseen()))
            default: nil
            }
        }
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let channel = EmbeddedChannel(handler: PromptAnswering(responder, logger))
        channel.pipeline.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 0), promise: nil)
        return channel
    }

    private static func request(
        _ path: String, _ method: HTTPRequest.Method = .get, _ fields: HTTPFields = [:], body: [String] = []
    ) -> [HTTPRequestPart] {
        let head = HTTPRequest(method: method, scheme: "http", authority: "h", path: path, headerFields: fields)
        return [.head(head)] + body.map { .body(ByteBuffer(string: $0)) } + [.end(nil)]
    }

    private static func post(_ path: String, _ body: [String]) -> [HTTPRequestPart] {
        request(path, .post, [.contentLength: "\(body.joined().utf8.count)"], body: body)
    }

    private static func passed(_ channel: EmbeddedChannel) throws -> [HTTPRequestPart] {
        var parts: [HTTPRequestPart] = []
        while let part = try channel.readInbound(as: HTTPRequestPart.self) { parts.append(part) }
        return parts
    }

    private static func written(_ channel: EmbeddedChannel) throws -> (head: HTTPResponse?, body: String, ends: Int) {
        var result = (head: HTTPResponse?.none, body: "", ends: 0)
        while let part = try channel.readOutbound(as: HTTPResponsePart.self) {
            switch part {
            case .head(let head): result.head = head
            case .body(let buffer): result.body += String(buffer: buffer)
            case .end: result.ends += 1
            }
        }
        return result
    }

    @Test("come without the request going further")
    func quick() throws {
        let channel = try Self.channel()
        for body in [[], ["abc"], ["ab", "cdef", "gh"]] {
            for part in Self.post("/quick", body) { try channel.writeInbound(part) }
            #expect(try Self.passed(channel).isEmpty)
            let (head, text, ends) = try Self.written(channel)
            #expect(text == body.joined() && ends == 1)
            #expect(head?.status == .ok)
            #expect(head?.headerFields[.contentLength] == "\(text.utf8.count)")
            #expect(head?.headerFields[.accessControlAllowOrigin] == "*")
            #expect(head?.headerFields[.date]?.hasSuffix(" GMT") == true)
            #expect(head?.headerFields[.init("X-Request-Id")!] != nil)
        }
    }

    @Test("say what is wrong", arguments: [("/missing", 404), ("/broken", 500)])
    func problems(path: String, status: Int) throws {
        let channel = try Self.channel()
        for part in Self.request(path) { try channel.writeInbound(part) }
        let (head, text, _) = try Self.written(channel)
        #expect(head?.status.code == status)
        #expect(head?.headerFields[.contentType] == "application/problem+json")
        #expect(text.contains("\"status\":\(status)"))
        #expect(!text.contains("Unforeseen"))
    }

    @Test("have no length where there is nothing to measure")
    func notModified() throws {
        let channel = try Self.channel()
        for part in Self.request("/same") { try channel.writeInbound(part) }
        let head = try Self.written(channel).head
        #expect(head?.status == .notModified)
        #expect(head?.headerFields[.contentLength] == nil)
    }

    static let special: [[HTTPRequestPart]] = [
        request("/slow"), post("/slow", ["ab", "c"]), request("/quick", .put), request("/quick", .head),
        request("/quick", .get, [.connection: "close"]), request("/quick", .get, [.expect: "100-continue"]),
        request("/quick", .get, [.transferEncoding: "chunked"], body: ["a"]),
        request("/quick", .get, [.contentLength: "1"], body: ["a"]),
        request("/quick", .post, [.transferEncoding: "chunked"], body: ["a"]), request("/quick", .post, body: ["a"]),
        post("/quick", ["123456789"]), request("/quick", .post, [.contentLength: "x"]),
    ]

    @Test("leave everything else as it comes", arguments: special)
    func others(request: [HTTPRequestPart]) throws {
        let channel = try Self.channel()
        for part in request { try channel.writeInbound(part) }
        #expect(try Self.passed(channel) == request)
        #expect(try Self.written(channel).head == nil)
    }

    @Test("wait for those before them")
    func order() throws {
        let channel = try Self.channel()
        let (slow, quick) = (Self.request("/slow"), Self.request("/quick"))
        for part in slow + quick { try channel.writeInbound(part) }
        #expect(try Self.passed(channel) == slow + quick)
        for _ in 0..<2 {
            try channel.writeOutbound(HTTPResponsePart.head(HTTPResponse(status: .ok)))
            try channel.writeOutbound(HTTPResponsePart.end(nil))
        }
        #expect(try Self.written(channel).ends == 2)
        for part in quick { try channel.writeInbound(part) }
        #expect(try Self.passed(channel).isEmpty)
        #expect(try Self.written(channel).ends == 1)
    }

    @Test("do not pile up for a client that does not read")
    func unwritable() throws {
        let channel = try Self.channel()
        channel.isWritable = false
        for part in Self.request("/quick") { try channel.writeInbound(part) }
        #expect(try Self.passed(channel) == Self.request("/quick"))
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
