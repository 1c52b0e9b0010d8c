/// Settings for writing a column.
public struct ColumnSettings: Sendable, Hashable {
    /// Whether repeated values are written as dictionary indices, as long as that saves space.
    public var usesDictionary = true
    /// Largest size of a dictionary, in bytes; a larger one is abandoned.
    public var dictionaryByteLimit = 1 << 20
    /// Least and greatest values, for the row group and each page.
    public var hasStatistics = true
    /// A bloom filter over the values of each row group.
    public var hasBloomFilter = false
    /// For byte arrays without a dictionary: as differences from the value before (DELTA_BYTE_ARRAY) instead of whole.
    public var usesPrefixes = false
    /// For doubles and floats without a dictionary: the first bytes of all, then the second ones, and so on
    /// (BYTE_STREAM_SPLIT).
    public var splitsBytes = false
    /// For integers without a dictionary: DELTA_BINARY_PACKED.
    public var usesDifferences = true
    /// `nil`: as `WriterSettings.pageByteCount`.
    public var pageByteCount: Int?

    public init() {}
}

/// Settings for writing files.
public struct WriterSettings: Sendable {
    public enum Compression: Sendable, Hashable {
        case uncompressed
        /// 1 (fast) to 22 (small).
        case zstd(level: Int32)
        case snappy
        /// 1 (fast) to 9 (small).
        case gzip(level: Int32)
        case lz4

        func compressor() throws(ParquetError) -> PageCompressor {
            switch self {
            case .uncompressed: try PageCompressor(.uncompressed)
            case .zstd(let level): try PageCompressor(.zstd, level: Int(level))
            case .snappy: try PageCompressor(.snappy)
            case .gzip(let level): try PageCompressor(.gzip, level: Int(level))
            case .lz4: try PageCompressor(.lz4Raw)
            }
        }
    }

    /// A column that does not get smaller by it is left uncompressed.
    public var compression = Compression.zstd(level: 3)
    /// A page is at least this many rows, and ends with a multiple of them.
    public var pageRowCount = 1024
    /// A page ends when it has reached this size before compression, in bytes.
    public var pageByteCount = 64 << 10
    /// Pages of the second version of the format: levels apart from the values, uncompressed.
    public var writesDataPagesV2 = false
    /// Values in statistics are cut to this many bytes.
    public var statisticsByteLimit = 64
    /// The false-positive rate of Bloom filters.
    public var bloomFalsePositiveRate = 0.01
    /// By the column's path, its parts joined by a dot; others use `column`.
    public var columns: [String: ColumnSettings] = [:]
    public var column = ColumnSettings()
    /// The footer's `created_by`.
    public var createdBy = "terrabyte"

    public init() {}

    func column(_ leaf: SchemaLeaf) -> ColumnSettings { columns[leaf.path.joined(separator: ".")] ?? column }
}
