import Compression

/// Compresses pages and reuses the libraries' contexts. Use one per thread.
final class PageCompressor {
    let codec: CompressionCodec
    private let zstd: ZstdCompressor?
    private let gzip: GzipEncoder?

    /// - Parameter level: Of zstd (1 to 22, default 3) and gzip (0 to 9, default 6); the others have none.
    /// - Throws: `ParquetError.unsupported` for LZO, Brotli, and the deprecated LZ4, which are only read.
    init(_ codec: CompressionCodec, level: Int? = nil) throws(ParquetError) {
        self.codec = codec
        switch codec {
        case .uncompressed, .snappy, .lz4Raw, .zstd, .gzip: break
        case .lzo, .brotli, .lz4: throw .unsupported(.page, "writing with codec \(codec)")
        }
        do throws(CompressionError) {
            zstd = codec == .zstd ? try ZstdCompressor(level: Int32(clamping: level ?? 3)) : nil
            gzip = codec == .gzip ? try GzipEncoder(level: Int32(clamping: level ?? 6)) : nil
        } catch {
            throw .compression(codec, "\(error)")
        }
    }

    /// Appends the packed form of `page`.
    func compress(_ page: UnsafeRawBufferPointer, into output: inout [UInt8]) throws(ParquetError) {
        do throws(CompressionError) {
            switch codec {
            case .snappy: try Snappy.compress(page, into: &output)
            case .lz4Raw: try LZ4Block.compress(page, into: &output)
            case .zstd: try zstd?.compress(page, into: &output)
            case .gzip:
                try gzip?.append(page, into: &output)
                try gzip?.finish(into: &output)
            default: output.append(contentsOf: page)
            }
        } catch {
            throw .compression(codec, "\(error)")
        }
    }
}
