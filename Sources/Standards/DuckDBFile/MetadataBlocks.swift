/// Blocks of a database file that hold metadata: each has 64 parts, and a chain of parts holds one text of bytes.
struct MetadataBlocks {
    /// Bytes of a block, its checksum among them.
    static let blockByteCount = 262_144
    /// Bytes of the database that come before the first block: three headers.
    static let headerByteCount = 4_096
    static let partsInBlock = 64
    /// A 64th of a block without its checksum, in whole words.
    static let partByteCount = (blockByteCount - 8) / partsInBlock / 8 * 8
    /// The bytes of a part after the position of the next one.
    static let contentByteCount = partByteCount - 8
    /// Positions that lead nowhere.
    static let nowhere = UInt64.max
    /// Largest number of blocks: the list of free parts must fit into one part.
    static let blockLimit = (contentByteCount - 24) / 16

    private var parts: [[UInt8]] = []

    /// - Returns: The start of the chain.
    mutating func append(_ content: [UInt8]) -> UInt64 {
        let first = parts.count
        for start in stride(from: 0, to: max(content.count, 1), by: Self.contentByteCount) {
            let end = min(start + Self.contentByteCount, content.count)
            var part: [UInt8] = []
            part.reserveCapacity(Self.partByteCount)
            part.appendLittleEndian(end < content.count ? Self.position(ofPart: parts.count + 1) : Self.nowhere)
            part += content[start..<end]
            parts.append(part.padded(to: Self.partByteCount))
        }
        return Self.position(ofPart: first)
    }

    /// Adds the free list, which is the last chain: no blocks, but the parts of the last block behind itself.
    ///
    /// - Returns: The position of the list.
    mutating func appendFreeList() -> UInt64 {
        let used = parts.count + 1
        let blocks = (used + Self.partsInBlock - 1) / Self.partsInBlock
        var list: [UInt8] = []
        // No free blocks, and none that are used several times.
        list.appendLittleEndian(UInt64(0))
        list.appendLittleEndian(UInt64(0))
        list.appendLittleEndian(UInt64(blocks))
        for block in 0..<blocks {
            let usedHere = min(used - block * Self.partsInBlock, Self.partsInBlock)
            list.appendLittleEndian(UInt64(block))
            list.appendLittleEndian(usedHere == Self.partsInBlock ? 0 : UInt64.max << UInt64(usedHere))
        }
        return append(list)
    }

    /// Whole blocks with their checksums.
    var blocks: [[UInt8]] {
        stride(from: 0, to: parts.count, by: Self.partsInBlock).map { start in
            let content = parts[start..<min(start + Self.partsInBlock, parts.count)].flatMap(\.self)
            return content.padded(to: Self.blockByteCount - 8).withChecksum
        }
    }

    /// The block's number with the part's in the highest byte.
    private static func position(ofPart part: Int) -> UInt64 {
        UInt64(part / partsInBlock) | UInt64(part % partsInBlock) << 56
    }
}

extension [UInt8] {
    func padded(to count: Int) -> [UInt8] { self + [UInt8](repeating: 0, count: count - self.count) }

    /// The bytes, whole words of them, after their checksum.
    var withChecksum: [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(count + 8)
        result.appendLittleEndian(wordChecksum(self))
        return result + self
    }
}

/// DuckDB's checksum of bytes whose count is a multiple of eight: each word multiplied by an odd number, all of them
/// combined by exclusive or.
func wordChecksum(_ bytes: [UInt8]) -> UInt64 {
    bytes.withUnsafeBytes { bytes in
        var sum: UInt64 = 5381
        // In bounds: the last word that is read ends at or before the last byte.
        for offset in stride(from: 0, to: bytes.count - 7, by: 8) {
            let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            sum ^= word &* 0xBF58_476D_1CE4_E5B9
        }
        return sum
    }
}
