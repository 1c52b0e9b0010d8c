import Testing

@testable import Parquet

@Suite("Bloom filters") struct BloomFilterTests {
    @Test("have the size that their values and their errors need")
    func size() {
        // Sizes of the reference implementation.
        #expect(BloomFilter(distinctCount: 1, falsePositiveRate: 0.01).byteCount == 32)
        #expect(BloomFilter(distinctCount: 100_000, falsePositiveRate: 0.01).byteCount == 128 << 10)
        #expect(BloomFilter(distinctCount: 1_000_000, falsePositiveRate: 0.0001).byteCount == 4 << 20)
        #expect(BloomFilter(distinctCount: .max, falsePositiveRate: 0).byteCount == 128 << 20)
    }

    @Test("deny no value that is in them, and few that are not")
    func rates() throws {
        var filter = BloomFilter(distinctCount: 10_000, falsePositiveRate: 0.01)
        for value in 0..<10_000 { filter.insert(hash: BloomFilter.hash(Int64(value))) }
        let copy = try filter.bytes.withUnsafeBytes { try BloomFilter(bytes: $0) }
        #expect(copy == filter)
        #expect((0..<10_000).allSatisfy { copy.mayContain(Int64($0)) })
        let wrong = (10_000..<110_000).count { copy.mayContain(Int64($0)) }
        #expect(wrong < 1500, "\(wrong) of 100,000")
    }

    @Test("of impossible sizes are errors", arguments: [0, 1, 31, 33])
    func sizes(count: Int) {
        let bytes = [UInt8](repeating: 0, count: count)
        #expect(throws: ParquetError.self) { try bytes.withUnsafeBytes { try BloomFilter(bytes: $0) } }
    }
}
