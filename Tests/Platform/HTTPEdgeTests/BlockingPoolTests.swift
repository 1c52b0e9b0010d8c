import HTTPTypes
import NIOCore
import Synchronization
import TestKit
import Testing

@testable import HTTPEdge

@Suite("Threads for calls that block") struct BlockingPoolTests {
    private static func pool(
        threads: Int = 1, waiting: Int = 1_000, ofOne: Int = 1_000,
        deadlines: Deadlines = Deadlines()
    ) -> BlockingPool {
        BlockingPool(
            .init(threadCount: threads, waitingCount: waiting, waitingCountOfOne: ofOne), deadlines: deadlines)
    }

    private static func client(_ name: String, _ presence: ClientPresence? = nil) -> EdgeClient {
        EdgeClient(name: name, presence: presence)
    }

    /// Holds a thread until it is opened.
    private final class Gate: Sendable {
        private let isOpen = Mutex(false)
        private let entered = AsyncStream<Void>.makeStream()

        func pass() {
            entered.continuation.yield()
            // Threads of the pool may block; there is nothing else that they could wait for.
            while !isOpen.withLock({ $0 }) {}
        }

        func open() { isOpen.withLock { $0 = true } }
        func isEntered() async { await entered.stream.first { _ in true } }
    }

    private final class Order: Sendable {
        let names = Mutex<[String]>([])
    }

    @Test("gives up on overdue calls, running or not, and tells them")
    func deadlines() async throws {
        let deadlines = Deadlines()
        let pool = Self.pool(waiting: 1, deadlines: deadlines)
        let gate = Gate()
        let wasCancelled = Mutex(false)
        let cancellation = Cancellation()
        let running = Task {
            try await pool.run(timeout: .seconds(1), cancellation: cancellation) {
                gate.pass()
                wasCancelled.withLock { $0 = cancellation.isCancelled }
            }
        }
        await gate.isEntered()
        let waiting = Task { try await pool.run(timeout: .seconds(1)) { true } }
        while pool.waitingCount == 0 { await Task.yield() }
        await #expect(throws: Problem.overloaded) { try await pool.run(timeout: .seconds(1)) { true } }
        deadlines.expire(until: .now + .seconds(2))
        await #expect(throws: Problem.timedOut) { try await running.value }
        await #expect(throws: Problem.timedOut) { try await waiting.value }
        gate.open()
        while pool.waitingCount > 0 { await Task.yield() }
        #expect(try await pool.run(timeout: .seconds(1)) { 7 } == 7)
        #expect(wasCancelled.withLock { $0 })
        await pool.shutDown()
    }

    /// What a request holds.
    private final class Body: Sendable {
        let bytes = [UInt8](repeating: 0, count: 8)
    }

    @Test("gives up what an overdue call holds though its turn has not come")
    func overdueBody() async throws {
        let deadlines = Deadlines()
        let pool = Self.pool(deadlines: deadlines)
        let gate = Gate()
        let running = Task { try await pool.run(timeout: .seconds(60)) { gate.pass() } }
        await gate.isEntered()
        weak var body: Body?
        do {
            let made = Body()
            body = made
            let waiting = Task { try await pool.run(timeout: .seconds(1)) { made.bytes.count } }
            while pool.waitingCount == 0 { await Task.yield() }
            deadlines.expire(until: .now + .seconds(2))
            await #expect(throws: Problem.timedOut) { try await waiting.value }
        }
        for _ in 0..<10_000 where body != nil { await Task.yield() }
        #expect(body == nil)
        #expect(pool.waitingCount == 1)
        gate.open()
        try await running.value
        await pool.shutDown()
    }

    @Test("gives up on clients that have gone")
    func gone() async throws {
        let pool = Self.pool()
        let (gate, presence) = (Gate(), ClientPresence())
        let running = Task {
            try await pool.run(for: Self.client("a", presence), timeout: .seconds(60)) { gate.pass() }
        }
        await gate.isEntered()
        let waiting = Task {
            try await pool.run(for: Self.client("a", presence), timeout: .seconds(60)) { Issue.record("for nobody") }
        }
        while pool.waitingCount == 0 { await Task.yield() }
        presence.leave()
        await #expect(throws: Problem.clientGone) { try await running.value }
        await #expect(throws: Problem.clientGone) { try await waiting.value }
        gate.open()
        await pool.shutDown()
    }

