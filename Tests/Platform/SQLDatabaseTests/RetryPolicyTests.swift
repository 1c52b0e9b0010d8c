import Testing

@testable import SQLDatabase

@Suite("Retry policy") struct RetryPolicyTests {
    private static let conflict = DatabaseError(.serializationFailure, "").with(.repeating)
    private static let lost = DatabaseError(.connectionLost, "").with(.reconnecting)

    @Test("gives conflicts a bounded number of attempts, with waits that grow") func conflicts() {
        var policy = RetryPolicy(reconnectTimeout: .seconds(15))
        var waits: [Duration] = []
        while let wait = policy.wait(after: Self.conflict, remaining: nil) { waits.append(wait) }
        #expect(waits.count == DatabaseLimits.attemptCount - 1)
        #expect(waits == waits.sorted())
        #expect(waits.first == .milliseconds(2) && waits.last == .milliseconds(500))
    }

    @Test("tries another connection at once, then waits for the server as long as is configured") func reconnects() {
        var policy = RetryPolicy(reconnectTimeout: .seconds(15))
        let start = ContinuousClock.now
        var (now, count) = (start, 0)
        while let wait = policy.wait(after: Self.lost, remaining: nil, now: now) {
            #expect(count > 0 || wait == .zero)
            now += wait
            count += 1
        }
        #expect(start.duration(to: now) <= .seconds(15) && start.duration(to: now) > .seconds(13))
        #expect(count < 30)
    }

    @Test("never waits beyond the deadline of the call") func deadline() {
        var policy = RetryPolicy(reconnectTimeout: .seconds(15))
        #expect(policy.wait(after: Self.conflict, remaining: .milliseconds(1)) == nil)
    }

    @Test("does not repeat what would fail again") func others() {
        var policy = RetryPolicy(reconnectTimeout: .seconds(15))
        #expect(policy.wait(after: DatabaseError(.uniqueViolation, ""), remaining: nil) == nil)
    }
}
