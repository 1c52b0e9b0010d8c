import Dispatch
import Synchronization

/// Loops whose iterations run side by side on several cores.
///
/// The calling thread takes part and is blocked until the end: not to be used from an event loop. Threads take the next
/// iteration when they have done one, so that long and short ones may be mixed.
package enum Parallel {
    /// What other threads than the calling one do.
    package struct Helpers: Sendable {
        let run: @Sendable (() -> Void) -> Void
        let mayGoOn: @Sendable () -> Bool

        /// - Parameters:
        ///   - run: Called by each helper with all of its work.
        ///   - mayGoOn: Asked by a helper before each iteration; one that may not leaves the rest to the others.
        package init(
            run: @escaping @Sendable (() -> Void) -> Void = { $0() },
            mayGoOn: @escaping @Sendable () -> Bool = { true }
        ) {
            self.run = run
            self.mayGoOn = mayGoOn
        }
    }

    /// Runs `body` once for each number below `count`.
    ///
    /// - Parameters:
    ///   - width: Threads at most, the calling one among them.
    ///   - makeWorker: Makes what the iterations of one thread share; called where there is one to be done at least.
    ///   - body: A worker gets its iterations in ascending order.
    /// - Returns: The workers, in no order.
    /// - Throws: What the lowest iteration that fails has thrown; others are not begun then.
    @discardableResult
    package static func forEach<Worker, Failure: Error>(
        _ count: Int, width: Int = coreCount, helpers: Helpers = Helpers(),
        worker makeWorker: @Sendable () throws(Failure) -> Worker,
        body: @Sendable (inout Worker, Int) throws(Failure) -> Void
    ) throws(Failure) -> [Worker] {
        let loop = Loop<Worker, Failure>(count: count)
        @Sendable func work(isHelper: Bool) {
            var worker: Worker?
            while !isHelper || helpers.mayGoOn(), let iteration = loop.next() {
                do throws(Failure) {
                    var current: Worker
                    if let made = worker { current = made } else { current = try makeWorker() }
                    // No second owner, whom copies would be made for.
                    worker = nil
                    try body(&current, iteration)
                    worker = current
                } catch {
                    return loop.fail(error, at: iteration)
                }
            }
            if let worker { loop.finish(worker) }
        }
        let width = min(count, width)
        if width > 1 {
            DispatchQueue.concurrentPerform(iterations: width) { thread in
                if thread == 0 { return work(isHelper: false) }
                helpers.run { work(isHelper: true) }
            }
        } else {
            work(isHelper: false)
        }
        return try loop.result()
    }

    /// - Parameter width: Threads at most, the calling one among them.
    /// - Returns: In the order of `elements`.
    /// - Throws: What `transform` throws for the first element that it throws for.
    package static func map<Element: Sendable, Result: Sendable, Failure: Error>(
        _ elements: [Element], width: Int = coreCount,
        _ transform: @Sendable (Element) throws(Failure) -> Result
    ) throws(Failure) -> [Result] {
        let workers = try forEach(elements.count, width: width) { () throws(Failure) in
            [(Int, Result)]()
        } body: { results, index throws(Failure) in
            results.append((index, try transform(elements[index])))
        }
        var results = [Result?](repeating: nil, count: elements.count)
        for (index, result) in workers.joined() { results[index] = result }
        return results.compactMap { $0 }
    }
}

/// What the threads of a loop share.
///
/// `@unchecked Sendable`: a worker is used by its thread, and by the caller when all threads have ended.
private final class Loop<Worker, Failure: Error>: @unchecked Sendable {
    private struct State {
        var workers: [Worker] = []
        var failure: (iteration: Int, error: Failure)?
    }

    private let count: Int
    private let taken = Atomic(0)
    private let isFailed = Atomic(false)
    private let lock = Mutex(())
    private var state = State()

    init(count: Int) {
        self.count = count
    }

    func next() -> Int? {
        guard !isFailed.load(ordering: .relaxed) else { return nil }
        let iteration = taken.add(1, ordering: .relaxed).oldValue
        return iteration < count ? iteration : nil
    }

    func fail(_ error: Failure, at iteration: Int) {
        isFailed.store(true, ordering: .relaxed)
        lock.withLock { _ in
            if state.failure.map({ iteration < $0.iteration }) ?? true { state.failure = (iteration, error) }
        }
    }

    func finish(_ worker: Worker) {
        lock.withLock { _ in state.workers.append(worker) }
    }

    func result() throws(Failure) -> [Worker] {
        if let failure = state.failure { throw failure.error }
        return state.workers
    }
}
