import Checksum
import Synchronization

/// The checksums of a file's blocks, each compared when the block is first used, and which of them have been.
///
/// Not the whole file: a search that starts right after the index was opened would have to wait for gigabytes.
///
/// `@unchecked Sendable`: the bytes and sums never change, and the bits are atomic.
final class BlockChecksums: @unchecked Sendable {
    /// Large enough for the checksums to be small, and small enough for the read around a single row to cost no more than
    /// that of a page.
    static let blockByteCount = 16 << 10

    private let bytes: UnsafeRawBufferPointer
    private let sums: UnsafeRawPointer
    /// One bit per block that is as it was written.
    private let verified: UnsafeMutableBufferPointer<Atomic<UInt64>>
    private let hasFoundDamage = Atomic(false)

    /// Whether a block was not as it was written.
    var isDamaged: Bool { hasFoundDamage.load(ordering: .relaxed) }

    static func blockCount(_ byteCount: Int) -> Int { (byteCount + blockByteCount - 1) / blockByteCount }

    /// The XXH64 of each block, little endian.
    static func sums(of bytes: UnsafeRawBufferPointer) -> [UInt8] {
        var sums: [UInt8] = []
        sums.reserveCapacity(8 * blockCount(bytes.count))
        for block in 0..<blockCount(bytes.count) {
            withUnsafeBytes(of: sum(of: block, in: bytes).littleEndian) { sums.append(contentsOf: $0) }
        }
        return sums
    }

    private static func sum(of block: Int, in bytes: UnsafeRawBufferPointer) -> UInt64 {
        let start = block * blockByteCount
        return XXHash64.hash(
            UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + blockByteCount, bytes.count)]))
    }

    /// - Parameters:
    ///   - bytes: What is checked; must live as long as this object.
    ///   - sums: As made by `sums(of:)`, known to be right; must live as long, too.
    init(of bytes: UnsafeRawBufferPointer, sums: UnsafeRawPointer) {
        self.bytes = bytes
        self.sums = sums
        verified = .allocate(capacity: Self.blockCount(bytes.count) / 64 + 1)
        for index in verified.indices { verified.initializeElement(at: index, to: Atomic(0)) }
    }

    deinit {
        verified.deinitialize()
        verified.deallocate()
    }

    /// Whether the blocks that hold some bytes are as they were written.
    @inline(__always)
    func areSound(_ offset: Int, _ byteCount: Int) -> Bool {
        guard byteCount > 0, offset < bytes.count else { return true }
        let first = offset / Self.blockByteCount
        let last = min(offset + byteCount, bytes.count) - 1
        return areSound(first...(last / Self.blockByteCount))
    }

    @inline(__always)
    private func areSound(_ blocks: ClosedRange<Int>) -> Bool {
        for block in blocks {
            // In bounds: there is a bit for each block.
            let bits = verified[block >> 6].load(ordering: .relaxed)
            if bits >> UInt64(block & 63) & 1 == 0 { return verify(block...blocks.upperBound) }
        }
        return true
    }

    @inline(never)
    private func verify(_ blocks: ClosedRange<Int>) -> Bool {
        if blocks.count > 1 {
            // One sequential read instead of one for each page.
            let start = blocks.lowerBound * Self.blockByteCount
            let end = min((blocks.upperBound + 1) * Self.blockByteCount, bytes.count)
            SegmentStorage.prefetch(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
        }
        for block in blocks {
            let bit = UInt64(1) << UInt64(block & 63)
            if verified[block >> 6].load(ordering: .relaxed) & bit != 0 { continue }
            let expected = UInt64(littleEndian: sums.loadUnaligned(fromByteOffset: 8 * block, as: UInt64.self))
            guard Self.sum(of: block, in: bytes) == expected else {
                hasFoundDamage.store(true, ordering: .relaxed)
                return false
            }
            verified[block >> 6].bitwiseOr(bit, ordering: .relaxed)
        }
        return true
    }

    /// Reads everything again, whether or not it has been verified.
    func verifyAll() -> Bool {
        for index in verified.indices { verified[index].store(0, ordering: .relaxed) }
        return areSound(0, bytes.count)
    }
}
