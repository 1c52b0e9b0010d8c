import HTTPEdge
import Logging
import Synchronization
import TestKit
import Testing

@testable import ServiceModule

@Suite("The running server") struct RunningServerTests {
    private struct Base: ServiceModule {
        static let name = "base"
        static let summary = "."
        let server: RunningServer

        init(_ context: ModuleContext<Void>) { server = context.server }

        var capabilities: [any Sendable] { [server] }
    }
    private struct Late: ServiceModule {
        static let name = "late"
        static let summary = "."
        static let dependencies = ["base"]
        let isThere = Flag()

        init(_ context: ModuleContext<Void>) {}

        var capabilities: [any Sendable] { [isThere] }
        var readiness: [ReadinessCheck] {
            [ReadinessCheck("late") { [isThere] in isThere.value ? nil : "not there" }]
        }
    }
    private struct Last: ServiceModule {
        static let name = "last"
        static let summary = "."
        static let dependencies = ["late"]
        static let found = Mutex<(server: RunningServer, isThere: Flag)?>(nil)

        init(_ context: ModuleContext<Void>) throws {
            let found = (try context.capability(RunningServer.self), try context.capability(Flag.self))
            Self.found.withLock { $0 = found }
        }
    }
    private final class Flag: Sendable {
        private let flag = Atomic(false)
        var value: Bool { flag.load(ordering: .relaxed) }
        func set() { flag.store(true, ordering: .relaxed) }
    }

    @Test("tells its modules what runs, on which port, and when all of them are ready")
    func tells() async throws {
        var configuration = EdgeConfiguration()
        configuration.port = 0
        let logger = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
        let composition = try ModuleComposition(
            [Last.self, Late.self, Base.self].map { ModuleRegistration($0) }, ["last"],
            edge: EdgeServer(configuration: configuration, operatorToken: nil, logger: logger), home: "/tmp",
            access: .existing, settings: Settings([]))
        let (server, isThere) = try #require(Last.found.withLock { $0 })
        #expect(server.serviceNames == ["base", "late", "last"])
        #expect(server.port == nil && !server.isReady)
        let run = Task { try await composition.run { _ in } }
        try await waitUntil("The server does not listen") { server.port != nil }
        #expect(!server.isReady)
        isThere.set()
        #expect(server.isReady)
        run.cancel()
        _ = await run.result
    }
}
