/// `ColumnChunk` of `parquet.thrift`, with the `ColumnMetaData` in it.
extension ColumnChunkMetadata: ThriftStructure {
    init(from reader: inout ThriftCompactReader) throws(ParquetError) {
        var fieldRanges = FieldRanges()
        try self.init(from: &reader, like: nil, 0, &fieldRanges)
    }

    /// Ranges of a chunk's fields that are mostly repeated, byte by byte, by the chunks of the same column in other
    /// row groups. A footer has a hundred thousand chunks: repeated fields are recognized and share memory.
    struct FieldRanges {
        fileprivate var encodings: Range<Int>?
        fileprivate var path: Range<Int>?
        fileprivate var encodingStatistics: Range<Int>?
    }

    /// - Parameters:
    ///   - others: The chunks of another row group, of which that at `index` is of the same column.
    ///   - fieldRanges: Of the chunk at `index`; afterwards of this one.
    init(
        from reader: inout ThriftCompactReader, like others: [ColumnChunkMetadata]?, _ index: Int,
        _ fieldRanges: inout FieldRanges
    ) throws(ParquetError) {
        self.init(
            physicalType: .boolean, encodings: [], path: [], codec: .uncompressed, valueCount: 0,
            totalUncompressedByteCount: 0, totalCompressedByteCount: 0, dataPageOffset: 0)
        let before = fieldRanges
        fieldRanges = FieldRanges()
        var hasMetadata = false
        var fields = try reader.openStructure()
        while let field = try reader.next(&fields) {
            switch field.id {
            case 1: filePath = try reader.string(field)
            case 3 where field.type == .structure:
                try readMetadata(from: &reader, like: others, index, before, &fieldRanges)
                hasMetadata = true
            case 4: offsetIndexOffset = Int(try reader.int64(field))
            case 5: offsetIndexByteCount = Int(try reader.int32(field))
            case 6: columnIndexOffset = Int(try reader.int64(field))
            case 7: columnIndexByteCount = Int(try reader.int32(field))
            case 8:
                isEncrypted = true
                try reader.skip(field)
            default: try reader.skip(field)
            }
        }
        guard hasMetadata || isEncrypted else { throw .missingField(.columnChunk, "metadata") }
    }

    private mutating func readMetadata(
        from reader: inout ThriftCompactReader, like others: [ColumnChunkMetadata]?, _ index: Int,
        _ before: FieldRanges, _ fieldRanges: inout FieldRanges
    ) throws(ParquetError) {
        var found = 0
        var fields = try reader.openStructure()
        while let field = try reader.next(&fields) {
            if (1...9).contains(field.id) { found |= 1 << Int(field.id) }
            switch field.id {
            case 1: physicalType = try PhysicalType(reader: &reader, field)
            case 2:
                let start = reader.offset
                if let others, reader.repeats(before.encodings, field) {
                    encodings = others[index].encodings
                } else {
                    encodings = try Self.readEncodings(from: &reader, field)
                }
                fieldRanges.encodings = start..<reader.offset
            case 3:
                let start = reader.offset
                if let others, reader.repeats(before.path, field) {
                    path = others[index].path
                } else {
                    path = try Self.readPath(from: &reader, field)
                }
                fieldRanges.path = start..<reader.offset
            case 4: codec = try CompressionCodec(reader: &reader, field)
            case 5: valueCount = Int(try reader.int64(field))
            case 6: totalUncompressedByteCount = Int(try reader.int64(field))
            case 7: totalCompressedByteCount = Int(try reader.int64(field))
            case 9: dataPageOffset = Int(try reader.int64(field))
            case 11: dictionaryPageOffset = Int(try reader.int64(field))
            case 12: statistics = try reader.structure(field)
            // Some writers had fields of their own with these numbers.
            case 13 where field.type == .list:
                let start = reader.offset
                if let others, reader.repeats(before.encodingStatistics, field) {
                    encodingStatistics = others[index].encodingStatistics
                } else {
                    encodingStatistics = try Self.readEncodingStatistics(from: &reader, field)
                }
                fieldRanges.encodingStatistics = start..<reader.offset
            case 14 where field.type == .int64: bloomFilterOffset = Int(try reader.int64(field))
            case 15 where field.type == .int32: bloomFilterByteCount = Int(try reader.int32(field))
            case 17 where field.type == .structure: geospatialStatistics = try reader.structure(field)
            default: try reader.skip(field)
            }
        }
        // Fields 1 to 7 and 9 are required; some writers leave the encodings and a size out, which are of no use.
        guard found & 0b10_1011_1010 == 0b10_1011_1010 else {
            throw .missingField(.columnChunk, "type, path, codec, value count, size or offset")
        }
    }

    private static func readEncodings(
        from reader: inout ThriftCompactReader, _ field: ThriftField
    ) throws(ParquetError) -> [Encoding] {
        let count = try reader.list(field, of: .int32)
        var encodings: [Encoding] = []
        encodings.reserveCapacity(min(count, 8))
        for _ in 0..<count {
            let encoding = Encoding(rawValue: try reader.zigZag32())
            // A list of a million equal ones is possible, but no use.
            if let encoding, encodings.count < 64 { encodings.append(encoding) }
        }
        return encodings
    }

    private static func readPath(
        from reader: inout ThriftCompactReader, _ field: ThriftField
    ) throws(ParquetError) -> [String] {
        let count = try reader.list(field, of: .binary)
        var path: [String] = []
        path.reserveCapacity(min(count, FileSchema.depthLimit))
        for _ in 0..<count {
            let range = try reader.binaryElement()
            path.append(String(decoding: reader.bytes[range], as: UTF8.self))
        }
        return path
    }

    /// `nil` when a page has a kind or an encoding which the format got later than this library.
    private static func readEncodingStatistics(
        from reader: inout ThriftCompactReader, _ field: ThriftField
    ) throws(ParquetError) -> [PageEncodingStatistics]? {
        let start = reader
        do throws(ParquetError) {
            return try reader.structures(field)
        } catch .unsupported {
            reader = start
            try reader.skip(field)
            return nil
        }
    }

    func writeFields(to writer: inout ThriftCompactWriter) {
        writer.field(1, filePath)
        // Deprecated, required, and to be zero when the chunk has no metadata of its own beside its pages.
        writer.field(2, Int64(0))
        writer.structure(3) { writer in writeMetadata(to: &writer) }
        writer.field(4, offsetIndexOffset.map { Int64($0) })
        writer.field(5, offsetIndexByteCount.map { Int32(clamping: $0) })
        writer.field(6, columnIndexOffset.map { Int64($0) })
        writer.field(7, columnIndexByteCount.map { Int32(clamping: $0) })
    }

    private func writeMetadata(to writer: inout ThriftCompactWriter) {
        writer.field(1, physicalType.rawValue)
        writer.field(2, encodings.map(\.rawValue))
        writer.field(3, path)
        writer.field(4, codec.rawValue)
        writer.field(5, Int64(valueCount))
        writer.field(6, Int64(totalUncompressedByteCount))
        writer.field(7, Int64(totalCompressedByteCount))
        writer.field(9, Int64(dataPageOffset))
        writer.field(11, dictionaryPageOffset.map { Int64($0) })
        writer.field(12, statistics)
        writer.field(13, encodingStatistics)
        writer.field(14, bloomFilterOffset.map { Int64($0) })
        writer.field(15, bloomFilterByteCount.map { Int32(clamping: $0) })
        writer.field(17, geospatialStatistics)
    }
}
