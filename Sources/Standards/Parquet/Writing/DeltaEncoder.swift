/// Writes integers as differences from one to the next, packed in blocks.
///
/// Source: [Parquet encodings, DELTA_BINARY_PACKED](
/// https://parquet.apache.org/docs/file-format/data-pages/encodings/#DELTA_BINARY_PACKED).
enum DeltaEncoder {
    private static let blockCount = 128
    private static let miniblockCount = 32

    /// - Parameter isNarrow: Whether the values are of 32 bits: differences wrap around in as many.
    static func encode(_ values: UnsafeBufferPointer<Int64>, isNarrow: Bool = false, into output: inout [UInt8]) {
        @inline(__always) func difference(_ index: Int) -> Int64 {
            let difference = values[index] &- values[index - 1]
            return isNarrow ? Int64(Int32(truncatingIfNeeded: difference)) : difference
        }
        output.appendVariableLength(UInt64(blockCount))
        output.appendVariableLength(UInt64(blockCount / miniblockCount))
        output.appendVariableLength(UInt64(values.count))
        output.appendZigZag(values.first ?? 0)
        var deltas: [UInt64] = []
        deltas.reserveCapacity(blockCount)
        var at = 1
        while at < values.count {
            let end = min(at + blockCount, values.count)
            var least = Int64.max
            for index in at..<end { least = min(least, difference(index)) }
            deltas.removeAll(keepingCapacity: true)
            for index in at..<end { deltas.append(UInt64(bitPattern: difference(index) &- least)) }
            block(deltas, least: least, into: &output)
            at = end
        }
    }

    private static func block(_ deltas: [UInt64], least: Int64, into output: inout [UInt8]) {
        output.appendZigZag(least)
        let starts = stride(from: 0, to: blockCount, by: miniblockCount)
        let widths = starts.map { start -> Int in
            guard start < deltas.count else { return 0 }
            let bits = deltas[start..<min(start + miniblockCount, deltas.count)].reduce(0, |)
            return UInt64.bitWidth - bits.leadingZeroBitCount
        }
        for width in widths { output.append(UInt8(width)) }
        deltas.withUnsafeBufferPointer { deltas in
            for (start, width) in zip(starts, widths) where start < deltas.count {
                let miniblock = deltas[start..<min(start + miniblockCount, deltas.count)]
                packBits(
                    UnsafeBufferPointer(rebasing: miniblock), paddedCount: miniblockCount, bitWidth: width,
                    into: &output)
            }
        }
    }
}
