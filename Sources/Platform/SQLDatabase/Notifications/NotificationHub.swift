import Synchronization

/// Hands notifications on to those who listen.
final class NotificationHub: Sendable {
    private struct State {
        var lastNumber = 0
        var listeners: [String: [Int: AsyncStream<DatabaseNotification>.Continuation]] = [:]
        var isClosed = false
    }

    private let state = Mutex(State())
    /// `nil`: what is notified in this process is all there is.
    private let listener: PostgreSQLListener?

    init(_ listener: PostgreSQLListener? = nil) {
        self.listener = listener
    }

    func listen(to channel: String) -> AsyncStream<DatabaseNotification> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: DatabaseNotification.self, bufferingPolicy: .bufferingNewest(256))
        let number = state.withLock { state -> Int? in
            guard !state.isClosed else { return nil }
            state.lastNumber += 1
            state.listeners[channel, default: [:]][state.lastNumber] = continuation
            return state.lastNumber
        }
        guard let number else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [weak self] _ in self?.remove(number, channel) }
        guard let listener else {
            continuation.yield(DatabaseNotification(channel: channel, payload: nil))
            return stream
        }
        listener.listen(to: channel) { [weak self] in self?.deliver([$0]) }
        return stream
    }

    private func remove(_ number: Int, _ channel: String) {
        state.withLock { state in
            state.listeners[channel]?[number] = nil
            if state.listeners[channel]?.isEmpty == true { state.listeners[channel] = nil }
        }
    }

    func deliver(_ notifications: [DatabaseNotification]) {
        for notification in notifications {
            let listeners = state.withLock { $0.listeners[notification.channel].map { Array($0.values) } ?? [] }
            for listener in listeners { listener.yield(notification) }
        }
    }

    func close() {
        let listeners = state.withLock { state in
            state.isClosed = true
            defer { state.listeners = [:] }
            return state.listeners.values.flatMap(\.values)
        }
        listener?.close()
        for listener in listeners { listener.finish() }
    }
}
