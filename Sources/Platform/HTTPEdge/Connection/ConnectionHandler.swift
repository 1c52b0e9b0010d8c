import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1

/// An HTTP/1.1 connection behind its decoder: hands requests up one at a time, and those that the decoder cannot parse,
/// keeps the deadlines of head, body and sending, reports when the client has gone, and closes so that no response is lost.
///
/// What is wrong with a request is handed up with it, as `fault`, so that there is one way to respond, log and count.
final class ConnectionHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// What comes from the decoder.
    enum Event {
        case head(HTTPRequestHead, Problem?)
        case body(ByteBuffer)
        case end
        /// The body that has begun cannot be read on.
        case brokenBody(Problem)
    }

    /// What the decoder waits for.
    enum Decoding { case nothing, head, body }

    /// Requests that may wait for the responses to those before them; more are dropped and the connection closed.
    static let mostHeldRequests = 64
    /// The rest of an unread body is received, so that the connection can be reused, if it is no longer than this.
    static let longestSkippedByteCount = 256 << 10
    /// How long a client may take to notice that the connection is closed. Closing earlier would reset it, and a reset takes
    /// away what the client has not read yet.
    static let lingerTime = TimeAmount.seconds(5)
    /// The same for connections that there is no room for.
    static let refusalLingerTime = TimeAmount.milliseconds(500)
    /// How long a client that has closed its side is taken for one that still reads, as it may; most have gone.
    static let halfClosedTime = TimeAmount.seconds(1)

    /// Of the client of this connection.
    let presence = ClientPresence()
    /// Bytes of the response that is under way; given back once it has been sent.
    var held: ByteLedger.Holding?

    let configuration: ConnectionConfiguration
    /// The other end's, as text; a socket that has been reset no longer knows it.
    private(set) var address: String?
    /// Of the other end, for fairness, where no proxy has forwarded anything.
    private(set) var clientName: String?
    /// As counted; `nil`: not counted, or refused.
    var counted: ConnectionLimits.Connection?
    var context: ChannelHandlerContext?
    var timer: Scheduled<Void>?

    var decoding = Decoding.nothing
    var headText = HeadText()
    /// The decoder has failed at a head of which more has to come before it can be told why.
    var failure: HTTPParserError?
    /// What comes is dropped: the connection ends with the current response.
    var isDropping = false
    var queue = CircularBuffer<Event>()
    var queuedRequests = 0
    var isReadHeld = false
    var exchange: Exchange?
    /// The last exchange, whose response has been written as a whole and is being sent.
    var ending: Exchange?

    /// When the current state began: a head, or waiting for one.
    var since: NIODeadline
    var hasServed = false
    var sending: SendingWindow
    var writtenByteCount = 0
    /// When the client said that it sends no more.
    var inputEnd: NIODeadline?
    var isQuiescing = false
    var quiesceDeadline: NIODeadline?
    var lingerDeadline: NIODeadline?
    var isCutting = false
    var drained: [CheckedContinuation<Void, Never>] = []

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
        address = context.remoteAddress?.ipAddress
        clientName = address.map(IPNetworks.network(of:))
        guard let limits = configuration.limits else { return }
        let client = address.flatMap { configuration.isProxy($0) ? nil : clientName }
        let (eventLoop, this) = (context.eventLoop, NIOLoopBound(self, eventLoop: context.eventLoop))
        let admission = limits.open(client, logger: configuration.logger) {
            eventLoop.execute { this.value.makeRoom() }
        }
        switch admission {
        case .served(let connection): counted = connection
        case .refused(let problem): refuse(context, problem)
        case .silent: context.close(promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if !isCutting, let exchange = exchange ?? ending, exchange.responseBegin != nil {
            recordCut(.clientGone, exchange, context)
        }
        presence.leave()
        if let counted { configuration.limits?.close(counted) }
        timer?.cancel()
        resumeDrained()
        context.fireChannelInactive()
    }

    private func refuse(_ context: ChannelHandlerContext, _ problem: Problem) {
        isDropping = true
        var headers = HTTPHeaders([
            ("Content-Type", Problem.mediaType), ("Connection", "close"), ("X-Content-Type-Options", "nosniff"),
            ("X-Request-Id", RequestID().description),
        ])
        for field in problem.headers { headers.add(name: field.name.rawName, value: field.value) }
        let body = problem.body
        headers.add(name: "Content-Length", value: "\(body.count)")
        let status = HTTPResponseStatus(statusCode: problem.status.code, reasonPhrase: problem.status.reasonPhrase)
        context.write(wrapOutboundOut(.head(.init(version: .http1_1, status: status, headers: headers))), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        closeGently(context, within: Self.refusalLingerTime)
    }

    /// Closes the connection, unless a request has come meanwhile.
    private func makeRoom() {
        if exchange == nil, lingerDeadline == nil { context?.close(promise: nil) }
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

    func take(_ event: Event, _ context: ChannelHandlerContext) {
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
    func mustWait(_ event: Event) -> Bool {
        switch event {
        case .head: exchange != nil
        case .body, .end, .brokenBody: exchange?.isComplete ?? false
        }
    }

    func deliver(_ event: Event, _ context: ChannelHandlerContext) {
        switch event {
        case .head(var head, let fault):
            queuedRequests -= 1
            counted?.isServing()
            let now = context.eventLoop.now
            head.uri = RequestCheck.path(of: head.uri)
            exchange = Exchange(
                head: head, fault: fault, begin: now, expectsContinue: RequestCheck.expectsContinue(head),
                missingByteCount: RequestCheck.contentLength(head))
            context.fireChannelRead(wrapInboundOut(.head(head)))
            if fault != nil {
                // The rest is not read.
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

    func complete(_ context: ChannelHandlerContext) {
        exchange?.isComplete = true
        // Trailer fields are dropped: no handler uses them.
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
            headText.inspect()
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
            inputEnd = context.eventLoop.now
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

}
