import Logging
import ServiceLifecycle

/// A service that has a limited time to stop: one that does not heed it is cancelled, and if it does not heed that,
/// left behind, so that those that stop after it get their turn.
struct SupervisedService: Service {
    let service: any Service
    /// Of its module.
    let name: String
    /// Measured from the signal to stop.
    let deadline: Duration
    let logger: Logger

    /// How long a service that has been cancelled is waited for.
    var patience = Duration.seconds(1)

    private enum Outcome: Sendable {
        case ended(Result<Void, any Error>)
        case overdue
    }

    func run() async throws {
        let (outcomes, continuation) = AsyncStream<Outcome>.makeStream()
        // Not a child: a child that does not end would be waited for.
        let work = Task { try await service.run() }
        Task { continuation.yield(.ended(await work.result)) }
        let outcome = await withTaskCancellationHandler {
            await withGracefulShutdownHandler {
                await outcomes.first { _ in true }
            } onGracefulShutdown: {
                Task {
                    try await Task.sleep(for: deadline)
                    work.cancel()
                    try await Task.sleep(for: patience)
                    continuation.yield(.overdue)
                }
            }
        } onCancel: {
            work.cancel()
        }
        switch outcome {
        case .ended(.failure(let error)) where !(error is CancellationError):
            logger.error("A service has failed", metadata: ["service": "\(name)", "error": "\(error)"])
            throw error
        case .overdue: logger.error("A service did not stop in time", metadata: ["service": "\(name)"])
        case .ended, nil: break
        }
    }
}
