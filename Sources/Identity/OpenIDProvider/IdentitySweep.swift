import Identity
import Logging
import ServiceLifecycle

/// Deletes what has ended, and replaces signing keys that have become old, once an hour.
struct IdentitySweep: Service {
    static let interval = Duration.seconds(3_600)

    let store: IdentityStore
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                // Tables are made by another service; where that is slow, the next time comes.
                try? await Task.sleep(for: .seconds(60))
                guard !Task.isCancelled else { return }
                do {
                    try await store.sweep()
                } catch is CancellationError {
                    return
                } catch {
                    // Expired entries are harmless; the database's own checks report that it is away.
                    logger.warning("Expired sign-ins could not be deleted", metadata: ["error": "\(error)"])
                }
                try? await Task.sleep(for: Self.interval)
            }
        }
    }
}
