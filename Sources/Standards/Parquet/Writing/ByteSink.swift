/// Takes a file's bytes from its first to its last.
public protocol ByteSink {
    mutating func write(_ bytes: [UInt8]) throws(ParquetError)
}

/// Writes a file into memory.
public struct MemoryByteSink: ByteSink, Sendable {
    public private(set) var bytes: [UInt8] = []

    public init() {}

    public mutating func write(_ bytes: [UInt8]) { self.bytes.append(contentsOf: bytes) }
}
