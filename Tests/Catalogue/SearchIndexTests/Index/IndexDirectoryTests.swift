import Foundation
import JSON
import STACAPI
import TestKit
import Testing

@testable import SearchIndex

@Suite("Files of the index") struct IndexDirectoryTests {
    private let directory: TemporaryDirectory
    private var path: String { directory.path }

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func segment(_ random: inout SeededGenerator, rows count: Int = 40) throws -> Segment {
        var batch = ColumnBatch()
        for number in 0..<count {
            let text = RandomItem.text(id: "item-\(number)", collection: "alpha", &random)
            try JSONReader(.rfc8259).read(Array(text.utf8)) { try batch.append(item: $0) }
        }
        return Segment(batch.stored(as: (1...Int64(count)).map { $0 }), rows: Array(0..<count))
    }

    /// An index of two files, in one of which rows are dead.
    private func writtenIndex() throws -> CatalogueHistory {
        var random = SeededGenerator(seed: 5)
        var history = CatalogueHistory()
        let index = try open()
        for _ in 0..<2 {
            for _ in 0..<60 { history.advance(&random) }
            try index.apply(history.indexChanges(after: index.appliedSequence, through: history.lastSequence))
            try index.checkpoint()
        }
        return history
    }

    private func open(storeID: String = "store") throws -> ItemIndex { try ItemIndex(path: path, storeID: storeID) }

    private func files(_ part: String? = nil) throws -> [String] {
        let names = try FileManager.default.contentsOfDirectory(atPath: path)
        return names.filter { part.map($0.contains) ?? true }.map { "\(path)/\($0)" }
    }

    private func ids(_ index: ItemIndex) throws -> Set<Int64> {
        Set(try index.search(SearchRequest(limit: 10_000)) { _, _ in }.hits.map(\.sequence))
    }

    @Test("a segment reads as it was written")
    func roundTrip() throws {
        var random = SeededGenerator(seed: 1)
        let segment = try segment(&random)
        let written = try IndexDirectory(path: path).write(segment)
        #expect(written.fileName != nil && segment.fileName == nil)
        #expect(written.bytes.elementsEqual(segment.bytes))
        #expect(written.columns.count == segment.columns.count && written.layout.json == segment.layout.json)
        for row in segment.rows {
            #expect(written.id(row) == segment.id(row) && written.box(row) == segment.box(row))
            #expect(written.geometry(row).elementsEqual(segment.geometry(row)))
            #expect(written.sequences[row] == segment.sequences[row] && written.times[row] == segment.times[row])
            #expect(written.starts[row] == segment.starts[row] && written.ends[row] == segment.ends[row])
            for (name, column) in segment.columns {
                #expect(written.columns[name]?.sortValue(row) == column.sortValue(row))
            }
        }
    }

