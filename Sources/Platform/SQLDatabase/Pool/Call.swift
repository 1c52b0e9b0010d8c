import Synchronization

/// One call of `read` or `write`: its deadline, and whether its task has been cancelled.
final class Call: Sendable {
    /// `nil`: none.
    let deadline: ContinuousClock.Instant?
    let timeout: Duration?
    private let cancelled = Atomic(false)
    /// Wakes the thread that waits for the database on behalf of the call.
    private let wake = Mutex<(@Sendable () -> Void)?>(nil)

    init(timeout: Duration?) {
        self.timeout = timeout
        deadline = timeout.map { ContinuousClock.now + $0 }
    }

    var isCancelled: Bool { cancelled.load(ordering: .relaxed) }
    var isOverdue: Bool { deadline.map { ContinuousClock.now >= $0 } ?? false }
    /// Not negative; `nil`: without end.
    var remaining: Duration? { deadline.map { max(.zero, ContinuousClock.now.duration(to: $0)) } }

    func cancel() {
        cancelled.store(true, ordering: .relaxed)
        // Under the lock, so that nothing is woken that is no longer there.
        wake.withLock { $0?() }
    }

    /// - Parameter body: Called at a cancellation, at once if that was before; must not block. `nil`: no longer.
    func onCancel(_ body: (@Sendable () -> Void)?) {
        wake.withLock { wake in
            wake = body
            if isCancelled { body?() }
        }
    }

    func check() throws {
        if isCancelled { throw CancellationError() }
        if isOverdue { throw timeoutError }
    }

    /// Why a statement was interrupted.
    var interruption: any Error { isCancelled ? CancellationError() : timeoutError }

    var timeoutError: DatabaseError {
        DatabaseError(
            .timeout,
            "The transaction took longer than \(timeout?.formattedSeconds ?? "allowed") and was rolled back.")
    }
}

extension Duration {
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
    /// Whole milliseconds, rounded up.
    var milliseconds: Int {
        Int(components.seconds) * 1_000 + Int((components.attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
    var formattedSeconds: String {
        let tenths = (seconds * 10).rounded() / 10
        return tenths == tenths.rounded() ? "\(Int(tenths)) s" : "\(tenths) s"
    }
}
