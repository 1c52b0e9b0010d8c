import Parallelism
import Synchronization
import Testing

@Suite("A loop on several cores") struct ParallelTests {
    private struct Failure: Error, Equatable { let iteration: Int }

    @Test("does each iteration once, those of a worker in their order", arguments: [0, 1, 2, 7], [0, 1, 2, 1000])
    func iterations(width: Int, count: Int) {
        let workers = Parallel.forEach(count, width: width) {
            [Int]()
        } body: { done, iteration in
            done.append(iteration)
        }
        #expect(workers.joined().sorted() == Array(0..<count))
        #expect(workers.allSatisfy { $0 == $0.sorted() && !$0.isEmpty })
        #expect(workers.count <= max(1, width))
    }

    @Test("throws what the lowest iteration that fails has thrown", arguments: 1...4)
    func failure(width: Int) {
        let begun = Counter()
        @Sendable func body(_: inout Int, iteration: Int) throws(Failure) {
            begun.value.add(1, ordering: .relaxed)
            if iteration >= 50 { throw Failure(iteration: iteration) }
        }
        let error = #expect(throws: Failure.self) {
            try Parallel.forEach(100_000, width: width, worker: { () throws(Failure) in 0 }, body: body)
        }
        #expect(error == Failure(iteration: 50))
        #expect(begun.value.load(ordering: .relaxed) < 100_000)
    }

    @Test("throws what cannot make a worker")
    func workerFailure() {
        @Sendable func makeWorker() throws(Failure) -> Int { throw Failure(iteration: -1) }
        @Sendable func body(_: inout Int, _: Int) throws(Failure) { Issue.record("There is no worker") }
        #expect(throws: Failure(iteration: -1)) {
            try Parallel.forEach(10, worker: makeWorker, body: body)
        }
    }

    @Test("leaves the rest to the calling thread when helpers may not go on")
    func helpers() {
        let (asked, running) = (Counter(), Counter())
        let helpers = Parallel.Helpers { work in
            running.value.add(1, ordering: .relaxed)
            work()
            running.value.subtract(1, ordering: .relaxed)
        } mayGoOn: {
            asked.value.add(1, ordering: .relaxed)
            return false
        }
        let workers = Parallel.forEach(100, width: 4, helpers: helpers) {
            0
        } body: { done, _ in
            done += 1
        }
        #expect(workers == [100])
        #expect(running.value.load(ordering: .relaxed) == 0)
        #expect(asked.value.load(ordering: .relaxed) <= 3)
    }

    @Test("maps elements to results in their order")
    func map() {
        let numbers = Array(0..<1000)
        #expect(Parallel.map(numbers) { $0 * $0 } == numbers.map { $0 * $0 })
        #expect(Parallel.map([Int]()) { $0 } == [])
        #expect(Parallel.map([1, 2, 3], width: 1) { $0 % 2 == 0 ? nil : $0 } == [1, nil, 3])
        @Sendable func transform(_ number: Int) throws(Failure) -> Int {
            if number >= 3 { throw Failure(iteration: number) }
            return number
        }
        #expect(throws: Failure(iteration: 3)) { try Parallel.map(numbers, transform) }
    }
}

private final class Counter: Sendable {
    let value = Atomic(0)
}
