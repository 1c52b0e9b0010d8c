import TestKit
import Testing

@testable import SearchIndex

@Suite("Bitmap") struct BitmapTests {
    static let counts = [0, 1, 2, 63, 64, 65, 127, 128, 129, 200]

    @Test("agrees with a set of integers", arguments: counts)
    func agrees(count: Int) {
        var random = SeededGenerator(seed: count)
        for _ in 0..<50 {
            var bitmaps = [Bitmap(count: count), Bitmap(count: count)]
            var sets: [Set<Int>] = [[], []]
            for which in 0..<2 {
                for _ in 0..<random.integer(0...6) where count > 0 {
                    let low = random.integer(0...count)
                    let range = low..<random.integer(low...count)
                    bitmaps[which].insert(range)
                    sets[which].formUnion(range)
                    let row = random.integer(0...count - 1)
                    bitmaps[which][row].toggle()
                    sets[which].formSymmetricDifference([row])
                }
            }
            expect(bitmaps[0], sets[0])
            var both = bitmaps[0]
            both.formIntersection(bitmaps[1])
            expect(both, sets[0].intersection(sets[1]))
            var either = bitmaps[0]
            either.formUnion(bitmaps[1])
            expect(either, sets[0].union(sets[1]))
            var rest = bitmaps[0]
            rest.subtract(bitmaps[1])
            expect(rest, sets[0].subtracting(sets[1]))
            var even = bitmaps[0]
            even.filter { $0 % 2 == 0 }
            expect(even, sets[0].filter { $0 % 2 == 0 })
            var kept = bitmaps[0]
            keepRows(&kept) { $0 % 3 == 0 }
            expect(kept, sets[0].filter { $0 % 3 == 0 })
        }
    }

    private func expect(_ bitmap: Bitmap, _ set: Set<Int>) {
        var rows: [Int] = []
        bitmap.forEach { rows.append($0) }
        #expect(rows == set.sorted())
        #expect(bitmap.population == set.count)
        #expect(bitmap.isEmpty == set.isEmpty)
        #expect((0..<bitmap.count).allSatisfy { bitmap[$0] == set.contains($0) })
    }

    @Test("has no rows beyond its count", arguments: counts)
    func tail(count: Int) {
        #expect(Bitmap(count: count, filled: true).population == count)
        let words = [UInt64](repeating: .max, count: (count + 63) / 64)
        #expect(Bitmap(words: words, count: count) == Bitmap(count: count, filled: true))
    }
}
