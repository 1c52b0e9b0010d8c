import Parquet
import TestKit
import Testing

/// The example in `docs/reference/parquet.md`, which quotes it.
@Suite("The documentation's example") struct DocumentationExampleTests {
    @Test("finds the least value")
    func leastValue() throws {
        let schema = FileSchema(children: [
            SchemaNode(name: "eo:cloud_cover", repetition: .required, kind: .primitive(.double, typeLength: nil))
        ])
        var writer = try ParquetFileWriter(sink: MemoryByteSink(), schema: schema)
        let builder = try RowGroupBuilder(schema: schema, settings: WriterSettings())
        for group in [[30, 8.5], [90, 95], [4.25, 60]] {
            for value in group {
                builder.leaves[0].append(value)
                builder.endRow()
            }
            try writer.append(builder.encode())
        }
        try writer.finish()
        let least = try withTemporaryDirectory(holding: ["a.parquet": writer.sink.bytes]) {
            try leastCloudCover($0.path("a.parquet"))
        }
        #expect(least == 4.25)
    }

    private func leastCloudCover(_ path: String) throws -> Double {
        let file = try ParquetFile(FileByteSource(path: path))
        let leaf = try #require(file.schema.leaf(at: ["eo:cloud_cover"]))
        var least = 10.0
        for rowGroup in file.rowGroups.indices {
            let bounds = try file.bounds(leaf, rowGroup: rowGroup)
            if let minimum = bounds?.minimum, minimum.isLess(than: .double(least)) == false { continue }
            let column = try file.readColumn(leaf, rowGroup: rowGroup)
            if case .double(let values) = column.values { least = min(least, values.min() ?? least) }
        }
        return least
    }
}
