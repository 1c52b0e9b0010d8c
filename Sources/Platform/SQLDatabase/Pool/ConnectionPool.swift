import Dispatch
import Synchronization

/// A bounded number of connections, made when they are needed. Those who wait for one get it in the order in which they
/// came.
final class ConnectionPool: Sendable {
    /// The right to use one connection, with the connection once there is one.
    ///
    /// `@unchecked Sendable`: used by the one call to which it was granted; the pool hands it on under its lock.
    final class Lease: @unchecked Sendable {
        var connection: (any DatabaseConnection)?
        fileprivate(set) var openedAt = ContinuousClock.now
        fileprivate var idleSince = ContinuousClock.now
        /// Of the pool, when the connection was made.
        fileprivate var generation = 0

        fileprivate init() {}
    }

    private struct Waiter {
        let number: UInt64
        let grant: @Sendable (Result<Lease, any Error>) -> Void
    }

    private struct State {
        /// Most recently used last.
        var idle: [Lease] = []
        var busyCount = 0
        var waiters: [Waiter] = []
        /// Index of the next waiter; earlier ones have been granted.
        var firstWaiter = 0
        var lastNumber: UInt64 = 0
        var generation = 0
        var isClosed = false

        var waitingCount: Int { waiters.count - firstWaiter }
    }

    private let state = Mutex(State())
    let size: Int
    /// For messages.
    private let name: String
    private let idleTimeout: Duration
    private let maximumAge: Duration
    private let open: @Sendable (Call) throws -> any DatabaseConnection

    init(
        _ name: String, size: Int, idleTimeout: Duration, maximumAge: Duration,
        open: @escaping @Sendable (Call) throws -> any DatabaseConnection
    ) {
        self.name = name
        self.size = size
        self.idleTimeout = idleTimeout
        self.maximumAge = maximumAge
        self.open = open
    }

    var counts: (idle: Int, busy: Int, waiting: Int) {
        state.withLock { ($0.idle.filter { $0.connection != nil }.count, $0.busyCount, $0.waitingCount) }
    }

    // MARK: Taking one

    func acquire(_ call: Call) async throws -> Lease {
        let timer = Mutex<Task<Void, any Error>?>(nil)
        defer {
            call.onCancel(nil)
            timer.withLock { $0?.cancel() }
        }
        return try await withCheckedThrowingContinuation { continuation in
            guard let number = enqueue({ continuation.resume(with: $0) }) else { return }
            call.onCancel { self.abandon(number, CancellationError()) }
            guard let deadline = call.deadline else { return }
            let task = Task {
                try await Task.sleep(until: deadline, clock: .continuous)
                self.abandon(number, self.exhaustion(call))
            }
            timer.withLock { $0 = task }
        }
    }

    /// Blocks the calling thread.
    func acquireBlocking(_ call: Call) throws -> Lease {
        let box = ResultBox<Lease>()
        guard let number = enqueue({ box.fill($0) }) else { return try box.take() }
        if let result = box.take(within: call.remaining) { return try result.get() }
        abandon(number, exhaustion(call))
        return try box.take()
    }

    private func exhaustion(_ call: Call) -> DatabaseError {
        DatabaseError(
            .poolExhausted,
            "All \(size) connections to \(name) were in use for \(call.timeout?.formattedSeconds ?? "long"): "
                + "transactions take too long, or database.poolSize is too small.")
    }

    /// - Returns: The number of the waiter; `nil`: `grant` was called.
    private func enqueue(_ grant: @escaping @Sendable (Result<Lease, any Error>) -> Void) -> UInt64? {
        let (lease, number): (Result<Lease, any Error>?, UInt64?) = state.withLock { state in
            if state.isClosed { return (.failure(Self.closed), nil) }
            if state.waitingCount == 0, state.busyCount < size {
                state.busyCount += 1
                return (.success(state.idle.popLast() ?? Lease()), nil)
            }
            state.lastNumber += 1
            state.waiters.append(Waiter(number: state.lastNumber, grant: grant))
            return (nil, state.lastNumber)
        }
        if let lease { grant(lease) }
        return number
    }

