/// A horizontal slice of a file: one chunk of each column.
public struct RowGroupMetadata: Hashable, Sendable {
    /// In the order of the schema's leaves; only the selected ones, if the footer was read for some columns.
    public var columns: [ColumnChunkMetadata]
    /// Size of all values before compression, in bytes.
    public var totalByteCount: Int
    public var rowCount: Int
    public var sortingColumns: [SortingColumn]?
    /// Offset of the first page, in bytes from the start of the file.
    public var fileOffset: Int?
    public var totalCompressedByteCount: Int?
    public var ordinal: Int?
    /// For a footer that was read for some columns: each leaf's position in `columns`, -1 for unselected ones.
    var columnPositions: [Int]?
    /// The row group's range in the footer that was read, in bytes from its start.
    var footerRange: Range<Int>?

    public init(
        columns: [ColumnChunkMetadata], totalByteCount: Int, rowCount: Int, sortingColumns: [SortingColumn]? = nil,
        fileOffset: Int? = nil, totalCompressedByteCount: Int? = nil, ordinal: Int? = nil
    ) {
        self.columns = columns
        self.totalByteCount = totalByteCount
        self.rowCount = rowCount
        self.sortingColumns = sortingColumns
        self.fileOffset = fileOffset
        self.totalCompressedByteCount = totalCompressedByteCount
        self.ordinal = ordinal
    }
}

extension RowGroupMetadata: ThriftStructure {
    init(from reader: inout ThriftCompactReader) throws(ParquetError) {
        var fieldRanges: [ColumnChunkMetadata.FieldRanges] = []
        try self.init(from: &reader, like: nil, &fieldRanges)
    }

    /// - Parameters:
    ///   - others: The columns of the row group before, if there is one.
    ///   - fieldRanges: Of the fields of `others`; afterwards of this row group's fields.
    ///   - columnPositions: The selected columns, see the property; all when `nil`.
    init(
        from reader: inout ThriftCompactReader, like others: [ColumnChunkMetadata]?,
        _ fieldRanges: inout [ColumnChunkMetadata.FieldRanges], columnPositions: [Int]? = nil
    ) throws(ParquetError) {
        self.init(columns: [], totalByteCount: 0, rowCount: 0)
        self.columnPositions = columnPositions
        let start = reader.offset
        var found = 0
        var fields = try reader.openStructure()
        while let field = try reader.next(&fields) {
            if (1...3).contains(field.id) { found |= 1 << Int(field.id) }
            switch field.id {
            case 1:
                let count = try reader.list(field, of: .structure)
                columns.reserveCapacity(min(count, others?.count ?? 256))
                if let columnPositions {
                    try readColumns(columnPositions, count, from: &reader, like: others, &fieldRanges)
                    continue
                }
                for index in 0..<count {
                    if index == fieldRanges.count { fieldRanges.append(ColumnChunkMetadata.FieldRanges()) }
                    let like = others.flatMap { index < $0.count ? $0 : nil }
                    columns.append(try ColumnChunkMetadata(from: &reader, like: like, index, &fieldRanges[index]))
                }
            case 2: totalByteCount = Int(try reader.int64(field))
            case 3: rowCount = Int(try reader.int64(field))
            case 4: sortingColumns = try reader.structures(field)
            case 5: fileOffset = Int(try reader.int64(field))
            case 6: totalCompressedByteCount = Int(try reader.int64(field))
            case 7: ordinal = Int(try reader.int16(field))
            default: try reader.skip(field)
            }
        }
        guard found & 1 << 1 != 0 else { throw .missingField(.rowGroup, "columns") }
        guard found & 1 << 3 != 0 else { throw .missingField(.rowGroup, "row count") }
        footerRange = start..<reader.offset
    }

    /// Passing over a column takes a fifth of the time of reading it.
    private mutating func readColumns(
        _ columnPositions: [Int], _ count: Int, from reader: inout ThriftCompactReader,
        like others: [ColumnChunkMetadata]?, _ fieldRanges: inout [ColumnChunkMetadata.FieldRanges]
    ) throws(ParquetError) {
        guard count == columnPositions.count else {
            throw .malformed(.rowGroup, "\(count) column chunks, the schema has \(columnPositions.count) columns")
        }
        for position in columnPositions {
            if position < 0 {
                try reader.skipStructure()
                continue
            }
            if position == fieldRanges.count { fieldRanges.append(ColumnChunkMetadata.FieldRanges()) }
            let like = others.flatMap { position < $0.count ? $0 : nil }
            columns.append(try ColumnChunkMetadata(from: &reader, like: like, position, &fieldRanges[position]))
        }
    }

    func writeFields(to writer: inout ThriftCompactWriter) {
        writer.field(1, columns)
        writer.field(2, Int64(totalByteCount))
        writer.field(3, Int64(rowCount))
        writer.field(4, sortingColumns)
        writer.field(5, fileOffset.map { Int64($0) })
        writer.field(6, totalCompressedByteCount.map { Int64($0) })
        writer.field(7, ordinal.map { Int16(clamping: $0) })
    }
}
