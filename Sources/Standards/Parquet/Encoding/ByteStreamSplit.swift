/// The first bytes of all values, then the second ones, and so on.
///
/// Source: [Encodings, byte stream split](https://parquet.apache.org/docs/file-format/data-pages/encodings/#BYTESTREAMSPLIT).
enum ByteStreamSplit {
    /// Fills `output` with values of `width` bytes.
    static func decode(
        _ bytes: UnsafeRawBufferPointer, width: Int, into output: UnsafeMutableRawBufferPointer
    ) throws(ParquetError) {
        guard bytes.count == output.count else {
            throw .truncated(.values, needed: output.count, available: bytes.count)
        }
        guard width > 0, let source = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self),
            let target = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        else { return }
        // In bounds: count * width is the size of both.
        let count = bytes.count / width
        for stream in 0..<width {
            let start = source + stream * count
            var position = target + stream
            for index in 0..<count {
                position.pointee = start[index]
                position += width
            }
        }
    }
}
