import Compression

/// Packs pages with one codec; keeps its contexts from page to page. Use one per thread.
final class PageCompressor {
    let codec: CompressionCodec
    private let zstd: ZstdCompressor?
    private let compression: WriterSettings.Compression

    init(_ compression: WriterSettings.Compression) throws(ParquetError) {
        self.compression = compression
        switch compression {
        case .uncompressed: codec = .uncompressed
        case .zstd: codec = .zstd
        case .snappy: codec = .snappy
        case .gzip: codec = .gzip
        case .lz4: codec = .lz4Raw
        }
        guard case .zstd(let level) = compression else {
            zstd = nil
            return
        }
        do {
            zstd = try ZstdCompressor(level: level)
        } catch {
            throw .compression(.zstd, error.description)
        }
    }

    /// Appends `content`, packed.
    func compress(_ content: UnsafeRawBufferPointer, into output: inout [UInt8]) throws(ParquetError) {
        do {
            switch compression {
            case .uncompressed: output.append(contentsOf: content)
            case .zstd: try zstd?.compress(content, into: &output)
            case .snappy, .gzip, .lz4: preconditionFailure("TODO")
            }
        } catch {
            throw .compression(codec, error.description)
        }
    }
}
