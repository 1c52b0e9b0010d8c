import Parallelism
import Synchronization

/// The machine's processors, and how many of them the searches of this process use.
///
/// A search has one, that of its thread. Long work in it borrows those that no search uses, part by part, and gives them
/// back at the end of a part when others have begun: who comes later waits for one part at most, not for the whole.
final class SpareCores: Sendable {
    static let shared = SpareCores(count: Parallel.coreCount)

    /// More of them hardly make work of some ten milliseconds shorter.
    private static let mostAtOnce = 8

    private let count: Int
    private let busyCount = Atomic(0)

    init(count: Int) {
        self.count = max(1, count)
    }

    /// Runs a search.
    func withOne<Result>(_ body: () throws -> Result) rethrows -> Result {
        busyCount.add(1, ordering: .relaxed)
        defer { busyCount.subtract(1, ordering: .relaxed) }
        return try body()
    }

    /// Runs the parts of some work, on more than the own processor where others are free.
    ///
    /// - Parameters:
    ///   - worker: Called where there is at least one part to be done.
    ///   - body: Called once for each part. A worker is given its parts in their order.
    /// - Returns: The workers, in no order.
    func run<Worker: Sendable>(
        parts: Int, worker makeWorker: @Sendable () -> Worker, body: @Sendable (inout Worker, Int) -> Void
    ) -> [Worker] {
        let free = count - busyCount.load(ordering: .relaxed)
        let helpers = Parallel.Helpers { [self] work in
            withOne(work)
        } mayGoOn: { [self] in
            busyCount.load(ordering: .relaxed) <= count
        }
        return Parallel.forEach(
            parts, width: min(1 + free, Self.mostAtOnce), helpers: helpers, worker: makeWorker, body: body)
    }
}
