import ServiceLifecycle
import UnixSignals

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Takes SIGHUP, which would end the process, as the wish to read the configuration again.
struct ReloadWatch: Service {
    let onReload: @Sendable () async -> Void

    func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() { await onReload() }
    }
}

/// Ignores SIGHUP until a server can take it: opening a catalogue may take a while.
public func ignoreHangup() {
    _ = signal(SIGHUP, SIG_IGN)
}