    private func abandon(_ number: UInt64, _ error: any Error) {
        let waiter = state.withLock { state -> Waiter? in
            guard
                let index = state.waiters.indices.dropFirst(state.firstWaiter)
                    .first(where: { state.waiters[$0].number == number })
            else { return nil }
            return state.waiters.remove(at: index)
        }
        waiter?.grant(.failure(error))
    }

    // MARK: Using it

    /// The connection of a lease, opened if there is none that lives. Blocks.
    func connection(of lease: Lease, _ call: Call) throws -> any DatabaseConnection {
        let generation = state.withLock { $0.generation }
        if let connection = lease.connection {
            if lease.generation == generation, connection.isAlive() { return connection }
            connection.close()
            lease.connection = nil
        }
        let connection = try open(call)
        (lease.connection, lease.openedAt, lease.generation) = (connection, .now, generation)
        return connection
    }

    /// A connection that is not one of the pool's. Blocks.
    func connect(_ call: Call) throws -> any DatabaseConnection {
        guard !state.withLock({ $0.isClosed }) else { throw Self.closed }
        return try open(call)
    }

    /// After the loss of a connection: the others were lost, too, or will be made anew for nothing.
    func distrustAll() { state.withLock { $0.generation += 1 } }

    /// Hands a lease back. Closes what is too old, which may block.
    func release(_ lease: Lease) {
        let now = ContinuousClock.now
        if let connection = lease.connection, !connection.isUsable || lease.openedAt + maximumAge < now {
            connection.close()
            lease.connection = nil
        }
        lease.idleSince = now
        let (waiter, expired): (Waiter?, [Lease]) = state.withLock { state in
            if state.waitingCount > 0, !state.isClosed {
                let waiter = state.waiters[state.firstWaiter]
                state.firstWaiter += 1
                if state.firstWaiter > 64, state.firstWaiter * 2 > state.waiters.count {
                    state.waiters.removeFirst(state.firstWaiter)
                    state.firstWaiter = 0
                }
                return (waiter, [])
            }
            state.busyCount -= 1
            if state.isClosed { return (nil, [lease]) }
            let expired = state.idle.prefix { $0.idleSince + idleTimeout < now }
            state.idle.removeFirst(expired.count)
            if lease.connection != nil { state.idle.append(lease) }
            return (nil, Array(expired))
        }
        for lease in expired {
            lease.connection?.close()
            lease.connection = nil
        }
        waiter?.grant(.success(lease))
    }

    /// Closes idle connections now, others when they are handed back; who waits gets an error.
    func close() {
        let (idle, waiters) = state.withLock { state in
            state.isClosed = true
            defer { (state.idle, state.waiters, state.firstWaiter) = ([], [], 0) }
            return (state.idle, state.waiters.dropFirst(state.firstWaiter))
        }
        for lease in idle {
            lease.connection?.close()
            lease.connection = nil
        }
        for waiter in waiters { waiter.grant(.failure(Self.closed)) }
    }

    private static let closed = DatabaseError(.unavailable, "The database was closed; the program is ending.")
}

/// A result that a thread waits for.
private final class ResultBox<Value: Sendable>: Sendable {
    private let result = Mutex<Result<Value, any Error>?>(nil)
    private let semaphore = DispatchSemaphore(value: 0)

    func fill(_ result: Result<Value, any Error>) {
        self.result.withLock { $0 = result }
        semaphore.signal()
    }

    /// - Parameter timeout: `nil`: none.
    /// - Returns: `nil` when there is none in time.
    func take(within timeout: Duration?) -> Result<Value, any Error>? {
        let end = timeout.map { DispatchTime.now() + .milliseconds($0.milliseconds) } ?? .distantFuture
        guard semaphore.wait(timeout: end) == .success else { return nil }
        return result.withLock { $0 }
    }

    func take() throws -> Value {
        semaphore.wait()
        return try result.withLock { $0! }.get()
    }
}
