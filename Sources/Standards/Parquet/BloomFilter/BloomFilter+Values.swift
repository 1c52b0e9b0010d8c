/// Hashes of values, and questions about them. The type has to be the column's physical one.
extension BloomFilter {
    public static func hash(_ value: Int32) -> UInt64 { hash(bitsOf: value.littleEndian) }
    public static func hash(_ value: Int64) -> UInt64 { hash(bitsOf: value.littleEndian) }
    public static func hash(_ value: Float) -> UInt64 { hash(bitsOf: value.bitPattern.littleEndian) }
    public static func hash(_ value: Double) -> UInt64 { hash(bitsOf: value.bitPattern.littleEndian) }

    public static func hash(_ value: String) -> UInt64 {
        var value = value
        return value.withUTF8 { hash(UnsafeRawBufferPointer($0)) }
    }

    public static func hash(_ value: [UInt8]) -> UInt64 { value.withUnsafeBytes { hash($0) } }

    public func mayContain(_ value: Int32) -> Bool { mayContain(hash: Self.hash(value)) }
    public func mayContain(_ value: Int64) -> Bool { mayContain(hash: Self.hash(value)) }
    /// Zeros differ by their sign, and NaN by its bits.
    public func mayContain(_ value: Double) -> Bool { mayContain(hash: Self.hash(value)) }
    public func mayContain(_ value: String) -> Bool { mayContain(hash: Self.hash(value)) }

    private static func hash(bitsOf value: some FixedWidthInteger) -> UInt64 {
        withUnsafeBytes(of: value) { hash($0) }
    }
}
