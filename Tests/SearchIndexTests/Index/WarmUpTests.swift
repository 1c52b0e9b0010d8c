import JSON
import STACAPI
import Testing

@testable import SearchIndex

@Suite("Warming up") struct WarmUpTests {
    @Test("asks for files, newest first, and no more than it may")
    func limits() throws {
        let directory = try TemporaryDirectory()
        var configuration = ItemIndex.Configuration()
        configuration.bulkRows = 100
        configuration.segmentRows = 200
        let index = try ItemIndex(path: directory.path, storeID: "store", configuration: configuration)
        #expect(index.warmUp(byteCount: .max) == 0)
        var batch = ColumnBatch()
        for number in 0..<1_000 {
            try JSONReader().read(Array(SmallCatalogue.item("\(number)").utf8)) { try batch.append(item: $0) }
        }
        var changes = IndexChanges(after: 0)
        changes.put(
            batch, rows: 0..<batch.count, sequences: (0..<1_000).map { Int64($0) + 1 }, in: SmallCatalogue.key)
        try index.apply(changes)
        // A box of 32 bytes, time, sequence and two ranks of each row, and boxes of groups; starts and ends are the times.
        let all = index.warmUp(byteCount: .max)
        #expect(all >= 1_000 * (32 + 8 + 8 + 4 + 4))
        #expect(all < 1_000 * 64)
        #expect(index.warmUp(byteCount: 5_000) == 5_000)
        #expect(index.warmUp(byteCount: 0) == 0)
        var rounds = 0
        #expect(
            index.warmUp(byteCount: .max) {
                rounds += 1
                return rounds > 2
            } < all)
    }
}
