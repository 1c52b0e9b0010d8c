import Synchronization

/// The least and the greatest of each 1,024 integers of a column. Rows lie in the order of the Hilbert curve, so that
/// neighbours are alike in much: most blocks have no value that is looked for, and need no closer look.
final class BlockRanges: Sendable {
    static let wordCount = 16
    static let rowCount = 64 * wordCount

    /// Found when first asked for: most columns never are.
    private let ranges = Mutex<[ClosedRange<UInt32>]?>(nil)

    func ranges<Value: FixedWidthInteger & UnsignedInteger>(
        of values: UnsafePointer<Value>, count: Int
    ) -> [ClosedRange<UInt32>] {
        ranges.withLock { ranges in
            if let ranges { return ranges }
            let found = stride(from: 0, to: count, by: Self.rowCount).map { start in
                var least = Value.max
                var greatest = Value.min
                for row in start..<min(start + Self.rowCount, count) {
                    least = min(least, values[row])
                    greatest = max(greatest, values[row])
                }
                return UInt32(least)...UInt32(greatest)
            }
            ranges = found
            return found
        }
    }
}
