import CPostgreSQL
import Logging
import NIOPosix
import Synchronization

/// Listens to PostgreSQL's notifications on a connection of its own, which is never inside a transaction and is made anew
/// when it is lost.
final class PostgreSQLListener: Sendable {
    private struct State {
        var channels: Set<String> = []
        /// Of them, those that the server must be told of.
        var added: Set<String> = []
        var wakePipe: WakePipe?
        var isRunning = false
    }

    private let url: PostgreSQLURL
    private let logger: Logger
    private let state = Mutex(State())
    private let thread = NIOThreadPool(numberOfThreads: 1)
    private let life = Call(timeout: nil)

    /// A connection that says nothing for so long is asked whether it still lives: one that was cut off says nothing, too.
    private static let heartbeat = Duration.seconds(30)
    private static let patience = Duration.seconds(10)

    init(_ url: PostgreSQLURL, logger: Logger) {
        self.url = url
        self.logger = logger
    }

    /// - Parameter deliver: Called with the notifications of all channels; the same for each call.
    func listen(to channel: String, _ deliver: @escaping @Sendable (DatabaseNotification) -> Void) {
        let mustStart = state.withLock { state in
            state.channels.insert(channel)
            state.added.insert(channel)
            state.wakePipe?.wake()
            defer { state.isRunning = true }
            return !state.isRunning
        }
        guard mustStart else { return }
        thread.start()
        thread.submit { _ in self.run(deliver) }
    }

    func close() {
        life.cancel()
        state.withLock { state in
            state.wakePipe?.wake()
            if state.isRunning { thread.shutdownGracefully { _ in } }
        }
    }

    private func run(_ deliver: (DatabaseNotification) -> Void) {
        var failures = 0
        while !life.isCancelled {
            do {
                let connection = try PostgreSQLConnection(
                    url, isPrimary: true, prepares: false, Call(timeout: Self.patience))
                state.withLock { state in
                    state.wakePipe = connection.wakePipe
                    state.added = state.channels
                }
                while !life.isCancelled {
                    for channel in state.withLock({ state in
                        defer { state.added = [] }
                        return state.added.sorted()
                    }) {
                        try connection.control("LISTEN \"\(channel)\"", within: Self.patience)
                        failures = 0
                        deliver(DatabaseNotification(channel: channel, payload: nil))
                    }
                    let notifications = try connection.notifications(within: Self.heartbeat)
                    for notification in notifications { deliver(notification) }
                }
            } catch {
                failures += 1
                logger.warning(
                    "The connection for notifications was lost and is made anew", metadata: ["error": "\(error)"])
            }
            state.withLock { $0.wakePipe = nil }
            // 50 ms to 5 s, in steps that notice the end.
            let wait = (Duration.milliseconds(50) * (1 << min(failures, 7))).jittered
            let end = ContinuousClock.now + min(wait, .seconds(5))
            while failures > 0, !life.isCancelled, ContinuousClock.now < end { blockThread(for: .milliseconds(20)) }
        }
    }
}

extension PostgreSQLConnection {
    /// Runs a statement with a deadline of its own, outside of transactions.
    func control(_ sql: String, within timeout: Duration) throws {
        setCall(Call(timeout: timeout))
        defer { setCall(nil) }
        try control(sql)
    }

    /// Waits for notifications until there are some, the connection is woken or the time is over; in that case it asks
    /// the server whether it is still there.
    func notifications(within timeout: Duration) throws -> [DatabaseNotification] {
        var received = received()
        if received.isEmpty {
            guard try waitForInput(timeout) else {
                try control("SELECT 1", within: .seconds(10))
                return self.received()
            }
            received = self.received()
        }
        return received
    }

    private func received() -> [DatabaseNotification] {
        var notifications: [DatabaseNotification] = []
        while let notification = PQnotifies(handle) {
            notifications.append(
                DatabaseNotification(
                    channel: String(cString: notification.pointee.relname),
                    payload: String(cString: notification.pointee.extra)))
            PQfreemem(notification)
        }
        return notifications
    }
}
