import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1

/// An HTTP/1.1 connection whose task runs on the connection's own event loop.
///
/// Otherwise each step of a request, from its first byte to its last, wakes a thread of Swift's pool and then the event
/// loop again: 0.3 ms of the 0.6 ms that a small response took. Nothing in the task may block; see `BlockingPool`.
struct ConnectionChannel: ServerChildChannel {
    typealias Value = HTTP1Channel.Value

    private let base: HTTP1Channel
    private let configuration: ConnectionConfiguration

    init(_ responder: @escaping HTTPChannelHandler.Responder, _ configuration: ConnectionConfiguration) {
        let decoder = HTTP1Channel.Configuration.DecoderConfiguration(
            maxHeaderFieldSize: RequestCheck.longestTarget, maxHeaderListSize: RequestCheck.longestHead,
            maxHeaderFieldCount: RequestCheck.mostFields)
        base = HTTP1Channel(responder: responder, configuration: .init(httpDecoderConfiguration: decoder))
        self.configuration = configuration
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        base.setup(channel: channel, logger: logger).flatMapThrowing { value in
            try channel.syncOptions?.setOption(
                .writeBufferWaterMark, value: .init(low: 64 << 10, high: 512 << 10))
            // What the system holds unsent: little, so that progress shows, and that clients which do not read cost little.
            try channel.syncOptions?.setOption(Self.unsentLowWatermark, value: 1 << 20)
            let pipeline = channel.pipeline.syncOperations
            let codec = try pipeline.handler(type: HTTP1ToHTTPServerCodec.self)
            let handler = ConnectionHandler(configuration)
            try pipeline.addHandler(handler, position: .before(codec))
            try pipeline.addHandler(RequestBytes(handler), position: .first)
            return value
        }
    }

    func handle(value: Value, logger: Logger) async {
        let executor = EventLoopTaskExecutor(value.channel.eventLoop)
        await withTaskExecutorPreference(executor) { await base.handle(value: value, logger: logger) }
    }

    /// `TCP_NOTSENT_LOWAT`, of which NIO has no name.
    private static let unsentLowWatermark: ChannelOptions.Types.SocketOption = {
        #if os(Linux)
            .tcpOption(NIOBSDSocket.Option(rawValue: 25))
        #else
            .tcpOption(NIOBSDSocket.Option(rawValue: 0x201))
        #endif
    }()
}

/// Runs the jobs of tasks on one event loop.
private final class EventLoopTaskExecutor: TaskExecutor {
    private let eventLoop: any EventLoop

    init(_ eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        eventLoop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
