import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Answers where requests arrive, before they become part of an asynchronous sequence: on a machine that was idle
/// before, the way from there through a task and its router to the handler, and back, takes longer than a small response
/// does. Directly behind the decoder, for the same reason.
///
/// One request at a time, and only while none is under way on the usual path: answers come in the order of requests.
///
/// Also closes connections whose clients say nothing, since nobody behind it knows of all requests.
final class PromptAnswering: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// Of the client of this connection.
    let presence = ClientPresence()
    private let responder: PromptResponder
    private let edge: EdgeServer
    private let logger: Logger
    /// A request that may be answered here once it is complete.
    private var held: (head: HTTPRequestHead, body: [ByteBuffer])?
    /// Requests on the usual path.
    private var passedCount = 0
    private var date = HTTPDate()
    /// Where answers leave as bytes.
    private var exit: ChannelHandlerContext?
    private var idle: IdleDeadline
    private var idleTask: Scheduled<Void>?

    init(_ responder: PromptResponder, _ edge: EdgeServer, idleTimeout: TimeAmount, _ logger: Logger) {
        self.responder = responder
        self.edge = edge
        self.logger = logger
        idle = IdleDeadline(timeout: idleTimeout, now: .now())
    }

    func handlerAdded(context: ChannelHandlerContext) {
        exit = (try? context.pipeline.syncOperations.context(handlerType: HTTPResponseEncoder.self)) ?? context
        idle.extend(now: context.eventLoop.now)
        closeWhenIdle(context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        exit = nil
        idleTask?.cancel()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        idle.extend(now: context.eventLoop.now)
        switch unwrapInboundIn(data) {
        case .head(let head):
            idle.state = .reading
            if passedCount == 0, context.channel.isWritable, isCandidate(head) {
                held = (head, [])
                return
            }
            passedCount += 1
        case .body(let buffer):
            if held != nil {
                held?.body.append(buffer)
                return
            }
        case .end(let trailers):
            idle.state = .answering
            if let request = held {
                held = nil
                if response(request.head, request.body, context) {
                    idle.state = .waiting
                    return
                }
                pass(request, context)
                context.fireChannelRead(wrapInboundOut(.end(trailers)))
                return
            }
        }
        context.fireChannelRead(data)
    }

    private func pass(_ request: (head: HTTPRequestHead, body: [ByteBuffer]), _ context: ChannelHandlerContext) {
        passedCount += 1
        context.fireChannelRead(wrapInboundOut(.head(request.head)))
        for buffer in request.body { context.fireChannelRead(wrapInboundOut(.body(buffer))) }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) {
            passedCount -= 1
            if passedCount == 0, idle.state == .answering { idle.state = .waiting }
            idle.extend(now: context.eventLoop.now)
        }
        context.write(data, promise: promise)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ChannelShouldQuiesceEvent:
            // The server ends: those behind wait for the requests they know of.
            if let request = held {
                held = nil
                pass(request, context)
            }
        case ChannelEvent.inputClosed: presence.leave()
        default: break
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        presence.leave()
        context.fireChannelInactive()
    }

    private func closeWhenIdle(_ context: ChannelHandlerContext) {
        idleTask = context.eventLoop.assumeIsolated().scheduleTask(deadline: idle.deadline) {
            let now = context.eventLoop.now
            if self.idle.hasPassed(now: now) {
                context.close(promise: nil)
            } else {
                if self.idle.state == .answering { self.idle.extend(now: now) }
                self.closeWhenIdle(context)
            }
        }
    }

    // MARK: Answers

    /// Requests of the plainest kind: whatever is special goes the usual way.
    private func isCandidate(_ head: HTTPRequestHead) -> Bool {
        let fields = head.headers
        guard head.version == .http1_1, head.isKeepAlive, fields.first(name: "Expect") == nil,
            fields.first(name: "Transfer-Encoding") == nil
        else { return false }
        let byteCount = fields.first(name: "Content-Length")
        switch head.method {
        case .GET: return byteCount.map { $0 == "0" } ?? true
        case .POST: return byteCount.flatMap { Int($0) }.map { $0 <= responder.longestBody } ?? false
        default: return false
        }
    }

    private func response(_ head: HTTPRequestHead, _ body: [ByteBuffer], _ context: ChannelHandlerContext) -> Bool {
        let exchange = RequestLog(head)
        let peer = context.channel.remoteAddress
        guard let response = response(head, body, peer, exchange) else { return false }
        // Requests on the usual path are counted there.
        send(refusal(head, peer, route: response.route) ?? response, exchange, context)
        return true
    }

    private func response(
        _ head: HTTPRequestHead, _ body: [ByteBuffer], _ peer: SocketAddress?, _ exchange: RequestLog
    ) -> AnswerMemory.Answer? {
        guard responder.memory.isUsed else { return make(head, body, peer, exchange)?.response }
        let version = responder.version()
        let key = AnswerMemory.key(head, body, audience: responder.audience(peer))
        if let response = responder.memory.find(key, version: version) { return response }
        guard let (response, isSuccess) = make(head, body, peer, exchange) else { return nil }
        if isSuccess { responder.memory.insert(response, for: key, version: version) }
        return response
    }

    private func refusal(_ head: HTTPRequestHead, _ peer: SocketAddress?, route: String) -> AnswerMemory.Answer? {
        guard let limiter = edge.rateLimiter else { return nil }
        let fields = HTTPFields(head.headers, splitCookie: false)
        let client = edge.configuration.trustedProxies.clientName(fields, peer: peer)
        guard let seconds = limiter.refusal(of: client) else { return nil }
        return AnswerMemory.Answer(Problem.tooManyRequests(retryAfter: seconds).response, route: route)
    }

    private func make(
        _ head: HTTPRequestHead, _ body: [ByteBuffer], _ peer: SocketAddress?, _ exchange: RequestLog
    ) -> (response: AnswerMemory.Answer, isSuccess: Bool)? {
        let bytes = body.count == 1 ? Array(body[0].readableBytesView) : body.flatMap { Array($0.readableBytesView) }
        // What is no request for HTTPTypes is refused on the usual path.
        guard let request = try? HTTPRequest(head, secure: false, splitCookie: false),
            let (route, outcome) = responder.respond(request, bytes, peer)
        else { return nil }
        switch outcome {
        case .success(let response): return (AnswerMemory.Answer(response, route: route), response.status == .ok)
        case .failure(let problem as Problem): return (AnswerMemory.Answer(problem.response, route: route), false)
        case .failure(let error):
            exchange.log(error, route: route, to: logger)
            return (AnswerMemory.Answer(Problem.internalError.response, route: route), false)
        }
    }

    private func send(_ response: AnswerMemory.Answer, _ exchange: RequestLog, _ context: ChannelHandlerContext) {
        guard let exit else { return }
        var fields = HTTPFields()
        exchange.complete(&fields)
        fields.append(HTTPField(name: .date, value: date.text(at: time(nil))))
        var head = context.channel.allocator.buffer(capacity: response.head.readableBytes + 256)
        head.writeImmutableBuffer(response.head)
        head.write(fields)
        head.writeStaticString("\r\n")
        let byteCount = response.body.readableBytes
        exit.write(NIOAny(head), promise: nil)
        if byteCount > 0 { exit.write(NIOAny(response.body), promise: nil) }
        exit.flush()
        exchange.end(response.status, byteCount: byteCount, route: response.route, edge.metrics, logger)
    }
}

extension AnswerMemory.Answer {
    fileprivate init(_ response: EdgeResponse, route: String) {
        var head = ByteBuffer()
        head.writeString("HTTP/1.1 \(response.status.code) \(response.status.reasonPhrase)\r\n")
        head.write(response.headers)
        if response.status != .notModified {
            head.writeString("Content-Length: \(response.body.readableBytes)\r\n")
        }
        self.init(route: route, status: response.status, head: head, body: response.body)
    }
}

extension ByteBuffer {
    /// Their names and values have nothing that would have to be escaped: `HTTPField` sees to that.
    fileprivate mutating func write(_ fields: HTTPFields) {
        for field in fields {
            writeString(field.name.rawName)
            writeStaticString(": ")
            writeString(field.value)
            writeStaticString("\r\n")
        }
    }
}
