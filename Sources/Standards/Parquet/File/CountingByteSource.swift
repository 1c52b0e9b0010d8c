import Synchronization

/// Counts the bytes read from another source.
public final class CountingByteSource: ByteSource {
    private let source: any ByteSource
    private let counts = Mutex((bytes: 0, reads: 0))

    public init(_ source: any ByteSource) {
        self.source = source
    }

    public var byteCount: Int { source.byteCount }

    /// Bytes that were asked for so far.
    public var readByteCount: Int { counts.withLock { $0.bytes } }

    /// Calls so far.
    public var readCount: Int { counts.withLock { $0.reads } }

    public func withBytes<Result>(
        in ranges: [Range<Int>], _ body: ([UnsafeRawBufferPointer]) throws(ParquetError) -> Result
    ) throws(ParquetError) -> Result {
        counts.withLock { counts in
            counts.bytes += ranges.reduce(0) { $0 + $1.count }
            counts.reads += 1
        }
        return try source.withBytes(in: ranges, body)
    }
}
