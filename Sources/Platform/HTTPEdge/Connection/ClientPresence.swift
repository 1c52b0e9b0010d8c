import Synchronization

/// Whether the client at the other end of a connection is still there.
final class ClientPresence: Sendable {
    private struct State {
        var isGone = false
        var last = 0
        var handlers: [Int: @Sendable () -> Void] = [:]
    }

    private let state = Mutex(State())

    var isGone: Bool { state.withLock { $0.isGone } }

    /// - Parameter handler: Called once, when the client goes; at once when it has gone already.
    /// - Returns: For `release`.
    func whenGone(_ handler: @escaping @Sendable () -> Void) -> Int {
        let (number, isGone) = state.withLock { state in
            state.last += 1
            if !state.isGone { state.handlers[state.last] = handler }
            return (state.last, state.isGone)
        }
        if isGone { handler() }
        return number
    }

    func release(_ number: Int) {
        _ = state.withLock { $0.handlers.removeValue(forKey: number) }
    }

    func leave() {
        let handlers = state.withLock { state in
            state.isGone = true
            defer { state.handlers = [:] }
            return state.handlers.values
        }
        for handler in handlers { handler() }
    }
}
