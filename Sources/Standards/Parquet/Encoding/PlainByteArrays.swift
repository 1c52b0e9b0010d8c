/// Byte arrays, each with its length in four bytes before it.
///
/// Source: [Encodings, plain](https://parquet.apache.org/docs/file-format/data-pages/encodings/#PLAIN).
enum PlainByteArrays {
    /// - Parameter byteCountLimit: Of all byte arrays in `arrays`; at most `UInt32.max`.
    static func append(
        _ bytes: UnsafeRawBufferPointer, count: Int, byteCountLimit: Int, _ part: ParquetPart,
        to arrays: inout ByteArrays
    ) throws(ParquetError) {
        guard count <= bytes.count / 4 else { throw .truncated(part, needed: count, available: bytes.count / 4) }
        guard count > 0, let base = bytes.baseAddress else { return }
        let start = arrays.bytes.count
        // Upper bound for the content; the true size is known behind the loop.
        guard bytes.count <= byteCountLimit - start else {
            throw .tooLarge(part, start + bytes.count, limit: byteCountLimit)
        }
        var total = 0
        try arrays.offsets.append(count: count) { (offsets) throws(ParquetError) in
            var at = 0
            for index in 0..<count {
                guard bytes.count &- at >= 4 else { throw .truncated(part, needed: 4, available: bytes.count - at) }
                let length = Int(base.loadUnaligned(fromByteOffset: at, as: UInt32.self))
                at &+= 4
                guard length <= bytes.count &- at else {
                    throw .truncated(part, needed: length, available: bytes.count - at)
                }
                at &+= length
                total &+= length
                offsets[index] = UInt32(truncatingIfNeeded: start &+ total)
            }
        }
        try arrays.bytes.append(count: total) { output in
            guard var target = output.baseAddress.map({ UnsafeMutableRawPointer($0) }) else { return }
            var source = base
            for _ in 0..<count {
                let length = Int(source.loadUnaligned(as: UInt32.self))
                target.copyMemory(from: source + 4, byteCount: length)
                source += 4 &+ length
                target += length
            }
        }
    }
}
