import NIOCore
import NIOHTTP1

/// Monitors a connection: closes it when the client is idle, sending neither a request nor the rest of one, and reports
/// when the client has gone. Directly behind the decoder, where all requests pass.
final class ConnectionMonitor: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// Of the client of this connection.
    let presence = ClientPresence()
    /// Requests that have no response yet.
    private var openCount = 0
    private var idle: IdleDeadline
    private var idleTask: Scheduled<Void>?

    init(idleTimeout: TimeAmount) {
        idle = IdleDeadline(timeout: idleTimeout, now: .now())
    }

    func handlerAdded(context: ChannelHandlerContext) {
        idle.extend(now: context.eventLoop.now)
        closeWhenIdle(context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        idleTask?.cancel()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        idle.extend(now: context.eventLoop.now)
        switch unwrapInboundIn(data) {
        case .head:
            idle.state = .reading
            openCount += 1
        case .body: break
        case .end: idle.state = .responding
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) {
            openCount -= 1
            if openCount == 0, idle.state == .responding { idle.state = .waiting }
            idle.extend(now: context.eventLoop.now)
        }
        context.write(data, promise: promise)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event { presence.leave() }
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
                if self.idle.state == .responding { self.idle.extend(now: now) }
                self.closeWhenIdle(context)
            }
        }
    }
}
