extension [UInt8] {
    /// Seven bits a byte, the lowest first; the eighth is set when more follow (ULEB128).
    @inline(__always)
    mutating func appendVariableLength(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }

    @inline(__always)
    mutating func appendZigZag(_ value: Int64) {
        appendVariableLength(UInt64(bitPattern: value << 1 ^ value >> 63))
    }

    @inline(__always)
    mutating func appendLittleEndian<Value: FixedWidthInteger>(_ value: Value) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }
}
