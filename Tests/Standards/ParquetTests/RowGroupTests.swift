import Testing

@testable import Parquet

/// Files whose footers lie.
@Suite("Row groups") struct RowGroupTests {
    static func file(rowCount: Int, _ change: (inout ColumnChunkMetadata) -> Void) throws -> ParquetFile {
        let node = SchemaNode(name: "a", repetition: .required, kind: .primitive(.int32, typeLength: nil))
        var chunk = ColumnChunkMetadata(
            physicalType: .int32, encodings: [.plain], path: ["a"], codec: .uncompressed, valueCount: rowCount,
            totalUncompressedByteCount: 0, totalCompressedByteCount: 0, dataPageOffset: 4)
        // Two values in one page.
        let header = PageHeader(
            kind: .data(DataPageHeader(valueCount: 2, encoding: .plain)), uncompressedByteCount: 8,
            compressedByteCount: 8)
        let page = header.bytes + [1, 0, 0, 0, 2, 0, 0, 0]
        chunk.totalCompressedByteCount = page.count
        change(&chunk)
        let metadata = FileMetadata(
            schema: FileSchema(children: [node]), rowCount: rowCount,
            rowGroups: [RowGroupMetadata(columns: [chunk], totalByteCount: 0, rowCount: rowCount)])
        let footer = metadata.footer
        let length = withUnsafeBytes(of: UInt32(footer.count).littleEndian) { Array($0) }
        return try ParquetFile(
            MemoryByteSource(Array("PAR1".utf8) + page + footer + length + Array("PAR1".utf8)))
    }

    @Test("are read when everything is true")
    func sound() throws {
        let file = try Self.file(rowCount: 2) { _ in }
        let leaf = file.schema.leaves[0]
        #expect(try file.readColumn(leaf, rowGroup: 0).values == .int32([1, 2]))
        #expect(try file.readColumn(leaf, rowGroup: 0, rows: [1..<2]).values == .int32([2]))
        #expect(try file.readColumn(leaf, rowGroup: 0, rows: []).values == .int32([]))
        #expect(try RecordReader(file).rows(inRowGroup: 0).map { $0["a"] } == [.integer(1), .integer(2)])
    }

    @Test("with numbers of rows that are not true are errors", arguments: [-1, 0, 1, 3, .max, .min])
    func rowCounts(count: Int) throws {
        let file = try Self.file(rowCount: count) { _ in }
        let leaf = file.schema.leaves[0]
        if count > 0 { #expect(throws: ParquetError.self) { try file.readColumn(leaf, rowGroup: 0, rows: [0..<1]) } }
        if count < 0 { #expect(throws: ParquetError.self) { try file.readColumn(leaf, rowGroup: 0, rows: []) } }
        if count != 0 { #expect(throws: ParquetError.self) { try file.readColumn(leaf, rowGroup: 0) } }
    }

    @Test("with pages outside of the file are errors")
    func offsets() throws {
        for offset in [-1, 3, 1000, Int.max, Int.min] {
            let file = try Self.file(rowCount: 2) { $0.dataPageOffset = offset }
            #expect(throws: ParquetError.self) { try file.readColumn(file.schema.leaves[0], rowGroup: 0) }
        }
        for count in [-1, 1, 1000, Int.max, Int.min] {
            let file = try Self.file(rowCount: 2) { $0.totalCompressedByteCount = count }
            #expect(throws: ParquetError.self) { try file.readColumn(file.schema.leaves[0], rowGroup: 0) }
        }
    }

    @Test("and columns that a file does not have are errors")
    func requests() throws {
        let file = try Self.file(rowCount: 2) { _ in }
        let leaf = file.schema.leaves[0]
        for rowGroup in [-1, 1] {
            #expect(throws: ParquetError.self) { try file.readColumn(leaf, rowGroup: rowGroup) }
        }
        for rows in [[1..<3], [1..<2, 0..<1], [-1..<1]] {
            #expect(throws: ParquetError.self) { try file.readColumn(leaf, rowGroup: 0, rows: rows) }
        }
        let other = try #require(
            FileSchema(children: [
                SchemaNode(name: "b", repetition: .required, kind: .primitive(.int32, typeLength: nil))
            ]).leaves.first)
        #expect(throws: ParquetError.self) { try file.readColumn(other, rowGroup: 0) }
    }
}
