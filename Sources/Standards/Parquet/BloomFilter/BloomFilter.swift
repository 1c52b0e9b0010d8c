import Checksum

/// A split-block Bloom filter: says of a value that it is certainly not in a column chunk, or that it may be.
///
/// Source: [Bloom filter](https://parquet.apache.org/docs/file-format/bloomfilter/).
public struct BloomFilter: Hashable, Sendable {
    /// Of one block, in bytes: eight words of 32 bits, in each of which a value sets one bit.
    static let blockByteCount = 32
    static let byteCountLimit = 128 << 20

    /// Words of all blocks.
    private var words: [UInt32]

    /// An empty filter that, with `distinctCount` values in it, takes a value for one of them with the probability
    /// `falsePositiveRate` (0 to 1).
    ///
    /// The size is a power of two from 32 bytes to 128 MiB.
    public init(distinctCount: Int, falsePositiveRate: Double) {
        self.init(byteCount: Self.byteCount(distinctCount: distinctCount, falsePositiveRate: falsePositiveRate))
    }

    private init(byteCount: Int) {
        words = [UInt32](repeating: 0, count: byteCount / 4)
    }

    /// A filter as it stands in a file, behind its header.
    public init(bytes: UnsafeRawBufferPointer) throws(ParquetError) {
        guard bytes.count >= Self.blockByteCount, bytes.count % Self.blockByteCount == 0 else {
            throw .malformed(.bloomFilter, "\(bytes.count) bytes, not a multiple of \(Self.blockByteCount)")
        }
        guard bytes.count <= Self.byteCountLimit else {
            throw .tooLarge(.bloomFilter, bytes.count, limit: Self.byteCountLimit)
        }
        words = (0..<bytes.count / 4).map {
            UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self))
        }
    }

    /// Size of the filter without its header, in bytes.
    public var byteCount: Int { words.count * 4 }

    /// The filter as it stands in a file, behind its header.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(byteCount)
        for word in words { withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) } }
        return bytes
    }

    /// Hash of a value in PLAIN encoding, byte arrays without their length.
    public static func hash(_ value: UnsafeRawBufferPointer) -> UInt64 { XXHash64.hash(value) }

    public mutating func insert(_ value: UnsafeRawBufferPointer) { insert(hash: Self.hash(value)) }

    public mutating func insert(hash: UInt64) {
        let start = firstWord(hash)
        for index in 0..<8 { words[start + index] |= Self.bit(hash, index) }
    }

    /// Whether the value may have been inserted.
    public func mayContain(_ value: UnsafeRawBufferPointer) -> Bool { mayContain(hash: Self.hash(value)) }

    public func mayContain(hash: UInt64) -> Bool {
        let start = firstWord(hash)
        return (0..<8).allSatisfy { words[start + $0] & Self.bit(hash, $0) != 0 }
    }

    /// The upper half of the hash chooses the block.
    private func firstWord(_ hash: UInt64) -> Int {
        Int(((hash >> 32) &* UInt64(words.count / 8)) >> 32) * 8
    }

    /// The lower half of the hash chooses a bit in each word.
    private static func bit(_ hash: UInt64, _ index: Int) -> UInt32 {
        1 &<< ((UInt32(truncatingIfNeeded: hash) &* salts[index]) >> 27)
    }

    private static let salts: [UInt32] = [
        0x47b6_137b, 0x4497_4d91, 0x8824_ad5b, 0xa2b7_289d, 0x7054_95c7, 0x2df1_424b, 0x9efc_4947, 0x5c6b_fb31,
    ]
}
