import Identity
import Synchronization
import TestKit
import Testing

@testable import IdentityHosting

@Suite("Rights that were asked for") struct RightsCacheTests {
    private static let credential = Credential.grant(account: "ada", id: 1)

    @Test("are asked for again after two seconds, also where there are none")
    func lifetime() async throws {
        let clock = TestClock()
        let count = Mutex(0)
        let cache = RightsCache(now: { clock.now }) { _ in
            count.withLock { $0 += 1 }
            return nil
        }
        for expected in 1...3 {
            for _ in 0..<10 { #expect(try await cache.rights(of: Self.credential) == nil) }
            #expect(count.withLock { $0 } == expected)
            clock.advance(by: RightsCache.lifetime - .milliseconds(1))
            _ = try await cache.rights(of: Self.credential)
            #expect(count.withLock { $0 } == expected)
            clock.advance(by: .milliseconds(1))
        }
    }

    @Test("are asked for once, however many requests come meanwhile")
    func joined() async throws {
        let count = Mutex(0)
        let waiting = Gate()
        let cache = RightsCache { _ in
            count.withLock { $0 += 1 }
            await waiting.wait()
            return nil
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<100 { group.addTask { _ = try await cache.rights(of: Self.credential) } }
            while count.withLock({ $0 }) == 0 { await Task.yield() }
            await waiting.open()
            try await group.waitForAll()
        }
        #expect(count.withLock { $0 } == 1)
    }

    @Test("fail for all who wait, and are asked for again by the next")
    func failure() async throws {
        struct Away: Error {}
        let count = Mutex(0)
        let cache = RightsCache { _ in
            try count.withLock { count in
                count += 1
                if count == 1 { throw Away() }
            }
            return nil
        }
        await #expect(throws: Away.self) { try await cache.rights(of: Self.credential) }
        #expect(try await cache.rights(of: Self.credential) == nil)
    }
}

/// Closed until it is opened.
private actor Gate {
    private var isOpen = false
    private var waiters: [CheckedContinuation<Void, Never>] = []

    func wait() async {
        if !isOpen { await withCheckedContinuation { waiters.append($0) } }
    }

    func open() {
        isOpen = true
        for waiter in waiters { waiter.resume() }
        waiters = []
    }
}
