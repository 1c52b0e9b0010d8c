/// Writes a file, row group by row group.
///
/// Nothing of a file that `finish` has not ended can be read.
///
/// Source: [Parquet file format](https://parquet.apache.org/docs/file-format/).
public struct ParquetFileWriter<Sink: ByteSink> {
    public let schema: FileSchema
    public private(set) var sink: Sink
    public private(set) var byteCount = 0
    public private(set) var rowCount = 0

    private let settings: WriterSettings
    private var rowGroups: [RowGroupMetadata] = []
    /// By row group and column.
    private var indexes: [[(offsets: OffsetIndex, bounds: ColumnIndex?)]] = []
    private static var magic: [UInt8] { Array("PAR1".utf8) }

    public init(sink: Sink, schema: FileSchema, settings: WriterSettings = WriterSettings()) throws(ParquetError) {
        self.sink = sink
        self.schema = schema
        self.settings = settings
        try write(Self.magic)
    }

    private mutating func write(_ bytes: [UInt8]) throws(ParquetError) {
        try sink.write(bytes)
        byteCount += bytes.count
    }

    /// Appends a row group of this file's schema.
    public mutating func append(_ group: EncodedRowGroup) throws(ParquetError) {
        guard group.chunks.count == schema.leaves.count else {
            throw .invalidRequest(
                "a row group of \(group.chunks.count) columns does not match a schema of \(schema.leaves.count)")
        }
        let start = byteCount
        var columns: [ColumnChunkMetadata] = []
        columns.reserveCapacity(group.chunks.count)
        var groupIndexes: [(offsets: OffsetIndex, bounds: ColumnIndex?)] = []
        for chunk in group.chunks {
            let offset = byteCount
            try write(chunk.bytes)
            var metadata = chunk.metadata
            metadata.dataPageOffset += offset
            metadata.dictionaryPageOffset = metadata.dictionaryPageOffset.map { $0 + offset }
            var offsets = chunk.offsetIndex
            for index in offsets.pageLocations.indices { offsets.pageLocations[index].offset += offset }
            columns.append(metadata)
            groupIndexes.append((offsets, chunk.columnIndex))
        }
        // Behind the columns, so that a reader of few rows finds it near them.
        for (index, chunk) in group.chunks.enumerated() {
            guard let filter = chunk.bloomFilter else { continue }
            let filterBytes = filter.bytes
            let bytes = BloomFilterHeader(byteCount: filterBytes.count).bytes + filterBytes
            columns[index].bloomFilterOffset = byteCount
            columns[index].bloomFilterByteCount = bytes.count
            try write(bytes)
        }
        rowGroups.append(
            RowGroupMetadata(
                columns: columns, totalByteCount: columns.reduce(0) { $0 + $1.totalUncompressedByteCount },
                rowCount: group.rowCount, fileOffset: start,
                totalCompressedByteCount: columns.reduce(0) { $0 + $1.totalCompressedByteCount },
                ordinal: rowGroups.count <= Int16.max ? rowGroups.count : nil))
        indexes.append(groupIndexes)
        rowCount += group.rowCount
    }

    /// Writes indexes and footer.
    ///
    /// - Parameter keyValues: The file's own metadata.
    public mutating func finish(keyValues: [KeyValue] = []) throws(ParquetError) {
        for group in indexes.indices {
            for column in indexes[group].indices {
                guard let bounds = indexes[group][column].bounds else { continue }
                let bytes = bounds.bytes
                rowGroups[group].columns[column].columnIndexOffset = byteCount
                rowGroups[group].columns[column].columnIndexByteCount = bytes.count
                try write(bytes)
            }
        }
        for group in indexes.indices {
            var bytes: [UInt8] = []
            for column in indexes[group].indices {
                let index = indexes[group][column].offsets.bytes
                rowGroups[group].columns[column].offsetIndexOffset = byteCount + bytes.count
                rowGroups[group].columns[column].offsetIndexByteCount = index.count
                bytes.append(contentsOf: index)
            }
            try write(bytes)
        }
        let footer = FileMetadata(
            schema: schema, rowCount: rowCount, keyValues: keyValues, rowGroups: rowGroups,
            createdBy: settings.createdBy,
            columnOrders: schema.leaves.map { _ in .typeDefined }
        ).footer
        var end = footer
        end.appendLittleEndian(UInt32(footer.count))
        end.append(contentsOf: Self.magic)
        try write(end)
    }
}
