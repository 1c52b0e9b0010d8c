import TestKit
import Testing

@testable import SearchIndex

@Suite("The most frequent") struct MostFrequentTests {
    @Test("are those that sorting all gives", arguments: [(1, 3), (10, 2), (10, 1), (50, 40), (1_000, 5)])
    func sorted(limit: Int, frequencies: Int) {
        var random = SeededGenerator(seed: limit)
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

    @Test("of two parts are those of both", arguments: [1, 10, 100])
    func merged(limit: Int) {
        var random = SeededGenerator(seed: 700 + limit)
        var parts = [MostFrequent(limit), MostFrequent(limit)]
        var all = MostFrequent(limit)
        for number in 0..<20 * limit {
            let count = random.integer(1...3)
            parts[random.integer(0...1)].offer(count, UInt64(number))
            all.offer(count, UInt64(number))
        }
        parts[0].add(parts[1])
        #expect(parts[0].sorted().elementsEqual(all.sorted()) { $0.count == $1.count && $0.order == $1.order })
    }

    @Test("set a bar as sorting does", arguments: [1, 2, 30])
    func bar(limit: Int) {
        var random = SeededGenerator(seed: 800 + limit)
        var frequencies: [Int] = []
        var bar = FrequencyBar(limit: limit)
        for _ in 0..<400 {
            frequencies.append(random.integer(1...random.pick([2, 40, 4_000])))
            bar.add(frequencies[frequencies.count - 1])
            let sorted = frequencies.sorted(by: >)
            #expect(bar.bar == (sorted.count >= limit ? sorted[limit - 1] : 0))
        }
        // Beyond a frequency, none is told from another.
        for _ in 0..<limit { bar.add(1 << 40) }
        #expect(bar.bar == 4_095)
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
