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
        values.withUnsafeBufferPointer { values in
            UnsafeBufferPointer(rebasing: values[(values.count - count)...]).occurrences(of: UInt8(level))
        }
    }

    private func check(last count: Int) throws(ParquetError) {
        var highest: UInt8 = 0
        values.withUnsafeBufferPointer { values in
            for value in UnsafeBufferPointer(rebasing: values[(values.count - count)...]) {
                highest = max(highest, value)
            }
        }
        guard highest <= maximum else {
            throw .malformed(.levels, "level \(highest), the column's maximum is \(maximum)")
        }
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// How many bytes are `byte`: eight at a time.
    func occurrences(of byte: UInt8) -> Int {
        guard let baseAddress else { return 0 }
        let bytes = UnsafeRawPointer(baseAddress)
        let low: UInt64 = 0x7f7f_7f7f_7f7f_7f7f
        let wanted = UInt64(byte) &* 0x0101_0101_0101_0101
        var found = 0
        var at = 0
        while count &- at >= 8 {
            let others = (bytes + at).loadUnaligned(as: UInt64.self) ^ wanted
            // The highest bit of a byte stays clear only where the byte is zero.
            found &+= 8 &- (((others & low) &+ low | others) & ~low).nonzeroBitCount
            at &+= 8
        }
        while at < count {
            found &+= self[at] == byte ? 1 : 0
            at &+= 1
        }
        return found
    }
}
