import Logging
import NIOCore
import NIOHTTP1

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension ConnectionHandler {
    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        // What is above closes when it has written, not when that has been sent.
        guard mode == .all, !isCutting, lingerDeadline == nil, unsentByteCount(context) > 0 else {
            return context.close(mode: mode, promise: promise)
        }
        ending = exchange
        exchange = nil
        closeGently(context)
        context.channel.closeFuture.cascade(to: promise)
    }

    /// Sends what has been written, says that there is no more, and closes when the client has closed, too.
    func closeGently(_ context: ChannelHandlerContext, within time: TimeAmount = lingerTime) {
        isDropping = true
        lingerDeadline = .distantFuture
        let closed = context.eventLoop.makePromise(of: Void.self)
        closed.futureResult.assumeIsolated().whenComplete { _ in
            self.ending = nil
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
    func cut(_ reason: CutReason, _ context: ChannelHandlerContext) {
        if let exchange = exchange ?? ending, exchange.responseBegin != nil || reason == .shutdown {
            recordCut(reason, exchange, context)
        }
        isCutting = true
        presence.leave()
        if let socket = context.channel as? any SocketOptionProvider {
            _ = socket.setSoLinger(linger(l_onoff: 1, l_linger: 0))
        }
        context.close(promise: nil)
    }

    func recordCut(_ reason: CutReason, _ exchange: Exchange, _ context: ChannelHandlerContext) {
        configuration.metrics?.recordCut(reason)
        configuration.logger.log(
            level: reason.logLevel, "Response cut",
            metadata: [
                "reason": "\(reason.rawValue)", "request.id": "\(exchange.requestID ?? "")",
                "client.address": "\(address ?? "unknown")",
                "http.method": "\(exchange.head.method.rawValue)", "http.target": "\(loggable(exchange.head.uri))",
                "http.unsent_bytes": .stringConvertible(unsentByteCount(context)),
            ])
    }

    func unsentByteCount(_ context: ChannelHandlerContext) -> Int {
        (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    }
}
