/// Keys of an issuer, loaded again when a token names one that is not known, and when they have become old.
///
/// An issuer that cannot be reached, or tokens with invented ids, cause at most one load in a minute.
public actor KeySource {
    private let load: @Sendable () async throws -> KeySet
    private let retrySeconds: Double
    private let ageLimitSeconds: Double
    private var keys: KeySet?
    /// Seconds since 1970.
    private var loadedAt = -Double.infinity
    private var triedAt = -Double.infinity
    private var lastError: (any Error)?
    /// A task of its own, since the caller that started it may be cancelled while others wait for it.
    private var loading: Task<KeySet, any Error>?

    /// - Parameters:
    ///   - retrySeconds: Shortest time between two loads.
    ///   - ageLimitSeconds: Keys that are older are loaded again, so that withdrawn ones are noticed. When that fails,
    ///     they are used on.
    ///   - load: Must end by itself: who needs a new key waits for it.
    public init(
        retrySeconds: Double = 60, ageLimitSeconds: Double = 3600, load: @escaping @Sendable () async throws -> KeySet
    ) {
        self.retrySeconds = retrySeconds
        self.ageLimitSeconds = ageLimitSeconds
        self.load = load
    }

    /// The keys, loaded anew if need be, when it is not too early for that.
    ///
    /// - Parameters:
    ///   - header: Of the token that is to be verified; its key is looked for.
    ///   - now: Seconds since 1970.
    /// - Throws: What the last load threw, as long as none has succeeded.
    public func keys(for header: SignatureHeader?, now: Double) async throws -> KeySet {
        if let keys, !isOld(loadedAt, limit: ageLimitSeconds, now: now) {
            guard let header, keys.key(id: header.keyID, algorithm: header.algorithm) == nil else { return keys }
        }
        if loading != nil || isOld(triedAt, limit: retrySeconds, now: now) {
            do {
                return try await reloaded(now: now)
            } catch {
                guard let keys else { throw error }
                return keys
            }
        }
        if let keys { return keys }
        // There was a load, and it failed: otherwise there would be keys, or it would be time for the first.
        throw lastError ?? CancellationError()
    }

    /// Whether the time is `limit` seconds from `now`. Either way, since the clock may have been put back.
    private func isOld(_ time: Double, limit: Double, now: Double) -> Bool { abs(now - time) >= limit }

    private func reloaded(now: Double) async throws -> KeySet {
        if let loading { return try await loading.value }
        let load = self.load
        let task = Task { try await load() }
        loading = task
        triedAt = now
        defer { loading = nil }
        do {
            let loaded = try await task.value
            keys = loaded
            loadedAt = now
            return loaded
        } catch {
            lastError = error
            throw error
        }
    }
}
