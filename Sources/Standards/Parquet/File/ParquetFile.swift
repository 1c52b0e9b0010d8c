/// Reads a Parquet file.
///
///     let file = try ParquetFile(FileByteSource(path: "items.parquet"))
///     let leaf = file.schema.leaf(at: ["datetime"])!
///     for rowGroup in file.rowGroups.indices {
///         let column = try file.readColumn(leaf, rowGroup: rowGroup)
///     }
///
/// The footer is read once; everything else when it is asked for, each time anew. A file can be read by any number of
/// threads at once. The file is untrusted input: ranges outside of it, or beyond the limits, are errors.
///
/// Source: [Parquet file format](https://parquet.apache.org/docs/file-format/).
public final class ParquetFile: Sendable {
    public let metadata: FileMetadata
    public let limits: ReaderLimits
    /// Whether pages that have a checksum are compared with it.
    public let verifiesChecksums: Bool
    let source: any ByteSource
    let decompressors: DecompressorPool
    /// Offset of the footer.
    private let footerOffset: Int

    /// Reads the footer.
    ///
    /// - Parameter columns: Selects columns by their indices among the schema's leaves; the footer's metadata of the
    ///   others is skipped. For a few columns of hundreds this is five times as fast. `nil`: all.
    /// - Throws: `ParquetError`: `.notParquet`, `.encrypted`, `.tooLarge` for a footer above the limit, `.truncated`,
    ///   `.malformed`, `.missingField` or `.unsupported` for its content.
    public init(
        _ source: any ByteSource, limits: ReaderLimits = ReaderLimits(), verifiesChecksums: Bool = true,
        columns: ((FileSchema) -> Set<Int>)? = nil
    ) throws(ParquetError) {
        self.source = source
        self.limits = limits
        self.verifiesChecksums = verifiesChecksums
        decompressors = DecompressorPool()
        (metadata, footerOffset) = try Self.withFooter(of: source, limits) { (footer) throws(ParquetError) in
            var reader = ThriftCompactReader(footer, .footer)
            return (try FileMetadata(from: &reader, columns: columns), source.byteCount - 8 - footer.count)
        }
    }

    /// The same file with the metadata of all columns of some row groups, where only the selected columns were read
    /// before.
    ///
    /// - Throws: As `init`; `.invalidRequest` for a row group that the file does not have.
    public func completing(_ rowGroups: [Int]) throws(ParquetError) -> ParquetFile {
        var metadata = metadata
        for rowGroup in rowGroups {
            guard metadata.rowGroups.indices.contains(rowGroup) else {
                throw .invalidRequest("there is no row group \(rowGroup), the file has \(metadata.rowGroups.count)")
            }
            guard metadata.rowGroups[rowGroup].columnPositions != nil,
                let range = metadata.rowGroups[rowGroup].footerRange
            else { continue }
            let fileRange = range.lowerBound + footerOffset..<range.upperBound + footerOffset
            metadata.rowGroups[rowGroup] = try source.withBytes(in: fileRange) { (bytes) throws(ParquetError) in
                try RowGroupMetadata.read(bytes, .rowGroup).value
            }
        }
        return ParquetFile(self, metadata)
    }

    private init(_ other: ParquetFile, _ metadata: FileMetadata) {
        self.metadata = metadata
        limits = other.limits
        verifiesChecksums = other.verifiesChecksums
        source = other.source
        decompressors = other.decompressors
        footerOffset = other.footerOffset
    }

    /// Reads the row count and the key-values only.
    public static func head(
        of source: some ByteSource, limits: ReaderLimits = ReaderLimits()
    ) throws(ParquetError) -> FileMetadata.Head {
        if let head = try headAlone(of: source, limits) { return head }
        return try withFooter(of: source, limits) { (footer) throws(ParquetError) in
            try FileMetadata.Head(footer: footer)
        }
    }

    /// The head from the beginning of the footer, which may be megabytes long; `nil` when that is not enough.
    private static func headAlone(
        of source: some ByteSource, _ limits: ReaderLimits
    ) throws(ParquetError) -> FileMetadata.Head? {
        guard source.byteCount >= 12 else { throw .notParquet }
        let length = try source.withBytes(in: source.byteCount - 8..<source.byteCount) { (bytes) throws(ParquetError) in
            guard bytes.suffix(4).elementsEqual("PAR1".utf8) else { return 0 }
            return Int(UInt32(littleEndian: bytes.loadUnaligned(as: UInt32.self)))
        }
        guard length > tailByteCount, length <= source.byteCount - 12, length <= limits.footerByteCount else {
            return nil
        }
        let start = source.byteCount - 8 - length
        return try source.withBytes(in: start..<start + tailByteCount) { (bytes) throws(ParquetError) in
            do throws(ParquetError) {
                return try FileMetadata.Head(footer: bytes)
            } catch {
                return nil
            }
        }
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
