import ServiceLifecycle
import UnixSignals

/// Takes SIGHUP, which would end the process, as the wish to read the configuration again.
struct ReloadWatch: Service {
    let onReload: @Sendable () async -> Void

    func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() { await onReload() }
    }
}
