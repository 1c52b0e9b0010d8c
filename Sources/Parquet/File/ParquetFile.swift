/// Reads a Parquet file.
///
///     let file = try ParquetFile(FileByteSource(path: "items.parquet"))
///     let leaf = file.schema.leaf(at: ["datetime"])!
///     for rowGroup in file.rowGroups.indices {
///         let column = try file.readColumn(leaf, rowGroup: rowGroup)
///     }
///
/// The footer is read once; everything else when it is asked for, each time anew. A file can be read by any number of
/// threads at once. What the file says is not believed: what lies outside of it, or beyond the limits, is an error.
///
/// Source: [Parquet file format](https://parquet.apache.org/docs/file-format/).
public final class ParquetFile: Sendable {
    public let metadata: FileMetadata
    public let limits: ReaderLimits
    /// Whether pages that have a checksum are compared with it.
    public let verifiesChecksums: Bool
    let source: any ByteSource
    let decompressors = DecompressorPool()

    /// Reads the footer.
    ///
    /// - Throws: `ParquetError`: `.notParquet`, `.encrypted`, `.tooLarge` for a footer above the limit, `.truncated`,
    ///   `.malformed`, `.missingField` or `.unsupported` for what is in it.
    public init(
        _ source: any ByteSource, limits: ReaderLimits = ReaderLimits(), verifiesChecksums: Bool = true
    ) throws(ParquetError) {
        self.source = source
        self.limits = limits
        self.verifiesChecksums = verifiesChecksums
        metadata = try Self.withFooter(of: source, limits) { (footer) throws(ParquetError) in
            try FileMetadata(footer: footer)
        }
    }

    /// Reads the row count and the key-values only.
    public static func head(
        of source: some ByteSource, limits: ReaderLimits = ReaderLimits()
    ) throws(ParquetError) -> FileMetadata.Head {
        try withFooter(of: source, limits) { (footer) throws(ParquetError) in try FileMetadata.Head(footer: footer) }
    }

    public var schema: FileSchema { metadata.schema }
    public var rowGroups: [RowGroupMetadata] { metadata.rowGroups }

    /// Most footers are smaller, so that one request gets all, in bytes.
    private static let tailByteCount = 64 << 10

    private static func withFooter<Result>(
        of source: any ByteSource, _ limits: ReaderLimits,
        _ body: (UnsafeRawBufferPointer) throws(ParquetError) -> Result
    ) throws(ParquetError) -> Result {
        // Magic bytes at both ends, and the footer's length.
        guard source.byteCount >= 12 else { throw .notParquet }
        let tail = source.byteCount - min(tailByteCount, source.byteCount)..<source.byteCount
        var length = 0
        let result: Result? = try source.withBytes(in: tail) { (bytes) throws(ParquetError) in
            let end = bytes.suffix(8)
            switch Array(end.suffix(4)) {
            case Array("PAR1".utf8): break
            case Array("PARE".utf8): throw .encrypted
            default: throw .notParquet
            }
            length = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: end.startIndex, as: UInt32.self)))
            guard length <= source.byteCount - 12 else {
                throw .truncated(.footer, needed: length, available: source.byteCount - 12)
            }
            guard length <= limits.footerByteCount else {
                throw .tooLarge(.footer, length, limit: limits.footerByteCount)
            }
            guard length <= bytes.count - 8 else { return nil }
            return try body(UnsafeRawBufferPointer(rebasing: bytes.dropLast(8).suffix(length)))
        }
        if let result { return result }
        return try source.withBytes(in: source.byteCount - 8 - length..<source.byteCount - 8, body)
    }
}
