import UnixSignals

/// Runs `body` until SIGINT or SIGTERM, which cancel it.
///
/// - Throws: `CancellationError` after a signal; what `body` throws.
func untilSignal<Result: Sendable>(_ body: @escaping @Sendable () async throws -> Result) async throws -> Result {
    let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
    return try await withThrowingTaskGroup(of: Result?.self) { group in
        group.addTask { try await body() }
        group.addTask {
            for await _ in signals { return nil }
            return nil
        }
        defer { group.cancelAll() }
        while let finished = try await group.next() {
            if let result = finished { return result }
            // The work ends at its next step, and throws.
            group.cancelAll()
        }
        throw CancellationError()
    }
}
