import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTPTypesHTTP1

/// An HTTP/1.1 connection whose task runs on the connection's own event loop.
///
/// Otherwise each step of a request, from its first byte to its last, wakes a thread of Swift's pool and then the event
/// loop again: 0.3 ms of the 0.6 ms that a small response took. Nothing in the task may block; see `BlockingPool`.
struct ConnectionChannel: ServerChildChannel {
    typealias Value = HTTP1Channel.Value

    private let base: HTTP1Channel
    private let idleTimeout: TimeAmount

    init(_ base: HTTP1Channel, idleTimeout: TimeAmount) {
        self.base = base
        self.idleTimeout = idleTimeout
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        base.setup(channel: channel, logger: logger).flatMapThrowing { value in
            // Small responses fit, so that they need no backpressure.
            try channel.syncOptions?.setOption(.writeBufferWaterMark, value: .init(low: 64 << 10, high: 512 << 10))
            let pipeline = channel.pipeline.syncOperations
            let codec = try pipeline.handler(type: HTTP1ToHTTPServerCodec.self)
            try pipeline.addHandler(ConnectionMonitor(idleTimeout: idleTimeout), position: .before(codec))
            return value
        }
    }

    func handle(value: Value, logger: Logger) async {
        let executor = EventLoopTaskExecutor(value.channel.eventLoop)
        await withTaskExecutorPreference(executor) { await base.handle(value: value, logger: logger) }
    }
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
