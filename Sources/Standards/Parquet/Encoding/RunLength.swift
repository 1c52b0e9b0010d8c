/// Runs of equal values and of bit-packed ones, by turns.
///
/// Source: [Encodings, RLE / bit-packing hybrid](https://parquet.apache.org/docs/file-format/data-pages/encodings/#RLE).
enum RunLength {
    /// Decodes as many values as fit into `output`, of `width` bits each.
    ///
    /// - Throws: `ParquetError.truncated` when `bytes` hold fewer, `.malformed` for a width above that of `Value`.
    @inline(__always)
    static func decode<Value: FixedWidthInteger & UnsignedInteger>(
        _ bytes: UnsafeRawBufferPointer, width: Int, into output: UnsafeMutableBufferPointer<Value>, _ part: ParquetPart
    ) throws(ParquetError) {
        guard width <= Value.bitWidth else { throw .malformed(part, "\(width) bits to a value") }
        var input = EncodedBytes(bytes, part)
        var done = 0
        while done < output.count {
            let header = try input.varint()
            let left = output.count - done
            if header & 1 == 1 {
                let count = Int(min(header >> 1, UInt64(left / 8 + 1))) * 8
                // Some writers cut the last group of eight off behind its last value.
                let packed = min(BitPacking.byteCount(count, width: width), input.rest.count)
                let taken = min(count, left)
                guard BitPacking.byteCount(taken, width: width) <= packed else {
                    throw .truncated(part, needed: BitPacking.byteCount(taken, width: width), available: packed)
                }
                BitPacking.unpack(
                    try input.take(packed), width: width,
                    into: UnsafeMutableBufferPointer(rebasing: output[done..<done + taken]))
                done += taken
            } else {
                let count = Int(min(header >> 1, UInt64(left)))
                let encoded = try input.take((width + 7) / 8)
                var value: UInt64 = 0
                for (index, byte) in encoded.enumerated() { value |= UInt64(byte) << UInt64(8 * index) }
                guard let value = Value(exactly: value) else { throw .malformed(part, "run of \(value)") }
                UnsafeMutableBufferPointer(rebasing: output[done..<done + count]).update(repeating: value)
                done += count
            }
        }
    }

    /// Not generic, for levels and booleans.
    static func decodeBytes(
        _ bytes: UnsafeRawBufferPointer, width: Int, into output: UnsafeMutableBufferPointer<UInt8>, _ part: ParquetPart
    ) throws(ParquetError) {
        try decode(bytes, width: width, into: output, part)
    }

    /// Decodes indices into a dictionary, the width of which stands before them.
    static func decodeIndices(
        _ bytes: UnsafeRawBufferPointer, dictionaryCount: Int, into output: UnsafeMutableBufferPointer<UInt32>
    ) throws(ParquetError) {
        var input = EncodedBytes(bytes, .values)
        let width = Int(try input.byte())
        try decode(input.rest, width: width, into: output, .values)
        var maximum: UInt32 = 0
        for index in output { maximum = max(maximum, index) }
        guard output.isEmpty || maximum < dictionaryCount else {
            throw .malformed(.values, "index \(maximum) into a dictionary of \(dictionaryCount)")
        }
    }
}
