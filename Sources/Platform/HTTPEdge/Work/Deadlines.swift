public import ServiceLifecycle
import Synchronization

/// Ends calls after their deadline. One sweep for all, twice a second: a timer for each request would cost more than
/// most requests do.
public final class Deadlines: Service {
    struct Ticket { fileprivate let number: UInt64 }

    private struct Entry {
        let deadline: ContinuousClock.Instant
        let expire: @Sendable () -> Void
    }

    private struct State {
        var last: UInt64 = 0
        var entries: [UInt64: Entry] = [:]
    }

    private let state = Mutex(State())

    public init() {}

    /// Calls `expire` once the timeout has passed, unless the ticket is handed back before.
    func watch(_ timeout: Duration, _ expire: @escaping @Sendable () -> Void) -> Ticket {
        let deadline = ContinuousClock.now + timeout
        return state.withLock { state in
            state.last += 1
            state.entries[state.last] = Entry(deadline: deadline, expire: expire)
            return Ticket(number: state.last)
        }
    }

    func release(_ ticket: Ticket) {
        // The entry is destroyed outside the lock.
        _ = state.withLock { $0.entries.removeValue(forKey: ticket.number) }
    }

    /// Runs `body`, cancelled once the timeout has passed.
    func withTimeout<Result: Sendable>(
        _ timeout: Duration, _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        let task = Task { try await body() }
        let ticket = watch(timeout) { task.cancel() }
        defer { release(ticket) }
        return try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown {
            while (try? await Task.sleep(for: .milliseconds(500))) != nil { self.expire(until: .now) }
        }
    }

    func expire(until now: ContinuousClock.Instant) {
        let overdue = state.withLock { state in
            let overdue = state.entries.filter { $0.value.deadline <= now }
            for number in overdue.keys { state.entries[number] = nil }
            return overdue
        }
        for entry in overdue.values { entry.expire() }
    }
}
