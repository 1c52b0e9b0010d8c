/// The header before each page.
public struct PageHeader: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        case data(DataPageHeader)
        case dataV2(DataPageHeaderV2)
        case dictionary(DictionaryPageHeader)
        /// Reserved by the format, never written; skipped.
        case index
    }

    public var kind: Kind
    /// Size without this header, in bytes.
    public var uncompressedByteCount: Int
    /// Size in the file without this header, in bytes.
    public var compressedByteCount: Int
    /// CRC-32 (of gzip) over the page's bytes as they are in the file.
    public var checksum: UInt32?

    public init(kind: Kind, uncompressedByteCount: Int, compressedByteCount: Int, checksum: UInt32? = nil) {
        self.kind = kind
        self.uncompressedByteCount = uncompressedByteCount
        self.compressedByteCount = compressedByteCount
        self.checksum = checksum
    }

    /// The header in the Thrift compact protocol.
    public var bytes: [UInt8] { thriftBytes }

    /// Reads the header that `bytes` begin with.
    public static func read(
        _ bytes: UnsafeRawBufferPointer
    ) throws(ParquetError) -> (header: PageHeader, byteCount: Int) {
        let (header, byteCount) = try read(bytes, .pageHeader)
        return (header, byteCount)
    }
}

/// Of a page whose levels are packed together with its values.
public struct DataPageHeader: Hashable, Sendable {
    /// With nulls and empty lists.
    public var valueCount: Int
    public var encoding: Encoding
    public var definitionLevelEncoding: Encoding
    public var repetitionLevelEncoding: Encoding
    public var statistics: ColumnStatistics?

    public init(
        valueCount: Int, encoding: Encoding, definitionLevelEncoding: Encoding = .rle,
        repetitionLevelEncoding: Encoding = .rle, statistics: ColumnStatistics? = nil
    ) {
        self.valueCount = valueCount
        self.encoding = encoding
        self.definitionLevelEncoding = definitionLevelEncoding
        self.repetitionLevelEncoding = repetitionLevelEncoding
        self.statistics = statistics
    }
}

/// Of a page whose levels stand unpacked before its values.
public struct DataPageHeaderV2: Hashable, Sendable {
    /// With nulls and empty lists.
    public var valueCount: Int
    public var nullCount: Int
    public var rowCount: Int
    public var encoding: Encoding
    public var definitionLevelsByteCount: Int
    public var repetitionLevelsByteCount: Int
    public var isCompressed: Bool
    public var statistics: ColumnStatistics?

    public init(
        valueCount: Int, nullCount: Int, rowCount: Int, encoding: Encoding, definitionLevelsByteCount: Int,
        repetitionLevelsByteCount: Int, isCompressed: Bool = true, statistics: ColumnStatistics? = nil
    ) {
        self.valueCount = valueCount
        self.nullCount = nullCount
        self.rowCount = rowCount
        self.encoding = encoding
        self.definitionLevelsByteCount = definitionLevelsByteCount
        self.repetitionLevelsByteCount = repetitionLevelsByteCount
        self.isCompressed = isCompressed
        self.statistics = statistics
    }
}

public struct DictionaryPageHeader: Hashable, Sendable {
    public var valueCount: Int
    public var encoding: Encoding
    public var isSorted: Bool?

    public init(valueCount: Int, encoding: Encoding = .plain, isSorted: Bool? = nil) {
        self.valueCount = valueCount
        self.encoding = encoding
        self.isSorted = isSorted
    }
}
