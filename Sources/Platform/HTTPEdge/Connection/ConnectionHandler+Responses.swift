import NIOCore
import NIOHTTP1

extension ConnectionHandler {
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

    func begin(_ head: inout HTTPResponseHead, _ context: ChannelHandlerContext) {
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
    var endsConnection: Bool {
        guard let exchange else { return true }
        if exchange.isLast || (isDropping && queue.isEmpty) || isQuiescing { return true }
        if !exchange.head.isKeepAlive || exchange.head.version == .http1_0 { return true }
        guard !exchange.isComplete else { return RequestCheck.isUpgrade(exchange.head) }
        return exchange.expectsContinue || (exchange.missingByteCount ?? .max) > Self.longestSkippedByteCount
    }

    func responseSent() {
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
    func endExchange(_ context: ChannelHandlerContext) {
        exchange = nil
        hasServed = true
        since = context.eventLoop.now
        counted?.isWaiting(since: since)
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

    func resumeDrained() {
        let waiting = drained
        drained = []
        for continuation in waiting { continuation.resume() }
    }
}

extension HTTPResponseStatus {
    fileprivate var isInformational: Bool { code < 200 }
}
