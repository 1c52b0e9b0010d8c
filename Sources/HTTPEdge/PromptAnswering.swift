import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTPTypes

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

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