    @Test("lets clients take turns, however much one of them asks")
    func turns() async throws {
        let pool = Self.pool(ofOne: 8)
        let gate = Gate()
        let order = Order()
        let first = Task { try await pool.run(for: Self.client("x"), timeout: .seconds(60)) { gate.pass() } }
        await gate.isEntered()
        var calls: [Task<Void, any Error>] = []
        for (count, name) in ["a", "a", "a", "a", "a", "a", "a", "a", "b", "b", "c"].enumerated() {
            calls.append(
                Task {
                    try await pool.run(for: Self.client(name), timeout: .seconds(60)) {
                        order.names.withLock { $0.append(name) }
                    }
                })
            while pool.waitingCount <= count { await Task.yield() }
        }
        await #expect(throws: Problem.tooManyAtOnce) {
            try await pool.run(for: Self.client("a"), timeout: .seconds(60)) {}
        }
        // A response that has begun cannot be refused.
        let continued = Task {
            try await pool.run(for: Self.client("a"), isContinued: true, timeout: .seconds(60)) { 7 }
        }
        while pool.waitingCount <= calls.count { await Task.yield() }
        gate.open()
        try await first.value
        for call in calls { try await call.value }
        #expect(order.names.withLock { $0 } == ["a", "b", "c", "a", "b", "a", "a", "a", "a", "a", "a"])
        #expect(try await continued.value == 7)
        await pool.shutDown()
    }

    @Test("keeps threads free for others")
    func share() async throws {
        let pool = Self.pool(threads: 4)
        let gates = (0..<6).map { _ in Gate() }
        let running = gates.map { gate in
            Task { try await pool.run(for: Self.client("a"), timeout: .seconds(60)) { gate.pass() } }
        }
        while pool.waitingCount != 4 { await Task.yield() }
        #expect(try await pool.run(for: Self.client("b"), timeout: .seconds(60)) { 7 } == 7)
        #expect(pool.waitingCount == 4)
        for gate in gates { gate.open() }
        for call in running { try await call.value }
        await pool.shutDown()
    }

    @Test("lets a client's large jobs wait until it has read what it has, and its small ones and other clients go on")
    func unread() async throws {
        let unsent = UnsentBytes(limit: 1_000, perClient: 100)
        let pool = BlockingPool(
            .init(threadCount: 2, waitingCount: 10, waitingCountOfOne: 10), deadlines: Deadlines(), unsent: unsent)
        let held = unsent.large.hold(150, for: "a")
        let large = Task { try await pool.run(for: Self.client("a"), isLarge: true, timeout: .seconds(60)) { 1 } }
        while pool.waitingCount == 0 { await Task.yield() }
        #expect(try await pool.run(for: Self.client("a"), timeout: .seconds(60)) { 2 } == 2)
        #expect(try await pool.run(for: Self.client("b"), isLarge: true, timeout: .seconds(60)) { 3 } == 3)
        #expect(pool.waitingCount == 1)
        held.release()
        #expect(try await large.value == 1)
        await pool.shutDown()
    }

    @Test("gives up what a job holds when it has run, not later, under its lock")
    func heldByJobs() async throws {
        let unsent = UnsentBytes(limit: 1_000, perClient: 1_000)
        let pool = BlockingPool(
            .init(threadCount: 2, waitingCount: 1_000, waitingCountOfOne: 1_000), deadlines: Deadlines(), unsent: unsent
        )
        try await withThrowingTaskGroup { group in
            for _ in 0..<200 {
                group.addTask {
                    let held = unsent.small.hold(1, for: "a")
                    try await pool.run(for: Self.client("a"), timeout: .seconds(60)) { withExtendedLifetime(held) {} }
                }
            }
            try await group.waitForAll()
        }
        await pool.shutDown()
        #expect(unsent.small.total == 0)
    }

    @Test("tells a client that it has not read what it has, not that the server was slow")
    func unreadTooLong() async throws {
        let (unsent, deadlines) = (UnsentBytes(limit: 100, perClient: 1_000), Deadlines())
        let pool = BlockingPool(
            .init(threadCount: 1, waitingCount: 10, waitingCountOfOne: 10), deadlines: deadlines, unsent: unsent)
        let held = unsent.large.hold(100, for: "others")
        let large = Task { try await pool.run(for: Self.client("a"), isLarge: true, timeout: .seconds(1)) {} }
        while pool.waitingCount == 0 { await Task.yield() }
        deadlines.expire(until: .now + .seconds(2))
        await #expect(throws: Problem.responsesUnread) { try await large.value }
        held.release()
        await pool.shutDown()
    }

    @Test("counts what is held, until it is released or forgotten, and says when")
    func ledger() {
        let ledger = ByteLedger(limit: 100, perClient: 50)
        let count = Mutex(0)
        ledger.whenReleased { count.withLock { $0 += 1 } }
        let first = ledger.hold(30, for: "a")
        #expect(ledger.hasRoom(for: "a"))
        first.add(20)
        #expect(!ledger.hasRoom(for: "a") && ledger.hasRoom(for: "b"))
        do {
            let second = ledger.hold(50, for: "b")
            #expect(!ledger.hasRoom(for: "c"))
            _ = second
        }
        first.release()
        first.release()
        #expect(ledger.total == 0 && ledger.hasRoom(for: "a"))
        #expect(count.withLock { $0 } == 2)
    }

    @Test("takes turns so that nobody is passed over, with any sequence of calls", arguments: 0..<200)
    func fairQueue(seed: Int) {
        var generator = SeededGenerator(seed: seed)
        var queue = FairQueue<Int>()
        let mostAtOnce = Int.random(in: 1...3, using: &generator)
        var (waiting, running): ([String: [Int]], [String: Int]) = ([:], [:])
        var passedOver: [String: Int] = [:]
        for number in 0..<400 {
            let name = ["a", "a", "a", "b", "c"].randomElement(using: &generator) ?? "a"
            switch Int.random(in: 0..<3, using: &generator) {
            case 0:
                queue.append(number, of: .init(client: name, isLarge: number % 2 == 0))
                waiting[name, default: []].append(number)
            case 1:
                let mayRun = waiting.filter { !$0.value.isEmpty && running[$0.key, default: 0] < mostAtOnce }.keys
                guard let (turn, job) = queue.next(.init(ofOne: mostAtOnce), mayRun: { _ in true }) else {
                    #expect(mayRun.isEmpty)
                    continue
                }
                let client = turn.client
                #expect(mayRun.contains(client))
                // The first of its kind.
                let index = waiting[client]?.firstIndex { ($0 % 2 == 0) == turn.isLarge }
                #expect(index.flatMap { waiting[client]?.remove(at: $0) } == job)
                running[client, default: 0] += 1
                for other in mayRun where other != client {
                    passedOver[other, default: 0] += 1
                    // Each of the other two may come before it once with each of its kinds, and once more when it could
                    // not run at its turn.
                    #expect(passedOver[other, default: 0] <= 8)
                }
                passedOver[client] = 0
            default:
                guard running[name, default: 0] > 0 else { continue }
                running[name, default: 0] -= 1
                queue.end(.init(client: name, isLarge: false))
            }
            #expect(queue.waitingCount == waiting.values.reduce(0) { $0 + $1.count })
            for (name, jobs) in waiting { #expect(queue.waitingCount(of: name) == jobs.count) }
        }
    }

    @Test("counts requests of each client by itself, and lets as many in as there is time")
    func rateLimiter() throws {
        #expect(RateLimiter(perSecond: nil, burst: 5) == nil)
        let limiter = try #require(RateLimiter(perSecond: 10, burst: 5))
        let start = ContinuousClock.now
        func count(_ client: String, after milliseconds: Int) -> Int {
            (0..<20).count { _ in limiter.retryDelay(for: client, now: start + .milliseconds(milliseconds)) == nil }
        }
        #expect(count("a", after: 0) == 5)
        #expect(count("b", after: 0) == 5)
        #expect(count("a", after: 99) == 0)
        #expect(count("a", after: 310) == 3)
        #expect(count("a", after: 60_000) == 5)
        let wait = try #require(limiter.retryDelay(for: "a", now: start + .seconds(60)))
        #expect(abs(wait - 0.1) < 1e-6)
    }

    @Test(
        "knows clients by their addresses",
        arguments: [
            ("10.0.0.9", [:], "10.0.0.9"), ("192.0.2.1", ["X-Forwarded-For": "203.0.113.7"], "192.0.2.1"),
            ("10.0.0.9", ["X-Forwarded-For": "203.0.113.7"], "203.0.113.7"),
            ("10.0.0.9", ["X-Forwarded-For": "1.2.3.4, 203.0.113.7, 10.1.1.1"], "203.0.113.7"),
            ("10.0.0.9", ["Forwarded": "for=1.2.3.4, for=\"203.0.113.7:4711\";proto=https"], "203.0.113.7"),
            ("10.0.0.9", ["Forwarded": "for=\"[2001:db8:1:2:3:4:5:6]:80\""], "2001:db8:1:2::/64"),
            ("2001:db8:1:2:ffff::1", [:], "2001:db8:1:2::/64"), ("10.0.0.9", ["Forwarded": "for=_hidden"], "_hidden"),
        ] as [(String, [String: String], String)])
    func clientNames(peer: String, headers: [String: String], name: String) throws {
        let proxies = try IPNetworks("10.0.0.0/8")
        var fields = HTTPFields()
        for (key, value) in headers { fields[try #require(HTTPField.Name(key))] = value }
        #expect(proxies.clientName(fields, peer: try SocketAddress(ipAddress: peer, port: 1)) == name)
    }
}
