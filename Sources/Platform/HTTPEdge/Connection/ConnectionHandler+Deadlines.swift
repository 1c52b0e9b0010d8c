import NIOCore

extension ConnectionHandler {
    func schedule(_ context: ChannelHandlerContext) {
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: configuration.tick) {
            self.check(context)
            if self.context != nil { self.schedule(context) }
        }
    }

    func check(_ context: ChannelHandlerContext) {
        let now = context.eventLoop.now
        if let quiesceDeadline, now >= quiesceDeadline { return cut(.shutdown, context) }
        if let inputEnd, now >= inputEnd + Self.halfClosedTime { presence.leave() }
        let unsent = unsentByteCount(context)
        if sending.isTooSlow(sent: writtenByteCount - unsent, unsent: unsent, now: now) {
            return cut(.tooSlow, context)
        }
        if let ending, ending.isWhole, let begin = ending.responseBegin, now >= begin + configuration.responseTimeout {
            return cut(.tooSlow, context)
        }
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

    func check(_ exchange: Exchange, _ now: NIODeadline, _ context: ChannelHandlerContext) {
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
