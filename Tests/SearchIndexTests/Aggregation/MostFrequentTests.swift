import Testing

@testable import SearchIndex

@Suite("The most frequent") struct MostFrequentTests {
    @Test("are those that sorting all gives", arguments: [(1, 3), (10, 2), (10, 1), (50, 40), (1_000, 5)])
    func sorted(limit: Int, frequencies: Int) {
        var random = SplitMix64(seed: limit)
        for count in [0, 1, limit, limit + 1, 4 * limit, 20 * limit] {
            var best = MostFrequent(limit)
            var all: [MostFrequent.Entry] = []
            // 7,919 is a prime: each order once.
            for number in 0..<count { all.append((random.integer(1...frequencies), UInt64(number * 7_919 % 100_003))) }
            for entry in all { best.offer(entry.count, entry.order) }
            all.sort { $0.count != $1.count ? $0.count > $1.count : $0.order < $1.order }
            #expect(best.sorted().elementsEqual(all.prefix(limit)) { $0.count == $1.count && $0.order == $1.order })
        }
    }

    @Test("have at least a frequency, also a large one")
    func least() {
        #expect(leastFrequency([], 1) == 0)
        #expect(leastFrequency([3, 1, 2], 2) == 2)
        #expect(leastFrequency([3, 1, 2], 4) == 0)
        #expect(leastFrequency([5_000, 9_000, 7_000, 1], 2) == 7_000)
        #expect(leastFrequency([5_000, 9_000, 7_000, 1], 4) == 1)
    }

    @Test("keys of a table keep their counts when it grows and is emptied")
    func table() {
        var table = FrequencyTable(capacity: 1)
        for round in 1...2 {
            for key in 0..<10_000 as Range<UInt64> { table.add(Int(key % 3), to: key << 32) }
            (0..<10_000 as Range<UInt64>).map { $0 << 32 }.withUnsafeBufferPointer { table.add($0) }
            #expect(table.count == 10_000, "round \(round)")
            #expect((0..<table.count).allSatisfy { table[$0].count == Int(table[$0].key >> 32 % 3) + 1 })
            #expect(table.contains(5 << 32) && !table.contains(5))
            table.removeAll()
            #expect(table.count == 0 && !table.contains(5 << 32))
        }
    }
}
