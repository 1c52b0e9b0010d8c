import Dispatch
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The machine's processors, and how many of them the searches of this process use.
///
/// A search has one, that of its thread. Long work in it borrows those that no search uses, part by part, and gives them
/// back at the end of a part when others have begun: who comes later waits for one part at most, not for the whole.
final class SpareCores: Sendable {
    static let shared = SpareCores(count: Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))

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
        let next = Atomic(0)
        let workers = Mutex<[Worker]>([])
        @Sendable func work(isBorrowed: Bool) {
            var worker: Worker?
            while !isBorrowed || busyCount.load(ordering: .relaxed) <= count {
                let part = next.add(1, ordering: .relaxed).oldValue
                guard part < parts else { break }
                var current = worker ?? makeWorker()
                // No second owner, whom copies would be made for.
                worker = nil
                body(&current, part)
                worker = current
            }
            if let worker { workers.withLock { $0.append(worker) } }
        }
        let free = count - busyCount.load(ordering: .relaxed)
        let width = min(parts, 1 + free, Self.mostAtOnce)
        if width > 1 {
            DispatchQueue.concurrentPerform(iterations: width) { place in
                if place == 0 { return work(isBorrowed: false) }
                withOne { work(isBorrowed: true) }
            }
        } else {
            work(isBorrowed: false)
        }
        return workers.withLock { $0 }
    }
}
