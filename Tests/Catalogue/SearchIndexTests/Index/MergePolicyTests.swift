import JSON
import STACAPI
import TestKit
import Testing

@testable import SearchIndex

@Suite("Files of segments") struct MergePolicyTests {
    private let directory: TemporaryDirectory
    private let index: ItemIndex

    init() throws {
        directory = try TemporaryDirectory()
        var configuration = ItemIndex.Configuration()
        configuration.bulkRows = 50
        configuration.segmentRows = 200
        index = try ItemIndex(path: directory.path, storeID: "store", configuration: configuration)
    }

    /// Adds Items of one day.
    private func add(_ count: Int, day: Int) throws {
        let after = index.appliedSequence
        var batch = ColumnBatch()
        for number in 0..<count {
            let item = """
                {"id":"\(day)-\(number)","geometry":null,"properties":{"datetime":"2020-01-\(10 + day)T00:00:00Z"}}
                """
            try JSONReader().read(Array(item.utf8)) { try batch.append(item: $0) }
        }
        var changes = IndexChanges(after: after)
        changes.put(
            batch, rows: 0..<count, sequences: (0..<count).map { after + Int64($0) + 1 }, in: SmallCatalogue.key)
        try index.apply(changes)
    }

    private var rowCounts: [Int] {
        index.snapshot.collections[1]?.segments.sorted { $0.segment.firstTime < $1.segment.firstTime }
            .map(\.segment.rowCount) ?? []
    }

    @Test("hold a quarter more than they should rather than being two halves")
    func pieces() throws {
        try add(250, day: 0)
        try add(251, day: 1)
        try add(500, day: 2)
        #expect(rowCounts == [250, 125, 126, 250, 250])
    }

    @Test("that follow one another and fit into one become one")
    func neighbours() throws {
        for (day, count) in [100, 120, 90, 200, 60, 150].enumerated() { try add(count, day: day) }
        while try index.mergeOnce() {}
        #expect(rowCounts == [220, 90, 200, 210])
        #expect(try index.search(SearchRequest(limit: 1)) { _, _ in }.matched == 720)
        #expect(index.damage().isEmpty)
    }

    @Test("that do not fit stay as they are")
    func settled() throws {
        for day in 0..<4 { try add(120, day: day) }
        #expect(try !index.mergeOnce())
        #expect(rowCounts == [120, 120, 120, 120])
    }
}
