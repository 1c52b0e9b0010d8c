import Synchronization

/// Limits the requests of each client to an average rate with bursts (a token bucket).
final class RateLimiter: Sendable {
    private struct Bucket {
        var tokens: Double
        var filledAt: ContinuousClock.Instant
    }

    /// Stored buckets at most; full ones can be dropped.
    private static let mostBuckets = 100_000

    private let perSecond: Double
    private let burst: Double
    private let buckets = Mutex<[String: Bucket]>([:])

    /// - Parameter perSecond: `nil`: no limit.
    init?(perSecond: Int?, burst: Int) {
        guard let perSecond else { return nil }
        self.perSecond = Double(perSecond)
        self.burst = Double(max(1, burst))
    }

    /// Takes one token from the client's bucket.
    ///
    /// - Returns: `nil` when the request is allowed, otherwise the seconds until the next one is.
    func retryDelay(for client: String, now: ContinuousClock.Instant = .now) -> Double? {
        buckets.withLock { buckets in
            if buckets.count >= Self.mostBuckets { buckets = buckets.filter { !isFull($0.value, now) } }
            var bucket = buckets[client] ?? Bucket(tokens: burst, filledAt: now)
            bucket.tokens = tokens(bucket, now)
            bucket.filledAt = now
            defer { buckets[client] = bucket }
            guard bucket.tokens < 1 else {
                bucket.tokens -= 1
                return nil
            }
            return (1 - bucket.tokens) / perSecond
        }
    }

    private func tokens(_ bucket: Bucket, _ now: ContinuousClock.Instant) -> Double {
        min(burst, bucket.tokens + (now - bucket.filledAt) / .seconds(1) * perSecond)
    }

    private func isFull(_ bucket: Bucket, _ now: ContinuousClock.Instant) -> Bool { tokens(bucket, now) >= burst }
}
