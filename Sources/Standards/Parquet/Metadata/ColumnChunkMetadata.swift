/// The location and statistics of one column's values in one row group.
public struct ColumnChunkMetadata: Hashable, Sendable {
    public var physicalType: PhysicalType
    /// Encodings of the chunk's pages, also for levels; unknown ones are omitted.
    public var encodings: [Encoding]
    /// Names of the fields from the root down.
    public var path: [String]
    public var codec: CompressionCodec
    /// Number of values with nulls and empty lists.
    public var valueCount: Int
    /// Size of all pages with their headers, before compression, in bytes.
    public var totalUncompressedByteCount: Int
    /// Size of all pages with their headers in the file, in bytes.
    public var totalCompressedByteCount: Int
    /// Offset of the first data page, in bytes from the start of the file.
    public var dataPageOffset: Int
    public var dictionaryPageOffset: Int?
    public var statistics: ColumnStatistics?
    public var encodingStatistics: [PageEncodingStatistics]?
    public var bloomFilterOffset: Int?
    /// With its header, in bytes; old writers leave it out.
    public var bloomFilterByteCount: Int?
    public var geospatialStatistics: GeospatialStatistics?
    public var offsetIndexOffset: Int?
    public var offsetIndexByteCount: Int?
    public var columnIndexOffset: Int?
    public var columnIndexByteCount: Int?
    /// Another file that holds the pages, relative to this one; hardly ever written.
    public var filePath: String?
    public var isEncrypted = false

    public init(
        physicalType: PhysicalType, encodings: [Encoding], path: [String], codec: CompressionCodec, valueCount: Int,
        totalUncompressedByteCount: Int, totalCompressedByteCount: Int, dataPageOffset: Int,
        dictionaryPageOffset: Int? = nil, statistics: ColumnStatistics? = nil
    ) {
        self.physicalType = physicalType
        self.encodings = encodings
        self.path = path
        self.codec = codec
        self.valueCount = valueCount
        self.totalUncompressedByteCount = totalUncompressedByteCount
        self.totalCompressedByteCount = totalCompressedByteCount
        self.dataPageOffset = dataPageOffset
        self.dictionaryPageOffset = dictionaryPageOffset
        self.statistics = statistics
    }
}
