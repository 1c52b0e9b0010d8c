/// Byte arrays whose lengths, or whose common beginnings, are delta-packed.
///
/// Sources: [Encodings, delta-length](https://parquet.apache.org/docs/file-format/data-pages/encodings/#DELTALENGTH),
/// [delta strings](https://parquet.apache.org/docs/file-format/data-pages/encodings/#DELTASTRING).
enum DeltaByteArrays {
    /// Lengths, then all bytes.
    static func appendDeltaLength(
        _ bytes: UnsafeRawBufferPointer, count: Int, byteCountLimit: Int, to arrays: inout ByteArrays
    ) throws(ParquetError) {
        let (lengths, content) = try lengths(bytes, count)
        var total = 0
        for length in lengths {
            guard length >= 0, Int(length) <= content.count - total else {
                throw .truncated(.values, needed: Int(length), available: content.count - total)
            }
            total += Int(length)
        }
        let start = arrays.bytes.count
        guard total <= byteCountLimit - start else { throw .tooLarge(.values, start + total, limit: byteCountLimit) }
        arrays.bytes.append(contentsOf: content.prefix(total))
        try arrays.offsets.append(count: count) { offsets in
            var end = start
            for (index, length) in lengths.enumerated() {
                end &+= Int(length)
                offsets[index] = UInt32(truncatingIfNeeded: end)
            }
        }
    }

    /// The length of each value's prefix in common with the previous one; then the suffixes, as `appendDeltaLength`.
    static func append(
        _ bytes: UnsafeRawBufferPointer, count: Int, byteCountLimit: Int, to arrays: inout ByteArrays
    ) throws(ParquetError) {
        let (prefixes, rest) = try lengths(bytes, count)
        var suffixes = ByteArrays()
        try appendDeltaLength(rest, count: count, byteCountLimit: Int(UInt32.max), to: &suffixes)
        let start = arrays.bytes.count
        // The sizes first: a prefix costs a few bits in the file and any number of bytes here.
        var total = 0
        var previous = 0
        for index in 0..<count {
            let prefix = Int(prefixes[index])
            guard prefix >= 0, prefix <= previous else {
                throw .malformed(.values, "prefix of \(prefix) bytes after an array of \(previous)")
            }
            previous = prefix + suffixes.range(index).count
            total += previous
            guard total <= byteCountLimit - start else {
                throw .tooLarge(.values, start + total, limit: byteCountLimit)
            }
        }
        try arrays.offsets.append(count: count) { offsets in
            var end = start
            for index in 0..<count {
                end &+= Int(prefixes[index]) &+ suffixes.range(index).count
                offsets[index] = UInt32(truncatingIfNeeded: end)
            }
        }
        try arrays.bytes.append(count: total) { output in
            guard let base = output.baseAddress else { return }
            suffixes.bytes.withUnsafeBufferPointer { suffixBytes in
                var target = base
                var previous = base
                for index in 0..<count {
                    let prefix = Int(prefixes[index])
                    let suffix = suffixes.range(index)
                    target.update(from: previous, count: prefix)
                    if !suffix.isEmpty {
                        (target + prefix).update(
                            from: suffixBytes.baseAddress! + suffix.lowerBound, count: suffix.count)
                    }
                    previous = target
                    target += prefix + suffix.count
                }
            }
        }
    }

    private static func lengths(
        _ bytes: UnsafeRawBufferPointer, _ count: Int
    ) throws(ParquetError) -> ([Int32], UnsafeRawBufferPointer) {
        var lengths: [Int32] = []
        var rest = bytes
        try lengths.append(count: count) { (output) throws(ParquetError) in
            rest = try DeltaBinaryPacked.decodeInt32(bytes, into: output)
        }
        return (lengths, rest)
    }
}
