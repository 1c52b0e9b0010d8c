import HTTPEdge
import Logging
import ServiceLifecycle

/// Notifies the system when the server is ready and when it stops.
struct ReadinessWatch: Service {
    let checks: [ReadinessCheck]
    let edge: EdgeServer
    let notifier: SystemdNotifier?

    private static let pace = Duration.milliseconds(50)

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            while !(try await isReady()) { try await Task.sleep(for: Self.pace) }
            edge.logger.info("Ready")
            notifier?.send("READY=1")
        }
        try? await gracefulShutdown()
        notifier?.send("STOPPING=1")
    }

    private func isReady() async throws -> Bool {
        let checks = checks
        return try await edge.monitors.run(timeout: edge.configuration.requestTimeout) {
            checks.allSatisfy { $0.missing() == nil }
        }
    }
}
