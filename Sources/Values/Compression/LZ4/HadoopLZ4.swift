/// LZ4 blocks in the framing of Hadoop: each has its size before and after compression in front of it, big-endian.
///
/// Source: [Parquet compression, LZ4](https://parquet.apache.org/docs/file-format/data-pages/compression/).
public enum HadoopLZ4 {
    /// Unpacks all frames of `bytes` into `output`.
    ///
    /// - Returns: Size of the content, in bytes; `nil` when the bytes are not framed like this.
    public static func decompress(
        _ bytes: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) -> Int? {
        var at = 0
        var written = 0
        while at < bytes.count {
            guard bytes.count - at >= 8 else { return nil }
            let size = Int(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt32.self)))
            let blockSize = Int(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: at + 4, as: UInt32.self)))
            at += 8
            guard size <= output.count - written, blockSize <= bytes.count - at else { return nil }
            let block = UnsafeRawBufferPointer(rebasing: bytes[at..<at + blockSize])
            let room = UnsafeMutableRawBufferPointer(rebasing: output[written..<written + size])
            guard (try? LZ4Block.decompress(block, into: room)) == size else { return nil }
            at += blockSize
            written += size
        }
        return written
    }
}
