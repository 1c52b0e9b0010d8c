/// The compression of pages.
///
/// Source: [Compression](https://parquet.apache.org/docs/file-format/data-pages/compression/).
public enum CompressionCodec: Int32, Hashable, Sendable, CaseIterable {
    case uncompressed = 0
    case snappy, gzip, lzo, brotli
    /// Deprecated: LZ4 blocks with or without the framing of Hadoop, or LZ4 frames.
    case lz4
    case zstd
    /// LZ4 blocks.
    case lz4Raw
}
