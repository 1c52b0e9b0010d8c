import Foundation
import JSON
import STACAPI
import TestKit
import Testing

@testable import SearchIndex

@Suite("Warming up") struct WarmUpTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func index() throws -> ItemIndex {
        var configuration = ItemIndex.Configuration()
        configuration.bulkRows = 100
        configuration.segmentRows = 200
        return try ItemIndex(path: directory.path, storeID: "store", configuration: configuration)
    }

    private func put(_ numbers: Range<Int>, in index: ItemIndex) throws {
        var batch = ColumnBatch()
        for number in numbers {
            try JSONReader().read(Array(SmallCatalogue.item("\(number)").utf8)) { try batch.append(item: $0) }
        }
        var changes = IndexChanges(after: Int64(numbers.lowerBound))
        changes.put(
            batch, rows: 0..<batch.count, sequences: numbers.map { Int64($0) + 1 }, in: SmallCatalogue.key)
        try index.apply(changes)
    }

    private func fill() throws {
        let index = try index()
        try put(0..<1_000, in: index)
        try index.checkpoint()
    }

    @Test("reads files, newest first, and no more than it may")
    func limits() throws {
        #expect(try index().warmUp(byteCount: .max) == 0)
        try fill()
        // A box of 32 bytes, time, sequence and two ranks of each row, and boxes of groups; starts and ends are the times.
        let all = try index().warmUp(byteCount: .max)
        #expect(all >= 1_000 * (32 + 8 + 8 + 4 + 4))
        #expect(all < 1_000 * 64)
        #expect(try index().warmUp(byteCount: 5_000) == 5_000)
        #expect(try index().warmUp(byteCount: 0) == 0)
        var rounds = 0
        #expect(
            try index().warmUp(byteCount: .max) {
                rounds += 1
                return rounds > 2
            } < all)
    }

    @Test("reads only what has come since, and counts what it read before")
    func again() throws {
        let index = try index()
        try put(0..<1_000, in: index)
        let all = index.warmUp(byteCount: .max)
        #expect(index.warmUp(byteCount: .max) == 0)
        try put(1_000..<1_200, in: index)
        let more = index.warmUp(byteCount: all + 5_000)
        #expect(more > 0 && more < all)
        #expect(index.warmUp(byteCount: .max) <= all)
    }

    @Test("passes over files that are gone")
    func missing() throws {
        let index = try index()
        try put(0..<1_000, in: index)
        // What is mapped can be read nevertheless.
        try FileManager.default.removeItem(atPath: directory.path)
        #expect(index.warmUp(byteCount: .max) > 0)
        #expect(try index.search(SearchRequest(limit: 1)) { _, _ in }.matched == 1_000)
    }
}
