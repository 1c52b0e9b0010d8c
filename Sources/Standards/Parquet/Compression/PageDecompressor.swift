import Compression

/// Decompresses pages of any codec and reuses the libraries' contexts.
///
/// `@unchecked Sendable`: `DecompressorPool` hands it to one thread at a time.
final class PageDecompressor: @unchecked Sendable {
    private var zstd: ZstdDecompressor?
    private var gzip: GzipDecompressor?

    /// Unpacks `page` into `output`, which it has to fill.
    func decompress(
        _ page: UnsafeRawBufferPointer, _ codec: CompressionCodec, into output: UnsafeMutableRawBufferPointer
    ) throws(ParquetError) {
        let written: Int
        do throws(CompressionError) {
            written = try decompressed(page, codec, into: output)
        } catch {
            throw .compression(codec, "\(error)")
        }
        guard written == output.count else {
            throw .compression(codec, "\(written) bytes of content, the header says \(output.count)")
        }
    }

    private func decompressed(
        _ page: UnsafeRawBufferPointer, _ codec: CompressionCodec, into output: UnsafeMutableRawBufferPointer
    ) throws(CompressionError) -> Int {
        switch codec {
        case .uncompressed:
            guard page.count == output.count else { return page.count }
            output.copyMemory(from: page)
            return page.count
        case .snappy: return try Snappy.decompress(page, into: output)
        case .gzip:
            let gzip = if let gzip { gzip } else { try GzipDecompressor() }
            self.gzip = gzip
            return try gzip.decompress(page, into: output)
        case .brotli: return try Brotli.decompress(page, into: output)
        case .zstd:
            let zstd = if let zstd { zstd } else { try ZstdDecompressor() }
            self.zstd = zstd
            return try zstd.decompress(page, into: output)
        case .lz4Raw: return try LZ4Block.decompress(page, into: output)
        case .lz4:
            // Writers differ: parquet-cpp before 0.17 wrote bare blocks.
            if let written = HadoopLZ4.decompress(page, into: output), written == output.count { return written }
            return try LZ4Block.decompress(page, into: output)
        case .lzo: throw CompressionError(.lz4, .failed("LZO is not supported"))
        }
    }
}
