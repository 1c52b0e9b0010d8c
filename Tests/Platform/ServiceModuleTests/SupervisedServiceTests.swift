import InMemoryLogging
import Logging
import ServiceLifecycle
import ServiceLifecycleTestKit
import Synchronization
import TestKit
import Testing

@testable import ServiceModule

@Suite("Services of modules") struct SupervisedServiceTests {
    private struct Closure: Service {
        let body: @Sendable () async throws -> Void
        func run() async throws { try await body() }
    }

    private struct Failure: Error {}

    private static func supervised(
        _ name: String = "a", deadline: Duration = .seconds(600), patience: Duration = .seconds(600),
        _ log: InMemoryLogHandler = InMemoryLogHandler(), _ body: @escaping @Sendable () async throws -> Void
    ) -> SupervisedService {
        var service = SupervisedService(
            service: Closure(body: body), name: name, deadline: deadline, logger: Logger(label: "test") { _ in log })
        service.patience = patience
        return service
    }

    @Test("end when their work is done, or has failed")
    func ends() async throws {
        try await Self.supervised {}.run()
        await #expect(throws: Failure.self) { try await Self.supervised { throw Failure() }.run() }
    }

    @Test("stop on request")
    func stops() async throws {
        try await testGracefulShutdown { trigger in
            let service = Self.supervised { try await gracefulShutdown() }
            async let end: Void = service.run()
            trigger.triggerGracefulShutdown()
            try await end
        }
    }

    @Test(
        "are cancelled when they do not stop in time, and left behind when that does not help",
        arguments: [true, false])
    func overdue(heedsCancellation: Bool) async throws {
        let log = InMemoryLogHandler()
        let isReleased = Atomic(false)
        try await testGracefulShutdown { trigger in
            let patience: Duration = heedsCancellation ? .seconds(600) : .milliseconds(10)
            let service = Self.supervised(deadline: .milliseconds(10), patience: patience, log) {
                while !(heedsCancellation && Task.isCancelled), !isReleased.load(ordering: .relaxed) {
                    await Task.yield()
                }
            }
            async let end: Void = service.run()
            trigger.triggerGracefulShutdown()
            try await end
            isReleased.store(true, ordering: .relaxed)
        }
        let messages = log.entries.map(\.message.description)
        #expect(messages == (heedsCancellation ? [] : ["A service did not stop in time"]))
    }

    /// As `ModuleComposition` runs them.
    @Test("stop in the reverse of their order, and one that ends does not stop the others")
    func order() async throws {
        let stopped = Mutex<[String]>([])
        let hasEnded = Atomic(false)
        func lasting(_ name: String) -> SupervisedService {
            Self.supervised(name) {
                try? await gracefulShutdown()
                stopped.withLock { $0.append(name) }
            }
        }
        let services = [
            lasting("first"), Self.supervised("once") { hasEnded.store(true, ordering: .relaxed) }, lasting("last"),
        ]
        var configuration = ServiceGroupConfiguration(
            services: services.map(ModuleComposition.configuration(of:)), logger: Logger(label: "test"))
        configuration.gracefulShutdownSignals = []
        let group = ServiceGroup(configuration: configuration)
        async let end: Void = group.run()
        try await waitUntil("The service has not run.") { hasEnded.load(ordering: .relaxed) }
        #expect(stopped.withLock { $0 } == [])
        await group.triggerGracefulShutdown()
        try await end
        #expect(stopped.withLock { $0 } == ["last", "first"])
    }
}