    @Test(
        "what is not I-JSON, of Items that were stored before that was checked, is read again, too",
        arguments: ["\"a\u{ffff}\":1", #""\ud800":1"#, #""a":1e400"#, #""a":-1e400"#, #""a":"\ufffe""#])
    func notInteroperable(property: String) throws {
        var batch = ColumnBatch()
        let text = SmallCatalogue.item("a", property)
        try JSONReader(.rfc8259).read(Array(text.utf8)) { try batch.append(item: $0) }
        var changes = IndexChanges(after: 0)
        changes.put(batch, rows: 0..<1, sequences: [1], in: IndexChanges.Key(number: 1, id: "alpha\u{fffe}"))
        let index = try open()
        try index.apply(changes)
        try index.checkpoint()
        let again = try open()
        #expect(again.appliedSequence == 1 && again.damage() == [])
        #expect(try ids(again) == [1])
    }

    @Test("rows of a segment go into another batch and back unchanged")
    func merging() throws {
        var random = SeededGenerator(seed: 2)
        let segment = try segment(&random)
        var batch = ColumnBatch()
        batch.append(Array(segment.rows), of: segment)
        let again = Segment(batch, rows: Array(segment.rows))
        for row in segment.rows {
            #expect(again.id(row) == segment.id(row) && again.sequences[row] == segment.sequences[row])
            for (name, column) in segment.columns {
                #expect(again.columns[name]?.sortValue(row) == column.sortValue(row))
                #expect(again.columns[name]?.complex?[row] ?? false == column.complex?[row] ?? false)
            }
        }
    }

    @Test("a checkpoint leaves what it wrote, and no other files")
    func checkpoint() throws {
        let history = try writtenIndex()
        let index = try open()
        #expect(index.appliedSequence == history.lastSequence)
        #expect(try ids(index) == Set(history.versions.map(\.sequence)))
        // Each segment, the rows of it that are not current any more, and the manifest.
        let segments = index.snapshot.collections.values.flatMap(\.segments)
        let expected = segments.count + segments.count { $0.live != nil } + 1
        let found = try files()
        #expect(found.count == expected, "\(found)")
        #expect(segments.contains { $0.live != nil })
    }

    @Test("the index of another store opens empty")
    func otherStore() throws {
        _ = try writtenIndex()
        #expect(try open(storeID: "other").appliedSequence == 0)
    }

    @Test("cleared, it has no files and opens empty")
    func clear() throws {
        _ = try writtenIndex()
        let index = try open()
        index.clear()
        #expect(index.appliedSequence == 0 && index.statistics.collections.isEmpty)
        #expect(try files().isEmpty)
        #expect(try open().appliedSequence == 0)
    }

    /// Whether it opens empty, or knows that a file is damaged: searches say so.
    private func isKnownToBeDamaged() throws -> Bool {
        let index = try open()
        if index.appliedSequence == 0 { return true }
        #expect(throws: IndexDamage.self) { try ids(index) }
        return index.damagedCollections().count == 1 && !index.damage().isEmpty
    }

    @Test("with a file cut short anywhere, it is known to be damaged", arguments: [".tbseg", "manifest", ".live-"])
    func truncated(part: String) throws {
        _ = try writtenIndex()
        let file = try #require(try files(part).sorted { $0.count < $1.count }.first)
        let bytes = try #require(FileManager.default.contents(atPath: file))
        var random = SeededGenerator(seed: 3)
        for length in [0, 1, 8, bytes.count - 1] + (0..<30).map({ _ in random.integer(0...bytes.count - 1) }) {
            try bytes.prefix(length).write(to: URL(fileURLWithPath: file))
            #expect(try isKnownToBeDamaged(), "cut to \(length)")
        }
        try FileManager.default.removeItem(atPath: file)
        #expect(try isKnownToBeDamaged())
    }

    @Test("with a bit of a segment changed, it says so when asked, and searches never return anything else")
    func damagedSegment() throws {
        _ = try writtenIndex()
        let file = try #require(try files(".tbseg").sorted { $0.count < $1.count }.first)
        let bytes = try #require(FileManager.default.contents(atPath: file))
        var random = SeededGenerator(seed: 5)
        let expected = try ids(open())
        for _ in 0..<200 {
            var damaged = bytes
            let at = random.integer(0...bytes.count - 1)
            damaged[at] ^= 1 << UInt8(random.integer(0...7))
            try damaged.write(to: URL(fileURLWithPath: file))
            let index = try open()
            if let found = try? ids(index) { #expect(found == expected, "byte \(at)") }
            #expect(index.damage().count == 1, "byte \(at)")
        }
        try bytes.write(to: URL(fileURLWithPath: file))
        #expect(try open().damage().isEmpty)
    }

    @Test("with a bit of a file changed, it is known to be damaged", arguments: ["manifest", ".live-"])
    func damaged(part: String) throws {
        _ = try writtenIndex()
        let file = try #require(try files(part).sorted { $0.count < $1.count }.first)
        let bytes = try #require(FileManager.default.contents(atPath: file))
        var random = SeededGenerator(seed: 4)
        for _ in 0..<200 {
            var damaged = bytes
            let at = random.integer(0...bytes.count - 1)
            damaged[at] ^= 1 << UInt8(random.integer(0...7))
            try damaged.write(to: URL(fileURLWithPath: file))
            #expect(try isKnownToBeDamaged(), "byte \(at)")
        }
        try bytes.write(to: URL(fileURLWithPath: file))
        #expect(try open().appliedSequence > 0)
    }

    @Test("files that no manifest names do no harm, and go with the next checkpoint")
    func leftovers() throws {
        let history = try writtenIndex()
        for name in ["segment-x.tbseg", "segment-x.tbseg.part", "manifest.json.part", "segment-x.tbseg.live-7"] {
            try Data("x".utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
        }
        try Data("not ours".utf8).write(to: URL(fileURLWithPath: "\(path)/keep"))
        let index = try open()
        #expect(index.appliedSequence == history.lastSequence)
        try index.checkpoint()
        #expect(try files("segment-x.").isEmpty && files(".part").isEmpty)
        #expect(try files("keep").count == 1)
    }

    @Test("a directory that cannot be made is an error")
    func unusable() throws {
        #expect(throws: IndexFileError.self) { try ItemIndex(path: "\(path)/none/index", storeID: "store") }
    }
}
