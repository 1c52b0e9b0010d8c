import Synchronization

/// An approximate set of the integers in each block of 1,024 rows of a column. Rows are in Hilbert order, so that
/// neighbours have similar values: most blocks contain no match and are pruned.
final class BlockSummaries: Sendable {
    static let wordCount = 16
    static let rowCount = 64 * wordCount

    /// The summaries of all blocks.
    struct Blocks {
        fileprivate(set) var blocks: [Block] = []
        /// Right shift that maps an integer to its bucket, one of 256.
        fileprivate(set) var shift: UInt32 = 0
    }

    struct Block {
        fileprivate(set) var range: ClosedRange<UInt32>
        /// One bit per bucket, set when the block has an integer in it.
        fileprivate(set) var buckets: SIMD4<UInt64> = .zero
    }

    enum Relation {
        case none, some, all
    }

    /// Computed on first use: most columns are never used.
    private let found = Mutex<Blocks?>(nil)

    func blocks<Value: FixedWidthInteger & UnsignedInteger>(
        of values: UnsafePointer<Value>, count: Int
    ) -> Blocks {
        found.withLock { found in
            if let found { return found }
            // Reads the whole section, as one sequential read instead of hundreds.
            SegmentStorage.prefetch(UnsafeRawBufferPointer(UnsafeBufferPointer(start: values, count: count)))
            var result = Blocks()
            var greatest = Value.min
            for row in 0..<count { greatest = max(greatest, values[row]) }
            result.shift = UInt32(max(0, 24 - UInt32(greatest).leadingZeroBitCount))
            for start in stride(from: 0, to: count, by: Self.rowCount) {
                var (least, greatest) = (Value.max, Value.min)
                var buckets = SIMD4<UInt64>.zero
                for row in start..<min(start + Self.rowCount, count) {
                    least = min(least, values[row])
                    greatest = max(greatest, values[row])
                    buckets.insert(Int(UInt32(values[row]) >> result.shift))
                }
                result.blocks.append(Block(range: UInt32(least)...UInt32(greatest), buckets: buckets))
            }
            found = result
            return result
        }
    }
}

extension BlockSummaries.Blocks {
    /// The buckets of the integers in a range.
    func buckets(of range: ClosedRange<UInt32>) -> SIMD4<UInt64> {
        var buckets = SIMD4<UInt64>.zero
        let last = min(255, Int(range.upperBound >> shift))
        for bucket in stride(from: Int(range.lowerBound >> shift), through: last, by: 1) { buckets.insert(bucket) }
        return buckets
    }
}

extension BlockSummaries.Block {
    /// An upper bound of the block's integers in a range with the given buckets.
    @inline(__always)
    func relation(to wanted: ClosedRange<UInt32>, _ wantedBuckets: SIMD4<UInt64>) -> BlockSummaries.Relation {
        if wanted.lowerBound <= range.lowerBound, range.upperBound <= wanted.upperBound { return .all }
        return wanted.overlaps(range) && (buckets & wantedBuckets) != .zero ? .some : .none
    }
}

extension SIMD4<UInt64> {
    @inline(__always)
    fileprivate mutating func insert(_ bit: Int) { self[bit >> 6] |= 1 << UInt64(bit & 63) }
}
