extension ParquetFile {
    /// The page locations of a column chunk; `nil` when the file has no offset index for it.
    public func offsetIndex(_ leaf: SchemaLeaf, rowGroup: Int) throws(ParquetError) -> OffsetIndex? {
        let chunk = try chunk(leaf, rowGroup)
        do throws(ParquetError) {
            return try offsetIndex(chunk)
        } catch {
            throw .inColumn(path: leaf.path, rowGroup: rowGroup, error)
        }
    }

    /// Bounds of the pages of a column chunk, as stored; `nil` when the file does not have them.
    public func columnIndex(_ leaf: SchemaLeaf, rowGroup: Int) throws(ParquetError) -> ColumnIndex? {
        let chunk = try chunk(leaf, rowGroup)
        guard let offset = chunk.columnIndexOffset, let byteCount = chunk.columnIndexByteCount else { return nil }
        do throws(ParquetError) {
            return try source.withBytes(in: try range(offset, byteCount, .columnIndex)) {
                (bytes) throws(ParquetError) in try ColumnIndex(bytes: bytes)
            }
        } catch {
            throw .inColumn(path: leaf.path, rowGroup: rowGroup, error)
        }
    }

    /// The Bloom filter of a column chunk; `nil` when the file does not have one.
    public func bloomFilter(_ leaf: SchemaLeaf, rowGroup: Int) throws(ParquetError) -> BloomFilter? {
        let chunk = try chunk(leaf, rowGroup)
        guard let offset = chunk.bloomFilterOffset, offset > 0, offset < source.byteCount else { return nil }
        do throws(ParquetError) {
            let (header, headerByteCount) = try source.withBytes(
                in: try range(offset, min(Self.bloomFilterHeaderByteCount, source.byteCount - offset), .bloomFilter)
            ) { (bytes) throws(ParquetError) in try BloomFilterHeader.read(bytes) }
            let filter = try range(offset + headerByteCount, header.byteCount, .bloomFilter)
            return try source.withBytes(in: filter) { (bytes) throws(ParquetError) in try BloomFilter(bytes: bytes) }
        } catch {
            throw .inColumn(path: leaf.path, rowGroup: rowGroup, error)
        }
    }

    /// Old writers do not state the length of filter and header together; headers take some 16 bytes.
    private static var bloomFilterHeaderByteCount: Int { 64 }

    func offsetIndex(_ chunk: ColumnChunkMetadata) throws(ParquetError) -> OffsetIndex? {
        guard let offset = chunk.offsetIndexOffset, let byteCount = chunk.offsetIndexByteCount else { return nil }
        return try source.withBytes(in: try range(offset, byteCount, .offsetIndex)) { (bytes) throws(ParquetError) in
            try OffsetIndex(bytes: bytes)
        }
    }

    private func range(_ offset: Int, _ byteCount: Int, _ part: ParquetPart) throws(ParquetError) -> Range<Int> {
        guard byteCount <= limits.indexByteCount else { throw .tooLarge(part, byteCount, limit: limits.indexByteCount) }
        guard offset >= 0, byteCount >= 0, offset <= source.byteCount, byteCount <= source.byteCount - offset else {
            throw .malformed(part, "\(byteCount) bytes at \(offset) in a file of \(source.byteCount)")
        }
        return offset..<offset + byteCount
    }
}
