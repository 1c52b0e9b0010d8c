/// Integers as differences to the one before, bit-packed in blocks.
///
/// Source: [Encodings, delta encoding](https://parquet.apache.org/docs/file-format/data-pages/encodings/#DELTAENC).
enum DeltaBinaryPacked {
    /// Writers use 128; a block has to fit into memory before it is validated.
    private static let blockSizeLimit = 1 << 16

    /// Decodes `output.count` values, which must be all.
    ///
    /// - Returns: The offset behind them.
    @inline(__always)
    static func decode<Value: FixedWidthInteger & SignedInteger>(
        _ bytes: UnsafeRawBufferPointer, into output: UnsafeMutableBufferPointer<Value>
    ) throws(ParquetError) -> UnsafeRawBufferPointer {
        var input = EncodedBytes(bytes, .values)
        let blockSize = try input.varint()
        let miniblockCount = try input.varint()
        let count = try input.varint()
        let first = try input.zigZag()
        guard blockSize > 0, blockSize <= blockSizeLimit, miniblockCount > 0, blockSize % miniblockCount == 0,
            (blockSize / miniblockCount) % 8 == 0
        else { throw .malformed(.values, "\(miniblockCount) miniblocks in a block of \(blockSize)") }
        guard count == UInt64(output.count) else {
            throw .malformed(.values, "\(count) delta-packed values, \(output.count) expected")
        }
        guard !output.isEmpty else { return input.rest }
        let miniblockSize = Int(blockSize / miniblockCount)
        // The sums wrap around, as the differences did: truncated to the type they are right.
        var value = first
        output[0] = Value(truncatingIfNeeded: value)
        var done = 1
        let deltas = UnsafeMutableBufferPointer<UInt64>.allocate(capacity: miniblockSize)
        defer { deltas.deallocate() }
        while done < output.count {
            let minimum = try input.zigZag()
            let widths = try input.take(Int(miniblockCount))
            for width in widths where done < output.count {
                guard width <= 64 else { throw .malformed(.values, "miniblock of \(width) bits") }
                let taken = min(miniblockSize, output.count - done)
                let needed = BitPacking.byteCount(taken, width: Int(width))
                // The last miniblock is padded, but some writers leave that out.
                let packed = min(BitPacking.byteCount(miniblockSize, width: Int(width)), input.rest.count)
                guard needed <= packed else { throw .truncated(.values, needed: needed, available: packed) }
                let part = UnsafeMutableBufferPointer(rebasing: deltas[0..<taken])
                unpack(try input.take(packed), Int(width), part)
                for delta in part {
                    value = value &+ minimum &+ Int64(bitPattern: delta)
                    output[done] = Value(truncatingIfNeeded: value)
                    done &+= 1
                }
            }
        }
        return input.rest
    }

    private static func unpack(
        _ bytes: UnsafeRawBufferPointer, _ width: Int, _ output: UnsafeMutableBufferPointer<UInt64>
    ) {
        BitPacking.unpack(bytes, width: width, into: output)
    }

    static func decodeInt32(
        _ bytes: UnsafeRawBufferPointer, into output: UnsafeMutableBufferPointer<Int32>
    ) throws(ParquetError) -> UnsafeRawBufferPointer {
        try decode(bytes, into: output)
    }

    static func decodeInt64(
        _ bytes: UnsafeRawBufferPointer, into output: UnsafeMutableBufferPointer<Int64>
    ) throws(ParquetError) -> UnsafeRawBufferPointer {
        try decode(bytes, into: output)
    }
}
