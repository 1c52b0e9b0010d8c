/// A file in memory.
public struct MemoryByteSource: ByteSource {
    private let bytes: [UInt8]

    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    public var byteCount: Int { bytes.count }

    public func withBytes<Result>(
        in ranges: [Range<Int>], _ body: ([UnsafeRawBufferPointer]) throws(ParquetError) -> Result
    ) throws(ParquetError) -> Result {
        try check(ranges)
        return try bytes.withUnsafeBufferPointer { (bytes) throws(ParquetError) in
            let bytes = UnsafeRawBufferPointer(bytes)
            return try body(ranges.map { UnsafeRawBufferPointer(rebasing: bytes[$0]) })
        }
    }
}
