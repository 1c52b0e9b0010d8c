import HTTPTypes
import Logging
import NIOCore
import NIOHTTP1

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// An HTTP/1.1 connection behind its decoder: hands requests up one at a time, answers for what the decoder cannot take,
/// keeps the deadlines of head, body and sending, reports when the client has gone, and closes so that no response is lost.
///
/// What is wrong with a request is handed up with it, as `fault`, so that there is one way to respond, log and count.
final class ConnectionHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// What comes from the decoder.
    private enum Event {
        case head(HTTPRequestHead, Problem?)
        case body(ByteBuffer)
        case end
        /// The body that has begun cannot be read on.
        case brokenBody(Problem)
    }

    /// What the decoder waits for.
    private enum Decoding { case nothing, head, body }

    /// The request that has been handed up.
    private struct Exchange {
        let head: HTTPRequestHead
        let fault: Problem?
        let begin: NIODeadline
        /// Whether all of the request has been handed up.
        var isComplete = false
        var expectsContinue: Bool
        /// Bytes of the body that have not come yet; `nil`: unknown.
        var missingByteCount: Int?
        var requestID: String?
        var responseBegin: NIODeadline?
        /// Whether the response's length is known.
        var isWhole = false
        /// Whether the client has been told that the connection ends with the response.
        var isLast = false
        /// Whether the response has been sent.
        var hasEnded = false
    }

    /// Requests that may wait for the responses to those before them; more are dropped and the connection closed.
    private static let mostHeldRequests = 64
    /// A body that nobody reads is waited for, so that the connection can be used on, when no more than this is missing.
    private static let longestSkippedByteCount = 256 << 10
    /// How long a client may take to notice that the connection is closed. Closing earlier would reset it, and a reset takes
    /// away what the client has not read yet.
    private static let lingerTime = TimeAmount.seconds(5)
    /// The same for connections that there is no room for.
    private static let refusalLingerTime = TimeAmount.milliseconds(500)

    /// Of the client of this connection.
    let presence = ClientPresence()
    /// Bytes of the response that is under way; given back once it has been sent.
    var held: ByteLedger.Holding?

    private let configuration: ConnectionConfiguration
    private var client: String?
    private var isCounted = false
    private var context: ChannelHandlerContext?
    private var timer: Scheduled<Void>?

    private var decoding = Decoding.nothing
    private var headText = HeadText()
    /// The decoder has failed at a head of which more has to come before it can be told why.
    private var failure: HTTPParserError?
    /// What comes is dropped: the connection ends with the current response.
    private var isDropping = false
    private var queue = CircularBuffer<Event>()
    private var queuedRequests = 0
    private var isReadHeld = false
    private var exchange: Exchange?

    /// When the current state began: a head, or waiting for one.
    private var since: NIODeadline
    private var hasServed = false
    private var sending: SendingWindow
    private var writtenByteCount = 0
    private var isQuiescing = false
    private var quiesceDeadline: NIODeadline?
    private var lingerDeadline: NIODeadline?
    private var isCutting = false
    private var drained: [CheckedContinuation<Void, Never>] = []

    init(_ configuration: ConnectionConfiguration) {
        self.configuration = configuration
        since = .now()
        sending = SendingWindow(length: configuration.sendTimeout)
    }

    // MARK: Life

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        since = context.eventLoop.now
        schedule(context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
        self.context = nil
        resumeDrained()
    }

    func channelActive(context: ChannelHandlerContext) {
        context.fireChannelActive()
        client = context.remoteAddress.flatMap { configuration.clientName($0) }
        switch configuration.limits?.open(client, logger: configuration.logger) {
        case nil: isCounted = configuration.limits != nil
        case .problem(let problem): refuse(context, problem)
        case .silent: context.close(promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if !isCutting, let exchange, exchange.responseBegin != nil { recordCut(.clientGone, exchange, context) }
        presence.leave()
        if isCounted { configuration.limits?.close(client) }
        timer?.cancel()
        resumeDrained()
        context.fireChannelInactive()
    }

    private func refuse(_ context: ChannelHandlerContext, _ problem: Problem) {
        isDropping = true
        var headers = HTTPHeaders([("Content-Type", Problem.mediaType), ("Connection", "close")])
        for field in problem.headers { headers.add(name: field.name.rawName, value: field.value) }
        let body = problem.body
        headers.add(name: "Content-Length", value: "\(body.count)")
        let status = HTTPResponseStatus(statusCode: problem.status.code, reasonPhrase: problem.status.reasonPhrase)
        context.write(wrapOutboundOut(.head(.init(version: .http1_1, status: status, headers: headers))), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        closeGently(context, within: Self.refusalLingerTime)
    }

    // MARK: Requests

    /// What is wrong with the current request.
    var fault: Problem? { exchange?.fault }

    /// Called with bytes before they are decoded.
    func willDecode(_ bytes: ByteBuffer, _ now: NIODeadline) {
        guard !isDropping else { return }
        if decoding == .nothing {
            decoding = .head
            headText.clear()
            if exchange == nil { since = now }
        }
        if decoding == .head { headText.append(bytes) }
    }

    func didDecode() {
        if decoding != .head, failure == nil { headText.clear() }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isDropping else { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            decoding = .body
            take(.head(head, RequestCheck.problem(head)), context)
        case .body(let bytes): take(.body(bytes), context)
        case .end:
            decoding = .nothing
            take(.end, context)
        }
    }

    private func take(_ event: Event, _ context: ChannelHandlerContext) {
        if case .head = event {
            guard queuedRequests < Self.mostHeldRequests else {
                isDropping = true
                return
            }
            queuedRequests += 1
        }
        if queue.isEmpty, !mustWait(event) { deliver(event, context) } else { queue.append(event) }
    }

    /// Whether the event belongs to a later request than the current one.
    private func mustWait(_ event: Event) -> Bool {
        switch event {
        case .head: exchange != nil
        case .body, .end, .brokenBody: exchange?.isComplete ?? false
        }
    }

    private func deliver(_ event: Event, _ context: ChannelHandlerContext) {
        switch event {
        case .head(var head, let fault):
            queuedRequests -= 1
            let now = context.eventLoop.now
            head.uri = RequestCheck.path(of: head.uri)
            exchange = Exchange(
                head: head, fault: fault, begin: now, expectsContinue: RequestCheck.expectsContinue(head),
                missingByteCount: RequestCheck.contentLength(head))
            context.fireChannelRead(wrapInboundOut(.head(head)))
            if fault != nil {
                // Nobody reads the rest.
                isDropping = true
                queue.removeAll()
                complete(context)
            }
        case .body(let bytes):
            if let missing = exchange?.missingByteCount { exchange?.missingByteCount = missing - bytes.readableBytes }
            context.fireChannelRead(wrapInboundOut(.body(bytes)))
        case .end: complete(context)
        case .brokenBody(let problem):
            exchange?.isComplete = true
            context.fireErrorCaught(problem)
        }
    }

    private func complete(_ context: ChannelHandlerContext) {
        exchange?.isComplete = true
        // Trailer fields are for nobody here.
        context.fireChannelRead(wrapInboundOut(.end(nil)))
        if exchange?.hasEnded == true { endExchange(context) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !isDropping else { return }
        var error = error
        if case ByteToMessageDecoderError.dataReceivedInErrorState(let first, _) = error { error = first }
        if let failure { error = failure }
        guard let error = error as? HTTPParserError else { return }
        if case .closedConnection = error {
            // Bytes behind a request with `Connection: close`.
            isDropping = true
        } else if decoding == .body {
            isDropping = true
            take(.brokenBody(RequestCheck.problem(error, nil)), context)
        } else {
            // Behind another request in the same bytes, the text is not known.
            let text = decoding == .head ? headText : nil
            guard let explained = RequestCheck.explanation(of: error, text) else {
                failure = error
                return
            }
            isDropping = true
            take(.head(explained.head, explained.problem), context)
            if explained.problem == nil { take(.end, context) }
        }
        context.fireChannelReadComplete()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case ChannelEvent.inputClosed:
            presence.leave()
            if lingerDeadline != nil { return context.close(promise: nil) }
            context.fireUserInboundEventTriggered(event)
        case is ChannelShouldQuiesceEvent:
            // Kept from Hummingbird, which closes as soon as the response has been written, not when it has been sent.
            isQuiescing = true
            quiesceDeadline = context.eventLoop.now + configuration.shutdownTimeout
            if exchange == nil, lingerDeadline == nil { context.close(promise: nil) }
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func read(context: ChannelHandlerContext) {
        // A client that sends requests without end gets no more of them read than there are responses.
        if queue.isEmpty { context.read() } else { isReadHeld = true }
    }

    /// Invites the body of a client that waits for that (`Expect: 100-continue`).
    func inviteBody() {
        guard let context, exchange?.expectsContinue == true, exchange?.isComplete == false else { return }
        exchange?.expectsContinue = false
        context.writeAndFlush(wrapOutboundOut(.head(.init(version: .http1_1, status: .continue))), promise: nil)
    }

    // MARK: Responses

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head) where exchange != nil && !head.status.isInformational:
            begin(&head, context)
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .body(let bytes):
            writtenByteCount += bytes.readableBytes
            context.write(data, promise: promise)
        case .end:
            let sent = promise ?? context.eventLoop.makePromise()
            let held = held.take()
            sent.futureResult.assumeIsolated().whenComplete { result in
                held?.release()
                if case .success = result { self.responseSent() }
            }
            context.write(data, promise: sent)
        case .head: context.write(data, promise: promise)
        }
    }

    private func begin(_ head: inout HTTPResponseHead, _ context: ChannelHandlerContext) {
        exchange?.responseBegin = context.eventLoop.now
        exchange?.requestID = head.headers.first(name: "X-Request-Id")
        exchange?.isWhole = head.headers.contains(name: "Content-Length")
        if endsConnection {
            exchange?.isLast = true
            head.headers.replaceOrAdd(name: "Connection", value: "close")
        }
        // A client of HTTP/1.0 knows no chunks: it reads until the connection is closed.
        if exchange?.head.version == .http1_0, exchange?.isWhole == false { head.version = .http1_0 }
    }

    /// Whether the connection is closed behind the current response.
    private var endsConnection: Bool {
        guard let exchange else { return true }
        if exchange.isLast || (isDropping && queue.isEmpty) || isQuiescing { return true }
        if !exchange.head.isKeepAlive || exchange.head.version == .http1_0 { return true }
        guard !exchange.isComplete else { return RequestCheck.isUpgrade(exchange.head) }
        return exchange.expectsContinue || (exchange.missingByteCount ?? .max) > Self.longestSkippedByteCount
    }

    private func responseSent() {
        guard let context, exchange != nil, lingerDeadline == nil else { return }
        let ends = endsConnection
        exchange?.hasEnded = true
        if ends {
            exchange = nil
            closeGently(context)
        } else if exchange?.isComplete == true {
            endExchange(context)
        }
    }

    /// Hands up the next request.
    private func endExchange(_ context: ChannelHandlerContext) {
        exchange = nil
        hasServed = true
        since = context.eventLoop.now
        if isQuiescing { return closeGently(context) }
        guard !queue.isEmpty else { return }
        while let event = queue.first, !mustWait(event) { deliver(queue.removeFirst(), context) }
        context.fireChannelReadComplete()
        if queue.isEmpty, isReadHeld {
            isReadHeld = false
            context.read()
        }
    }

    /// Waits until almost all that was written has been sent, or the connection is closed.
    func waitUntilDrained() async {
        guard let context, context.channel.isActive, !context.channel.isWritable else { return }
        await withCheckedContinuation { drained.append($0) }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { resumeDrained() }
        context.fireChannelWritabilityChanged()
    }

    private func resumeDrained() {
        let waiting = drained
        drained = []
        for continuation in waiting { continuation.resume() }
    }

    // MARK: The end

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        // What is above closes when it has written, not when that has been sent.
        guard mode == .all, !isCutting, lingerDeadline == nil, unsentByteCount(context) > 0 else {
            return context.close(mode: mode, promise: promise)
        }
        exchange = nil
        closeGently(context)
        context.channel.closeFuture.cascade(to: promise)
    }

    /// Sends what has been written, says that there is no more, and closes when the client has closed, too.
    private func closeGently(_ context: ChannelHandlerContext, within time: TimeAmount = lingerTime) {
        isDropping = true
        lingerDeadline = .distantFuture
        let closed = context.eventLoop.makePromise(of: Void.self)
        closed.futureResult.assumeIsolated().whenComplete { _ in
            self.lingerDeadline = context.eventLoop.now + time
            context.read()
        }
        context.close(mode: .output, promise: closed)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.fireChannelReadComplete()
        if lingerDeadline != nil { context.read() }
    }

    /// Closes without sending what is unsent, so that the client sees that the response is not complete.
    private func cut(_ reason: CutReason, _ context: ChannelHandlerContext) {
        if let exchange, exchange.responseBegin != nil || reason == .shutdown {
            recordCut(reason, exchange, context)
        }
        isCutting = true
        presence.leave()
        if let socket = context.channel as? any SocketOptionProvider {
            _ = socket.setSoLinger(linger(l_onoff: 1, l_linger: 0))
        }
        context.close(promise: nil)
    }

    private func recordCut(_ reason: CutReason, _ exchange: Exchange, _ context: ChannelHandlerContext) {
        configuration.metrics?.recordCut(reason)
        configuration.logger.log(
            level: reason.logLevel, "Response cut",
            metadata: [
                "reason": "\(reason.rawValue)", "request.id": "\(exchange.requestID ?? "")",
                "client.address": "\(context.remoteAddress?.ipAddress ?? "unknown")",
                "http.method": "\(exchange.head.method.rawValue)", "http.target": "\(loggable(exchange.head.uri))",
                "http.unsent_bytes": .stringConvertible(unsentByteCount(context)),
            ])
    }

    private func unsentByteCount(_ context: ChannelHandlerContext) -> Int {
        (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    }

    // MARK: Deadlines

    private func schedule(_ context: ChannelHandlerContext) {
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: configuration.tick) {
            self.check(context)
            if self.context != nil { self.schedule(context) }
        }
    }

    private func check(_ context: ChannelHandlerContext) {
        let now = context.eventLoop.now
        if let quiesceDeadline, now >= quiesceDeadline { return cut(.shutdown, context) }
        let unsent = unsentByteCount(context)
        if sending.isTooSlow(sent: writtenByteCount - unsent, unsent: unsent, now: now) { return cut(.tooSlow, context) }
        if let lingerDeadline {
            if now >= lingerDeadline { context.close(promise: nil) }
        } else if let exchange {
            check(exchange, now, context)
        } else if decoding == .head {
            guard now >= since + configuration.headTimeout else { return }
            isDropping = true
            take(.head(RequestCheck.unreadableHead, .headTimedOut(after: configuration.headTimeout)), context)
            context.fireChannelReadComplete()
        } else if now >= since + (hasServed ? configuration.idleTimeout : configuration.headTimeout) {
            context.close(promise: nil)
        }
    }

    private func check(_ exchange: Exchange, _ now: NIODeadline, _ context: ChannelHandlerContext) {
        if exchange.isWhole, let begin = exchange.responseBegin, now >= begin + configuration.responseTimeout {
            return cut(.tooSlow, context)
        }
        guard !exchange.isComplete, now >= exchange.begin + configuration.bodyTimeout else { return }
        isDropping = true
        if exchange.hasEnded {
            self.exchange = nil
            closeGently(context)
        } else {
            deliver(.brokenBody(.bodyTimedOut(after: configuration.bodyTimeout)), context)
        }
    }
}

extension HTTPResponseStatus {
    fileprivate var isInformational: Bool { code < 200 }
}
