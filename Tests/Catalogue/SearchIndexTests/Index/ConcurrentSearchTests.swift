import JSON
import STACAPI
import SearchIndex
import Synchronization
import TestKit
import Testing

@Suite("Searches while the index changes") struct ConcurrentSearchTests {
    private static let key = IndexChanges.Key(number: 1, id: "alpha")
    private static let steadyCount = 120

    private let directory: TemporaryDirectory
    private let index: ItemIndex
    private let isDone = Flag()

    init() throws {
        directory = try TemporaryDirectory()
        var configuration = ItemIndex.Configuration()
        configuration.segmentRows = 64
        configuration.bulkRows = 24
        configuration.looseSegments = 2
        index = try ItemIndex(path: directory.path, storeID: "store", configuration: configuration)
    }

    private static func text(_ id: String, _ random: inout SeededGenerator) -> String {
        let day = random.integer(10...28)
        return """
            {"id":"\(id)","geometry":{"type":"Point","coordinates":[\(random.integer(-180...180)),0]},
            "properties":{"datetime":"2020-01-\(day)T00:00:00Z","n":\(random.integer(0...5))}}
            """
    }

    /// Puts Items, each in place of the version given with it.
    private func put(
        _ items: [(id: String, replaced: Int64?)], at first: Int64, _ random: inout SeededGenerator
    ) throws {
        var changes = IndexChanges(after: first - 1)
        var batch = ColumnBatch()
        let sequences = items.indices.map { first + Int64($0) }
        for (item, sequence) in zip(items, sequences) {
            try JSONReader().read(Array(Self.text(item.id, &random).utf8)) { try batch.append(item: $0) }
            if let replaced = item.replaced { changes.remove(replaced, from: Self.key.number, at: sequence) }
        }
        changes.put(batch, rows: 0..<batch.count, sequences: sequences, in: Self.key)
        try index.apply(changes)
    }

    @Test("steady Items appear exactly once in every paging")
    func steadyItems() async throws {
        var random = SeededGenerator(seed: 1)
        try put((0..<Self.steadyCount).map { ("steady-\($0)", nil) }, at: 1, &random)
        let rounds = TestRounds.count(60)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { isDone.set() }
                try await change(rounds: rounds)
            }
            group.addTask { try await keep() }
            for (number, keys) in [[], [SortKey("n"), SortKey("datetime")], [SortKey("id", .descending)]].enumerated() {
                group.addTask { try await page(by: keys, limit: 7 + 10 * number) }
            }
            try await group.waitForAll()
        }
        let all = try forward([], limit: 1_000)
        #expect(index.count(collection: Self.key.number) == all.count)
    }

    /// Writes, replaces and removes other Items.
    private func change(rounds: Int) async throws {
        var random = SeededGenerator(seed: 2)
        var current: [String: Int64] = [:]
        var sequence = index.appliedSequence + 1
        for _ in 0..<rounds {
            // There may be fewer threads than tasks.
            await Task.yield()
            if random.chance(30), let gone = current.randomElement() {
                var changes = IndexChanges(after: sequence - 1)
                changes.remove(gone.value, from: Self.key.number, at: sequence)
                try index.apply(changes)
                current[gone.key] = nil
                sequence += 1
                continue
            }
            let count = random.chance(10) ? 30 : random.integer(1...5)
            let ids = Set((0..<count).map { _ in "moving-\(random.integer(0...90))" }).sorted()
            try put(ids.map { ($0, current[$0]) }, at: sequence, &random)
            for (offset, id) in ids.enumerated() { current[id] = sequence + Int64(offset) }
            sequence += Int64(ids.count)
        }
        let expected = Self.steadyCount + current.count
        #expect(index.count(collection: Self.key.number) == expected)
        #expect(index.appliedSequence == sequence - 1)
    }

    private func keep() async throws {
        while !isDone.isSet {
            try index.checkpoint()
            while try index.mergeOnce() {}
            await Task.yield()
        }
    }

    private func page(by keys: [SortKey], limit: Int) async throws {
        repeat {
            expectSteady(try forward(keys, limit: limit))
            expectSteady(try backward(keys, limit: limit))
            await Task.yield()
        } while !isDone.isSet
    }

    private func expectSteady(_ ids: [String]) {
        let steady = ids.filter { $0.hasPrefix("steady-") }
        #expect(steady.count == Self.steadyCount)
        #expect(Set(steady).count == Self.steadyCount)
    }

    /// The ids on all pages.
    private func forward(_ keys: [SortKey], limit: Int) throws -> [String] {
        var request = SearchRequest(sortBy: keys, limit: limit)
        var ids: [String] = []
        repeat {
            let outcome = try index.search(request) { _, _ in }
            ids += outcome.hits.map(\.id)
            request.cursor = outcome.next
        } while request.cursor != nil
        return ids
    }

    private func backward(_ keys: [SortKey], limit: Int) throws -> [String] {
        // A place behind every Item, whatever is written.
        let end = SearchCursor(.backward, SortKey.effective(keys).map { _ in .missing })
        var request = SearchRequest(sortBy: keys, limit: limit, cursor: end)
        var ids: [String] = []
        while request.cursor != nil {
            let outcome = try index.search(request) { _, _ in }
            ids += outcome.hits.map(\.id)
            request.cursor = outcome.previous
        }
        return ids
    }
}

/// Set once, from another task.
private final class Flag: Sendable {
    private let value = Mutex(false)

    var isSet: Bool { value.withLock { $0 } }

    func set() { value.withLock { $0 = true } }
}
