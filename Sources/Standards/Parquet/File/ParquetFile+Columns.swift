extension ParquetFile {
    /// Reads a column of a row group, or some of its rows.
    ///
    /// - Parameters:
    ///   - rows: Ranges of rows within the row group, ascending and not overlapping; all when `nil`. With an offset
    ///     index only the pages that hold some of them are read.
    ///   - keepsDictionary: Whether byte arrays are to be given as indices into their dictionary, if all pages are
    ///     coded like that.
    /// - Throws: `ParquetError.inColumn` with the fault; `.invalidRequest` for a column, row group or rows that the
    ///   file does not have.
    public func readColumn(
        _ leaf: SchemaLeaf, rowGroup: Int, rows: [Range<Int>]? = nil, keepsDictionary: Bool = false
    ) throws(ParquetError) -> ColumnValues {
        let chunk = try chunk(leaf, rowGroup)
        let rowCount = rowGroups[rowGroup].rowCount
        if let rows { try Self.check(rows, rowCount) }
        let read = ChunkRead(
            leaf: leaf, chunk: chunk, rowCount: rowCount,
            rows: rows.map { $0.filter { !$0.isEmpty } }.flatMap { $0 == [0..<rowCount] ? nil : $0 },
            keepsDictionary: keepsDictionary)
        do throws(ParquetError) {
            return try decompressors.with { (decompressor) throws(ParquetError) in
                try self.read(read, decompressor)
            }
        } catch {
            throw .inColumn(path: leaf.path, rowGroup: rowGroup, error)
        }
    }

    /// The column chunk of `leaf`, which is one of this file's.
    func chunk(_ leaf: SchemaLeaf, _ rowGroup: Int) throws(ParquetError) -> ColumnChunkMetadata {
        guard rowGroups.indices.contains(rowGroup) else {
            throw .invalidRequest("there is no row group \(rowGroup), the file has \(rowGroups.count)")
        }
        guard schema.leaves.indices.contains(leaf.index), schema.leaves[leaf.index] == leaf else {
            throw .invalidRequest("there is no column \(leaf.path.joined(separator: ".")) like this in the file")
        }
        guard rowGroups[rowGroup].rowCount >= 0 else {
            throw .malformed(.rowGroup, "\(rowGroups[rowGroup].rowCount) rows")
        }
        let chunk = try chunk(at: leaf.index, rowGroups[rowGroup])
        guard !chunk.isEncrypted else { throw .encrypted }
        guard chunk.filePath == nil else { throw .unsupported(.columnChunk, "pages in another file") }
        guard chunk.physicalType == leaf.physicalType else {
            throw .malformed(.columnChunk, "of \(chunk.physicalType), the schema says \(leaf.physicalType)")
        }
        return chunk
    }

    private func chunk(at index: Int, _ group: RowGroupMetadata) throws(ParquetError) -> ColumnChunkMetadata {
        if let positions = group.columnPositions {
            guard positions[index] >= 0 else {
                throw .invalidRequest("the column \(schema.leaves[index].path.joined(separator: ".")) was not read")
            }
            return group.columns[positions[index]]
        }
        guard group.columns.count == schema.leaves.count else {
            throw .malformed(
                .rowGroup, "\(group.columns.count) column chunks, the schema has \(schema.leaves.count) columns")
        }
        return group.columns[index]
    }

    /// The byte range of the pages of `chunk`.
    func byteRange(_ chunk: ColumnChunkMetadata) throws(ParquetError) -> Range<Int> {
        var start = chunk.dataPageOffset
        // Some writers store 0 when there is no dictionary.
        if let offset = chunk.dictionaryPageOffset, offset > 0, offset < start { start = offset }
        let (end, overflow) = start.addingReportingOverflow(chunk.totalCompressedByteCount)
        guard start >= 0, chunk.totalCompressedByteCount >= 0, !overflow, end <= source.byteCount else {
            throw .malformed(
                .columnChunk, "\(chunk.totalCompressedByteCount) bytes at \(start) in a file of \(source.byteCount)")
        }
        return start..<min(end + (hasShortChunkSizes ? Self.missingByteCount : 0), source.byteCount)
    }

    /// parquet-mr before 1.2.9 left the dictionary page's header out of a chunk's size (PARQUET-816).
    private var hasShortChunkSizes: Bool {
        guard let createdBy = metadata.createdBy else { return false }
        return createdBy == "parquet-mr"
            || ["1.0.", "1.1.", "1.2."].contains { createdBy.hasPrefix("parquet-mr version \($0)") }
    }

    /// More than such a header takes.
    private static var missingByteCount: Int { 100 }

    private static func check(_ rows: [Range<Int>], _ rowCount: Int) throws(ParquetError) {
        var end = 0
        for range in rows {
            guard range.lowerBound >= end, range.upperBound <= rowCount else {
                throw .invalidRequest("rows \(range) are not in order, or not among \(rowCount)")
            }
            end = range.upperBound
        }
    }
}
