import Testing

@testable import SearchIndex

@Suite("Sharing processors") struct ProcessorShareTests {
    @Test("does each part once, those of a worker in their order", arguments: [1, 2, 7], [0, 1, 2, 100])
    func parts(processors: Int, parts: Int) {
        let share = SpareCores(count: processors)
        let workers = share.withOne {
            share.run(parts: parts) {
                [Int]()
            } body: { done, part in
                done.append(part)
            }
        }
        #expect(workers.flatMap { $0 }.sorted() == Array(0..<parts))
        #expect(workers.allSatisfy { $0 == $0.sorted() && !$0.isEmpty })
        #expect(workers.count <= processors)
    }

    @Test("borrows none where as many searches run as there are processors")
    func busy() {
        let share = SpareCores(count: 2)
        let workers = share.withOne {
            share.withOne {
                share.run(parts: 50) {
                    0
                } body: { done, _ in
                    done += 1
                }
            }
        }
        #expect(workers == [50])
    }
}
