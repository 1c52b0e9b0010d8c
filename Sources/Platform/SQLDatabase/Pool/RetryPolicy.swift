/// Decides whether, and after which wait, a transaction is tried again.
struct RetryPolicy {
    /// How long a server may be away before calls fail.
    let reconnectTimeout: Duration
    private(set) var attempts = 0
    private var reconnecting: (since: ContinuousClock.Instant, count: Int)?

    init(reconnectTimeout: Duration) {
        self.reconnectTimeout = reconnectTimeout
    }

    /// - Parameter remaining: Until the deadline of the call; `nil`: without end.
    /// - Returns: The longest time to wait; `nil`: the error is final.
    mutating func wait(
        after error: DatabaseError, remaining: Duration?, now: ContinuousClock.Instant = .now
    ) -> Duration? {
        attempts += 1
        let wait: Duration
        switch error.remedy {
        case .none: return nil
        case .preparing:
            guard attempts < 4 else { return nil }
            wait = .zero
        case .repeating:
            guard attempts < DatabaseLimits.attemptCount else { return nil }
            wait = Self.doubled(.milliseconds(2), attempts - 1, atMost: .milliseconds(500))
        case .reconnecting:
            let (since, count) = reconnecting ?? (now, 0)
            reconnecting = (since, count + 1)
            // The first time, another connection may do.
            wait = count == 0 ? .zero : Self.doubled(.milliseconds(25), count - 1, atMost: .seconds(1))
            guard since.duration(to: now) + wait <= reconnectTimeout else { return nil }
        }
        if let remaining, remaining <= wait { return nil }
        return wait
    }

    private static func doubled(_ first: Duration, _ times: Int, atMost limit: Duration) -> Duration {
        times > 16 ? limit : min(limit, first * (1 << times))
    }
}

extension Duration {
    /// Some time between half of this one and all of it, so that those that met do not meet again.
    var jittered: Duration { self / 2 + (self / 2) * Double.random(in: 0...1) }
}
