/// Writes small unsigned integers as runs of one value and groups of packed bits, the shorter of both.
///
/// Source: [Parquet encodings, RLE](https://parquet.apache.org/docs/file-format/data-pages/encodings/#RLE).
struct RunLengthEncoder {
    /// Bits that hold the largest value; 0 to 32.
    let bitWidth: Int

    /// Values in a group of packed bits; a run of fewer is packed as well.
    private static let groupCount = 8

    /// The bits that the values up to `maximum` need.
    static func bitWidth(maximum: UInt32) -> Int { UInt32.bitWidth - maximum.leadingZeroBitCount }

    func encode<Value: FixedWidthInteger & UnsignedInteger>(
        _ values: UnsafeBufferPointer<Value>, into output: inout [UInt8]
    ) {
        // From here to the current run stand values that are to be packed.
        var literalStart = 0
        var at = 0
        while at < values.count {
            let value = values[at]
            var end = at + 1
            while end < values.count, values[end] == value { end += 1 }
            // A group is filled from the run that follows it.
            let pending = (at - literalStart) % Self.groupCount
            let filling = pending == 0 ? 0 : Self.groupCount - pending
            if end - at - filling >= Self.groupCount {
                pack(UnsafeBufferPointer(rebasing: values[literalStart..<at + filling]), into: &output)
                repeated(UInt32(truncatingIfNeeded: value), count: end - at - filling, into: &output)
                literalStart = end
            }
            at = end
        }
        pack(UnsafeBufferPointer(rebasing: values[literalStart...]), into: &output)
    }

    private func repeated(_ value: UInt32, count: Int, into output: inout [UInt8]) {
        output.appendVariableLength(UInt64(count) << 1)
        for byte in 0..<(bitWidth + 7) / 8 { output.append(UInt8(truncatingIfNeeded: value >> UInt32(8 * byte))) }
    }

    /// The last group is filled with zeros.
    private func pack<Value: FixedWidthInteger & UnsignedInteger>(
        _ values: UnsafeBufferPointer<Value>, into output: inout [UInt8]
    ) {
        guard !values.isEmpty else { return }
        let groups = (values.count + Self.groupCount - 1) / Self.groupCount
        output.appendVariableLength(UInt64(groups) << 1 | 1)
        packBits(values, paddedCount: groups * Self.groupCount, bitWidth: bitWidth, into: &output)
    }
}

/// Appends the low `bitWidth` bits of each value, the first value in the lowest bits, then zeros as if there were
/// `paddedCount` values.
func packBits<Value: FixedWidthInteger & UnsignedInteger>(
    _ values: UnsafeBufferPointer<Value>, paddedCount: Int, bitWidth: Int, into output: inout [UInt8]
) {
    let byteCount = (paddedCount * bitWidth + 7) / 8
    let end = output.count + byteCount
    output.reserveCapacity(end)
    // Up to 7 bits of the last value's byte and 64 of the next value are pending at once.
    var low: UInt64 = 0
    var used = 0
    for value in values {
        let bits = UInt64(truncatingIfNeeded: value)
        low |= bits << UInt64(used)
        let total = used + bitWidth
        if total >= 64 {
            output.appendLittleEndian(low)
            // A shift by 64 gives 0.
            low = bits >> UInt64(64 - used)
            used = total - 64
        } else {
            used = total
        }
    }
    while used > 0 {
        output.append(UInt8(truncatingIfNeeded: low))
        low >>= 8
        used -= 8
    }
    while output.count < end { output.append(0) }
}
