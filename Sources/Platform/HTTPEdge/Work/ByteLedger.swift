import Synchronization

/// Bytes in memory for clients, of all and of each: unsent responses, or bodies that have not been read to their end.
final class ByteLedger: Sendable {
    private struct State {
        var total = 0
        var byClient: [String: Int] = [:]
        var onRelease: [@Sendable () -> Void] = []
    }

    private let limit: Int
    private let limitPerClient: Int
    private let state = Mutex(State())

    init(limit: Int, perClient: Int) {
        self.limit = limit
        limitPerClient = perClient
    }

    /// Called whenever bytes are given back.
    func whenReleased(_ handler: @escaping @Sendable () -> Void) {
        state.withLock { $0.onRelease.append(handler) }
    }

    var total: Int { state.withLock { $0.total } }

    /// Whether a client may have more.
    ///
    /// - Parameter factor: By which the limits may be exceeded.
    func hasRoom(for client: String, factor: Int = 1) -> Bool {
        state.withLock { $0.total < limit * factor && $0.byClient[client] ?? 0 < limitPerClient * factor }
    }

    /// Whether a client has all that one may have.
    func isExhausted(by client: String) -> Bool {
        state.withLock { $0.byClient[client] ?? 0 >= limitPerClient }
    }

    /// Counts bytes, whether there is room or not.
    func hold(_ byteCount: Int, for client: String) -> Holding {
        let holding = Holding(self, client)
        holding.add(byteCount)
        return holding
    }

    fileprivate func change(_ byteCount: Int, _ client: String) {
        let handlers = state.withLock { state -> [@Sendable () -> Void] in
            state.total += byteCount
            let count = (state.byClient[client] ?? 0) + byteCount
            state.byClient[client] = count > 0 ? count : nil
            return byteCount < 0 ? state.onRelease : []
        }
        for handler in handlers { handler() }
    }

    /// Bytes that are counted until they are released.
    final class Holding: Sendable {
        private let ledger: ByteLedger
        private let client: String
        private let byteCount = Mutex(0)

        fileprivate init(_ ledger: ByteLedger, _ client: String) {
            self.ledger = ledger
            self.client = client
        }

        func add(_ count: Int) {
            guard count > 0 else { return }
            // In this order, so that no release takes away what the ledger does not have yet.
            ledger.change(count, client)
            byteCount.withLock { $0 += count }
        }

        func release() {
            let count = byteCount.withLock { count in
                defer { count = 0 }
                return count
            }
            if count > 0 { ledger.change(-count, client) }
        }

        deinit { release() }
    }
}

/// Responses that clients have not read. Large ones are counted apart, so that a client which does not read those can
/// still have small ones.
struct UnsentBytes: Sendable {
    let large, small: ByteLedger

    init(limit: Int, perClient: Int) {
        large = ByteLedger(limit: limit, perClient: perClient)
        small = ByteLedger(limit: limit, perClient: perClient)
    }

    subscript(isLarge isLarge: Bool) -> ByteLedger { isLarge ? large : small }
}
