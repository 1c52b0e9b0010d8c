import Identity
import Logging
import Mail
import ServiceLifecycle
import Temporal

/// Tells people by mail that their accounts are about to end. Each warning is sent once, by whichever node comes first.
struct EndWarnings: Service {
    let store: IdentityStore
    let mail: MailServer
    /// Before the end.
    let days: [Int]
    let logger: Logger

    /// How often it is looked for.
    private static let interval = Duration.seconds(600)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await send()
                } catch is CancellationError {
                    return
                } catch {
                    logger.warning("Warnings before the end of accounts failed", metadata: ["error": "\(error)"])
                }
                try? await Task.sleep(for: Self.interval)
            }
        }
    }

    /// Sends what is due. Of a warning that could not be sent, another attempt is made the next time.
    func send() async throws {
        for warning in try await store.dueEndWarnings(days: days) {
            guard let address = MailAddress(warning.email) else { continue }
            guard try await store.claim(warning) else { continue }
            let day = String(warning.end.description.prefix(10))
            do {
                try await mail.send(
                    .end(to: address, name: warning.account, day: day, sponsor: warning.sponsor),
                    at: try await store.now())
            } catch {
                try await store.release(warning)
                logger.warning(
                    "Mail was not sent", metadata: ["account": "\(warning.account)", "error": "\(error)"])
            }
        }
    }
}
