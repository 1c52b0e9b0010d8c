import Foundation
import Logging
import Synchronization

/// Runs blocking work on its own thread, instead of one of the shared pool of all tasks; pauses after a failure.
///
/// `@unchecked Sendable`: `restingUntil` is used on the queue only.
final class MaintenanceThread: @unchecked Sendable {
    private let queue: DispatchQueue
    private let logger: Logger
    private let isStopping = Atomic(false)
    private var restingUntil: [String: ContinuousClock.Instant] = [:]

    private static let rest = Duration.seconds(5)

    init(_ name: String, logger: Logger) {
        queue = DispatchQueue(label: "terrabyte.catalogue.\(name)", qos: .utility)
        self.logger = logger
    }

    /// A failure is logged and retried later: searches continue meanwhile.
    ///
    /// - Parameter body: Receives a function that returns whether to stop.
    func attempt(_ step: String, _ body: @escaping @Sendable (() -> Bool) throws -> Void) async {
        await withTaskCancellationHandler {
            await onQueue { [self] in
                if let end = restingUntil[step], ContinuousClock.now < end { return }
                run(step) { try body { isStopping.load(ordering: .relaxed) } }
            }
        } onCancel: {
            isStopping.store(true, ordering: .relaxed)
        }
    }

    /// The last step, which does not wait for the end of a pause.
    func finally(_ step: String, _ body: @escaping @Sendable () throws -> Void) async {
        await onQueue { [self] in run(step, body) }
    }

    private func run(_ step: String, _ body: () throws -> Void) {
        do {
            try withLogger(logger) { _ in try body() }
        } catch {
            restingUntil[step] = .now + Self.rest
            logger.error("Catalogue upkeep failed", metadata: ["catalogue.step": "\(step)", "error": "\(error)"])
        }
    }

    private func onQueue(_ body: @escaping @Sendable () -> Void) async {
        await withCheckedContinuation { continuation in
            queue.async {
                body()
                continuation.resume()
            }
        }
    }
}
