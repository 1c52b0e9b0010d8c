import InMemoryLogging
import Logging
import NIOCore
import Synchronization
import Testing

@testable import HTTPEdge

@Suite("Limits of connections") struct ConnectionLimitsTests {
    private static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// - Returns: The connection when it is served, busy at once.
    private static func open(
        _ limits: ConnectionLimits, _ client: String?, isBusy: Bool = true,
        _ giveUp: @escaping @Sendable () -> Void = {}
    ) -> ConnectionLimits.Connection? {
        guard case .served(let connection) = limits.open(client, logger: silent, giveUp: giveUp) else { return nil }
        if isBusy { connection.isServing() }
        return connection
    }

    @Test("hold for all clients and for each, but for those that are proxies")
    func counts() throws {
        let limits = ConnectionLimits(limit: 5, perClient: 2)
        let first = try #require(Self.open(limits, "a"))
        #expect((0..<2).map { _ in Self.open(limits, "a") != nil } == [true, false])
        #expect((0..<2).map { _ in Self.open(limits, nil) != nil } == [true, true])
        #expect((0..<2).map { _ in Self.open(limits, "b") != nil } == [true, false])
        limits.close(first)
        limits.close(first)
        #expect(Self.open(limits, "a") != nil)
        #expect(limits.servedCount == 5 && limits.refusalCount == 2)
    }

    @Test("end the connection that has waited longest for a request, of the same client where that has too many")
    func room() throws {
        let limits = ConnectionLimits(limit: 5, perClient: 3)
        let ended = Mutex<[String]>([])
        func open(_ client: String, _ name: String) -> ConnectionLimits.Connection? {
            Self.open(limits, client, isBusy: false) { ended.withLock { $0.append(name) } }
        }
        let connections = ["a1", "b1", "a2", "a3", "b2"].map { open(String($0.prefix(1)), $0) }
        for (time, connection) in connections.enumerated() {
            connection?.isWaiting(since: .uptimeNanoseconds(UInt64(time)))
        }
        connections[0]?.isServing()
        // More than one client may have; then more than all may have.
        #expect(open("a", "a4") != nil)
        #expect(open("c", "c1") != nil)
        #expect(ended.withLock { $0 } == ["a2", "b1"])
        #expect(limits.servedCount == 5 && limits.refusalCount == 0)
        // A connection that has been ended no longer counts, also when it closes.
        if let connection = connections[2] { limits.close(connection) }
        #expect(limits.servedCount == 5)
    }

    @Test(
        "leave descriptors for files",
        arguments: [(64, 24, 16), (1_024, 24, 976), (1_000_000, 24, 4_096), (30, 24, 1)])
    func descriptors(limit: Int, open: Int, connections: Int) {
        let limits = ConnectionLimits(limit: 4_096, perClient: 10)
        limits.adapt(toDescriptors: limit, open: open)
        #expect(limits.limit == connections)
    }

    @Test("tell a few at once that they are too many, and close the others without a word; the log has one line")
    func refusals() {
        let log = InMemoryLogHandler()
        let limits = ConnectionLimits(limit: 2, perClient: 10)
        let gate = ConnectionGate(limits: limits)
        let refusals = (0..<20).map { _ -> String in
            gate.connectionOpened()
            switch limits.open("a", logger: Logger(label: "test", factory: { _ in log }), giveUp: {}) {
            case .served(let connection):
                connection.isServing()
                return "served"
            case .refused(let problem): return problem.code
            case .silent: return "closed"
            }
        }
        let told = [String](repeating: "TooManyConnections", count: 8)
        #expect(refusals == ["served", "served"] + told + [String](repeating: "closed", count: 10))
        #expect(!gate.isAcceptingNewConnections())
        for _ in 0..<15 { gate.connectionClosed() }
        #expect(gate.isAcceptingNewConnections())
        #expect(log.entries.map(\.message) == ["Connections are refused"])
    }
}
