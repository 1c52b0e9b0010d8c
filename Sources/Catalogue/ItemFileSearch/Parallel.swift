import Dispatch
import STACGeoParquet
import Synchronization

/// Does the same with many things on all processors.
enum Parallel {
    /// - Returns: In the order of `elements`.
    /// - Throws: What `transform` throws for the first element that it throws for.
    static func map<Element: Sendable, Result: Sendable>(
        _ elements: [Element], _ transform: @Sendable (Element) throws(ItemFileSearchError) -> Result
    ) throws(ItemFileSearchError) -> [Result] {
        let work = Work<Result>(count: elements.count)
        let threadCount = min(ProcessorCount.active, elements.count)
        @Sendable func run(_: Int) {
            while let place = work.nextPlace() {
                do throws(ItemFileSearchError) {
                    work.put(try transform(elements[place]), at: place)
                } catch {
                    work.fail(error, at: place)
                }
            }
        }
        if threadCount > 1 {
            DispatchQueue.concurrentPerform(iterations: threadCount, execute: { run($0) })
        } else {
            run(0)
        }
        return try work.results()
    }
}

/// What several threads share.
private final class Work<Result: Sendable>: Sendable {
    private struct State {
        var next = 0
        var results: [Result?]
        var failure: (place: Int, error: ItemFileSearchError)?
    }

    private let count: Int
    private let state: Mutex<State>

    init(count: Int) {
        self.count = count
        state = Mutex(State(results: Array(repeating: nil, count: count)))
    }

    func nextPlace() -> Int? {
        state.withLock { state in
            guard state.next < count, state.failure == nil else { return nil }
            state.next += 1
            return state.next - 1
        }
    }

    func put(_ result: Result, at place: Int) {
        state.withLock { $0.results[place] = result }
    }

    func fail(_ error: ItemFileSearchError, at place: Int) {
        state.withLock { state in
            if state.failure.map({ place < $0.place }) ?? true { state.failure = (place, error) }
        }
    }

    func results() throws(ItemFileSearchError) -> [Result] {
        let state = state.withLock { $0 }
        if let failure = state.failure { throw failure.error }
        return state.results.compactMap { $0 }
    }
}
