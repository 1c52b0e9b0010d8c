/// Unsigned integers of one of three widths.
struct PackedIntegers {
    enum Width {
        case constant
        case one(UnsafePointer<UInt8>)
        case two(UnsafePointer<UInt16>)
        case four(UnsafePointer<UInt32>)
    }

    let width: Width
    private let rowCount: Int
    private let summaries = BlockSummaries()

    init(_ part: SegmentLayout.Part, _ storage: SegmentStorage, rowCount: Int) throws(SegmentError) {
        self.rowCount = rowCount
        let section = part.values ?? .none
        switch part.encoding {
        case .constant: width = .constant
        case .unsigned8: width = .one(try storage.elements(section, count: rowCount))
        case .unsigned16: width = .two(try storage.elements(section, count: rowCount))
        case .unsigned32: width = .four(try storage.elements(section, count: rowCount))
        default: throw SegmentError(description: "integers of an unknown form")
        }
    }

    @inline(__always)
    subscript(row: Int) -> UInt32 {
        switch width {
        case .constant: 0
        case .one(let values): UInt32(values[row])
        case .two(let values): UInt32(values[row])
        case .four(let values): values[row]
        }
    }
}

extension PackedIntegers {
    /// Keeps the rows whose integer lies in the range.
    func keep(_ range: Range<UInt64>, in rows: inout Bitmap) {
        guard !range.isEmpty else {
            rows = Bitmap(count: rows.count)
            return
        }
        switch width {
        case .constant: if !range.contains(0) { rows = Bitmap(count: rows.count) }
        case .one(let values): keep(range, values, &rows)
        case .two(let values): keep(range, values, &rows)
        case .four(let values): keep(range, values, &rows)
        }
    }

    @inline(__always)
    private func keep<Value: FixedWidthInteger & UnsignedInteger>(
        _ range: Range<UInt64>, _ values: UnsafePointer<Value>, _ rows: inout Bitmap
    ) {
        guard range.lowerBound <= UInt64(Value.max) else {
            rows = Bitmap(count: rows.count)
            return
        }
        let low = Value(range.lowerBound)
        let width = Value(truncatingIfNeeded: min(range.upperBound - 1, UInt64(Value.max)) - range.lowerBound)
        let wanted = UInt32(low)...UInt32(low + width)
        let summaries = summaries.blocks(of: values, count: rowCount)
        let buckets = summaries.buckets(of: wanted)
        for (number, block) in summaries.blocks.enumerated() {
            let words = number * BlockSummaries.wordCount..<(number + 1) * BlockSummaries.wordCount
            switch block.relation(to: wanted, buckets) {
            case .all: break
            case .none: rows.clear(words: words)
            case .some: keepRows(&rows, inWords: words) { values[$0] &- low <= width }
            }
        }
    }
}
