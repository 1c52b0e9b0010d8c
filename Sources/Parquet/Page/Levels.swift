/// Definition or repetition levels, collected page by page.
struct Levels {
    let maximum: Int
    private(set) var values: [UInt8] = []

    init(maximum: Int) {
        self.maximum = maximum
    }

    /// Makes room for so many levels.
    mutating func reserve(_ count: Int) {
        if maximum > 0 { values.reserveCapacity(count) }
    }

    /// Takes `count` levels off the front of a page where they stand with their length before them.
    mutating func append(
        from input: inout EncodedBytes, count: Int, _ encoding: Encoding
    ) throws(ParquetError) {
        guard maximum > 0 else { return }
        switch encoding {
        case .rle: try append(try input.takeCounted(), count: count)
        case .bitPacked:
            let width = BitPacking.width(of: maximum)
            let packed = try input.take(BitPacking.byteCount(count, width: width))
            try values.append(count: count) { BitPacking.unpackHighestFirst(packed, width: width, into: $0) }
            try check(last: count)
        default: throw .unsupported(.levels, "\(encoding)")
        }
    }

    /// Takes `count` levels which all `bytes` are.
    mutating func append(_ bytes: UnsafeRawBufferPointer, count: Int) throws(ParquetError) {
        guard maximum > 0 else { return }
        try values.append(count: count) { (output) throws(ParquetError) in
            try RunLength.decodeBytes(bytes, width: BitPacking.width(of: maximum), into: output, .levels)
        }
        try check(last: count)
    }

    /// How many of the last `count` levels are `level`.
    func occurrences(of level: Int, last count: Int) -> Int {
        var found = 0
        let level = UInt8(level)
        values.withUnsafeBufferPointer { values in
            for value in values[(values.count - count)...] { found &+= value == level ? 1 : 0 }
        }
        return found
    }

    private func check(last count: Int) throws(ParquetError) {
        var highest: UInt8 = 0
        values.withUnsafeBufferPointer { values in
            for value in values[(values.count - count)...] { highest = max(highest, value) }
        }
        guard highest <= maximum else {
            throw .malformed(.levels, "level \(highest), the column's maximum is \(maximum)")
        }
    }
}
