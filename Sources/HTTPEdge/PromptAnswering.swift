public import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
public import NIOCore
import NIOHTTPTypes

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Answers requests that take microseconds, or says that it cannot: then they go the usual way, through the router.
public struct PromptResponder: Sendable {
    /// An answer, or what the request failed with, and the route's template for the log.
    public typealias Outcome = (route: String, answer: Result<EdgeAnswer, any Error>)

    /// Requests with a longer body, in bytes, are not asked for.
    let longestBody: Int
    let respond: @Sendable (_ request: HTTPRequest, _ body: [UInt8], _ peer: SocketAddress?) -> Outcome?

    /// - Parameter respond: Called on an event loop: must not block, nor compute for long. `nil`: not a request for it.
    public init(longestBody: Int, respond: @escaping @Sendable (HTTPRequest, [UInt8], SocketAddress?) -> Outcome?) {
        self.longestBody = longestBody
        self.respond = respond
    }
}

/// Answers where requests arrive, before they become part of an asynchronous sequence: on a machine that was idle
/// before, the way from there through a task and its router to the handler, and back, takes longer than a small answer
/// does.
///
/// One request at a time, and only while none is under way on the usual path: answers come in the order of requests.
final class PromptAnswering: ChannelDuplexHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let responder: PromptResponder
    private let logger: Logger
    /// A request that may be answered here once it is complete.
    private var held: (head: HTTPRequest, body: [ByteBuffer])?
    /// Requests on the usual path.
    private var passedCount = 0
    private var date = HTTPDate()

    init(_ responder: PromptResponder, _ logger: Logger) {
        self.responder = responder
        self.logger = logger
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head) where passedCount == 0 && context.channel.isWritable && isCandidate(head):
            held = (head, [])
            return
        case .head: passedCount += 1
        case .body(let buffer) where held != nil:
            held?.body.append(buffer)
            return
        case .end(let trailers):
            guard let request = held else { break }
            held = nil
            if answer(request.head, request.body, context) { return }
            passedCount += 1
            context.fireChannelRead(wrapInboundOut(.head(request.head)))
            for buffer in request.body { context.fireChannelRead(wrapInboundOut(.body(buffer))) }
            context.fireChannelRead(wrapInboundOut(.end(trailers)))
            return
        case .body: break
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) { passedCount -= 1 }
        context.write(data, promise: promise)
    }

    /// Requests of the plainest kind: whatever is special goes the usual way.
    private func isCandidate(_ head: HTTPRequest) -> Bool {
        let fields = head.headerFields
        guard fields[.connection] != "close", fields[.expect] == nil, fields[.transferEncoding] == nil else {
            return false
        }
        switch head.method {
        case .get: return fields[.contentLength].map { $0 == "0" } ?? true
        case .post: return fields[.contentLength].flatMap { Int($0) }.map { $0 <= responder.longestBody } ?? false
        default: return false
        }
    }

    private func answer(_ head: HTTPRequest, _ body: [ByteBuffer], _ context: ChannelHandlerContext) -> Bool {
        let exchange = EdgeExchange(head)
        let bytes = body.count == 1 ? Array(body[0].readableBytesView) : body.flatMap { Array($0.readableBytesView) }
        guard let (route, outcome) = responder.respond(head, bytes, context.channel.remoteAddress) else { return false }
        var answer: EdgeAnswer
        switch outcome {
        case .success(let success): answer = success
        case .failure(let problem as Problem): answer = problem.answer
        case .failure(let error):
            exchange.log(error, route: route, to: logger)
            answer = Problem.internalError.answer
        }
        let byteCount = answer.body.readableBytes
        if answer.status != .notModified {
            answer.headers.append(HTTPField(name: .contentLength, value: "\(byteCount)"))
        }
        exchange.complete(&answer.headers)
        answer.headers.append(HTTPField(name: .date, value: date.text(at: time(nil))))
        context.write(
            wrapOutboundOut(.head(HTTPResponse(status: answer.status, headerFields: answer.headers))), promise: nil)
        if byteCount > 0 { context.write(wrapOutboundOut(.body(answer.body)), promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        exchange.log(answer.status, byteCount: byteCount, route: route, to: logger)
        return true
    }
}

/// The value of `Date`, made once a second. Source: [RFC 9110, section 5.6.7](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7).
struct HTTPDate {
    private var second = Int.min
    private var text = ""

    /// - Parameter second: Since 1970, not before.
    mutating func text(at second: Int) -> String {
        if second != self.second {
            self.second = second
            text = Self.format(second)
        }
        return text
    }

    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static func format(_ second: Int) -> String {
        var clock = time_t(second)
        var parts = tm()
        gmtime_r(&clock, &parts)
        func two(_ number: some BinaryInteger) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return """
            \(days[second / 86_400 % 7]), \(two(parts.tm_mday)) \(months[Int(parts.tm_mon)]) \(parts.tm_year + 1900) \
            \(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)) GMT
            """
    }
}
