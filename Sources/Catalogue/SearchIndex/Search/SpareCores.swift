import Parallelism
import Synchronization

/// The machine's cores, and how many of them the searches of this process use.
///
/// A search uses one, that of its thread. Long work in it also uses spare cores, part by part, and releases them at the
/// end of a part when other searches have begun: a later search waits for one part at most, not for the whole.
final class SpareCores: Sendable {
    static let shared = SpareCores(count: Parallel.coreCount)

    /// More of them hardly speed up work of some ten milliseconds.
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

    /// Runs the parts of some work, on further cores where these are spare.
    ///
    /// - Parameters:
    ///   - worker: Called on each thread that has at least one part to do.
    ///   - body: Called once for each part. A worker gets its parts in order.
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
