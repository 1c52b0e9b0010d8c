import Logging
public import SQLDatabase
import Synchronization

/// A lease while work is done under it: renews it, and knows when it has been lost.
///
/// It counts as lost when the database says so, or a tenth of its duration before the database lets others have it: the
/// work needs time to stop, and clocks do not go at the same rate.
public final class LeaseKeeper: Sendable {
    /// `nil`: of a database that one process has for itself, in which there is nothing to lose.
    public let lease: Lease?
    private let database: Database?
    private let duration: Duration
    private let logger: Logger
    private let state: Mutex<State>

    private struct State {
        /// By a clock that goes on while the machine sleeps, and that nobody sets.
        var end: ContinuousClock.Instant
        var isLost = false
        var isStopping = false
    }

    /// - Parameter start: Before the lease was taken.
    init(
        _ lease: Lease, in database: Database, for duration: Duration, since start: ContinuousClock.Instant,
        _ logger: Logger
    ) {
        self.lease = lease
        self.database = database
        self.duration = duration
        self.logger = logger
        state = Mutex(State(end: start + Self.validity(of: duration)))
    }

    /// Of work that nobody else can do.
    init(alone logger: Logger) {
        lease = nil
        database = nil
        duration = .zero
        self.logger = logger
        state = Mutex(State(end: .now))
    }

    private static func validity(of duration: Duration) -> Duration { duration * 9 / 10 }

    /// Whether the work must end: the lease has been lost, or the server stops. Costs nothing.
    public var isCancelled: Bool { state.withLock { $0.isStopping } || isLost }

    /// Until it counts as lost, unless it is renewed. Not negative.
    public var remaining: Duration {
        guard lease != nil else { return .seconds(Int64.max) }
        return state.withLock { $0.isLost ? .zero : max(.zero, ContinuousClock.now.duration(to: $0.end)) }
    }

    var isLost: Bool { remaining == .zero }

    /// Asks the database whether the lease is still held, before something that cannot be undone. Blocks the calling
    /// thread.
    ///
    /// - Throws: `LeaseLost`; `CancellationError` when the server stops.
    public func check() throws {
        if state.withLock({ $0.isStopping }) { throw CancellationError() }
        guard let lease, let database else { return }
        let start = ContinuousClock.now
        let limit = remaining
        guard limit > .zero else { throw LeaseLost(name: lease.name) }
        let duration = duration
        do {
            let renewed = try database.write(.readCommitted, timeout: limit) {
                try $0.renewLease(lease, for: duration)
            }
            note(renewed, since: start)
        } catch {
            logger.warning("A lease cannot be checked", metadata: metadata(error))
            throw LeaseLost(name: lease.name)
        }
        guard !isLost else { throw LeaseLost(name: lease.name) }
    }

    /// Renews the lease until the task is cancelled or the lease is lost.
    func keep() async {
        guard let lease, let database else { return }
        let duration = duration
        var pause = duration / 3
        while !isLost {
            // No longer than until it is lost, so that this is logged then.
            do { try await Task.sleep(for: min(pause, remaining)) } catch { return }
            let start = ContinuousClock.now
            let limit = min(remaining, duration / 3)
            guard limit > .zero else { break }
            do {
                let renewed = try await database.write(.readCommitted, timeout: limit) {
                    try $0.renewLease(lease, for: duration)
                }
                note(renewed, since: start)
                pause = duration / 3
            } catch {
                guard !Task.isCancelled else { return }
                logger.warning("A lease cannot be renewed", metadata: metadata(error))
                pause = duration / 12
            }
        }
        logger.warning("A lease was lost, and its work is ended", metadata: ["lease.name": "\(lease.name)"])
    }

    /// - Parameters:
    ///   - renewed: `nil`: somebody else may have it.
    ///   - start: Before the transaction that has renewed it, and so before its time in the database begins.
    private func note(_ renewed: Lease?, since start: ContinuousClock.Instant) {
        let end = start + Self.validity(of: duration)
        state.withLock { state in
            if renewed == nil { state.isLost = true }
            // One that came too late does not bring it back: the work may have begun to stop.
            if state.end <= ContinuousClock.now { state.isLost = true }
            state.end = max(state.end, end)
        }
    }

    /// From now on the work is to end.
    func stop() { state.withLock { $0.isStopping = true } }

    private func metadata(_ error: any Error) -> Logger.Metadata {
        ["lease.name": "\(lease?.name ?? "")", "error": "\(error)"]
    }
}

/// The lease was lost while its work was being done: another node may do it now.
public struct LeaseLost: Error, CustomStringConvertible {
    let name: String

    public var description: String { "The lease '\(name)' was lost, so the work under it was ended." }
}
