import JSON
import TestKit
import Testing

@testable import SearchIndex

@Suite("Merging terms") struct TermMergeTests {
    @Test("gives what counting each row gives", arguments: TestRounds.seeds(20))
    func bruteForce(seed: Int) throws {
        var random = SeededGenerator(seed: 43_000 + seed)
        var counts: [String: Int] = ["false": 2]
        var sources: [TermSource] = []
        // Each value once, as identifiers; or many values, or few; of which segments have the same or others. Of many
        // strings, hash values are kept.
        let (kind, values) = (random.integer(0...2), random.pick([5, 60, 2_000, 10_000]))
        let most = seed % 4 == 0 ? 2_500 : 200
        for segment in 0..<random.integer(1...4) {
            let count = random.integer(1...most)
            let terms = (0..<count).map { row in
                switch kind {
                case 0: "S2A_\(segment)_\(1_000 + row)"
                case 1: "S2A_\(1_000 + row)_\(segment % 2)"
                default: random.pick(["", "S2A_", "true", "fals", "ä"]) + "\(random.integer(0...values))"
                }
            }
            var batch = ColumnBatch()
            for (row, term) in terms.enumerated() {
                let item = SmallCatalogue.item("\(row)", "\"s\":\"\(term)\"")
                try JSONReader().read(Array(item.utf8)) { try batch.append(item: $0) }
            }
            let built = Segment(batch, rows: Array(0..<count))
            let part = try #require(built.columns[ColumnName("s")]?.string)
            var wanted = Bitmap(count: count, filled: true)
            let share = random.pick([5, 50])
            if random.chance(50) { for row in 0..<count { wanted[row] = random.chance(share) } }
            let isAll = wanted.population == count
            sources.append(
                TermSource(
                    .init(
                        part: part,
                        rows: MatchingRows(isAll ? .all : .rows(wanted), of: built, collection: "alpha"))))
            // All have one place and time: rows stand as they came.
            for row in 0..<count where wanted[row] { counts[terms[row], default: 0] += 1 }
        }
        let expected = counts.sorted {
            $0.value != $1.value ? $0.value > $1.value : $0.key.utf8.lexicographicallyPrecedes($1.key.utf8)
        }
        for limit in [1, 10, 100, 10_000] {
            // With fewer bits of hash values different strings share one.
            for (blocks, mask, processors) in [
                (1, UInt64.max, 1), (1, .max, 4), (3, 0xf, 4), (128, .max, 4), (128, 0xff << 56, 1), (512, 0, 4),
            ] {
                let merge = TermMerge(
                    sources, extras: [(Array("false".utf8), 2)], limit: limit, blocksAtOnce: blocks, hashMask: mask,
                    processors: SpareCores(count: processors))
                let found = merge.mostFrequent()
                let isSame = found.elementsEqual(expected.prefix(limit)) { $0.term == $1.key && $0.count == $1.value }
                #expect(
                    isSame, "limit \(limit), \(blocks) blocks, mask \(mask), \(processors) processors, seed \(seed)")
            }
        }
    }
}
