import InMemoryLogging
import Logging
import Testing

@testable import HTTPEdge

@Suite("Limits of connections") struct ConnectionLimitsTests {
    private static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private static func open(_ limits: ConnectionLimits, _ client: String?, _ logger: Logger = silent) -> Bool {
        limits.open(client, logger: logger) == nil
    }

    @Test("hold for all clients and for each, but for those that are proxies")
    func counts() {
        let limits = ConnectionLimits(limit: 5, perClient: 2)
        #expect((0..<3).map { _ in Self.open(limits, "a") } == [true, true, false])
        #expect((0..<2).map { _ in Self.open(limits, nil) } == [true, true])
        #expect((0..<2).map { _ in Self.open(limits, "b") } == [true, false])
        limits.close("a")
        #expect(Self.open(limits, "a"))
        #expect(limits.servedCount == 5 && limits.refusalCount == 2)
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
            switch limits.open("a", logger: Logger(label: "test") { _ in log }) {
            case nil: return "served"
            case .problem(let problem): return problem.code
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
