/// The least and the greatest of a column's values, as the format orders them.
///
/// Source: [Parquet, column orders](
/// https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift), `ColumnOrder`.
struct ExtremeValues {
    /// The order of a column's values; columns without one have no bounds.
    enum Order {
        case signed, unsigned, float, double, bytes

        init?(_ leaf: SchemaLeaf) {
            switch (leaf.physicalType, leaf.logicalType) {
            case (.boolean, _): self = .unsigned
            case (.int32, .integer(_, isSigned: false)), (.int64, .integer(_, isSigned: false)): self = .unsigned
            case (.int32, _), (.int64, _): self = .signed
            case (.float, _): self = .float
            case (.double, _): self = .double
            case (.byteArray, nil), (.byteArray, .string), (.byteArray, .enumeration), (.byteArray, .json),
                (.byteArray, .bson), (.fixedLengthByteArray, nil), (.fixedLengthByteArray, .uuid):
                self = .bytes
            default: return nil
            }
        }
    }

    /// In the encoding PLAIN, without a length.
    var minimum: [UInt8]
    var maximum: [UInt8]
    /// Otherwise the bound is shorter than the value: below the least, above the greatest.
    var isMinimumExact = true
    var isMaximumExact = true

    /// - Returns: `nil` when there are no values that compare (not-a-number does not).
    init?(_ buffer: LeafContent, order: Order, values: Range<Int>, byteLimit: Int) {
        switch order {
        case .bytes:
            guard let bounds = Self.bytes(buffer, values) else { return nil }
            minimum = bounds.least
            maximum = bounds.greatest
            cut(to: byteLimit, isText: buffer.leaf.logicalType != nil)
        case .signed:
            guard let bounds = Self.extremes(buffer, values, { Int64(bitPattern: $0) }) else { return nil }
            minimum = Self.plain(UInt64(bitPattern: bounds.least), buffer.leaf)
            maximum = Self.plain(UInt64(bitPattern: bounds.greatest), buffer.leaf)
        case .unsigned:
            guard let bounds = Self.extremes(buffer, values, { $0 }) else { return nil }
            minimum = Self.plain(bounds.least, buffer.leaf)
            maximum = Self.plain(bounds.greatest, buffer.leaf)
        case .double:
            guard let bounds = Self.floats(buffer, values, { Double(bitPattern: $0) }) else { return nil }
            minimum = Self.plain((bounds.least == 0 ? -0.0 : bounds.least).bitPattern, buffer.leaf)
            maximum = Self.plain((bounds.greatest == 0 ? 0.0 : bounds.greatest).bitPattern, buffer.leaf)
        case .float:
            let bounds = Self.floats(buffer, values) { Float(bitPattern: UInt32(truncatingIfNeeded: $0)) }
            guard let bounds else { return nil }
            minimum = Self.plain(UInt64((bounds.least == 0 ? -0.0 : bounds.least).bitPattern), buffer.leaf)
            maximum = Self.plain(UInt64((bounds.greatest == 0 ? 0.0 : bounds.greatest).bitPattern), buffer.leaf)
        }
    }

    private static func extremes<Value: Comparable>(
        _ buffer: LeafContent, _ values: Range<Int>, _ convert: (UInt64) -> Value
    ) -> (least: Value, greatest: Value)? {
        var bounds: (least: Value, greatest: Value)?
        buffer.forEachWord(values) { word in
            let value = convert(word)
            guard let known = bounds else {
                bounds = (value, value)
                return
            }
            if value < known.least { bounds?.least = value }
            if value > known.greatest { bounds?.greatest = value }
        }
        return bounds
    }

    private static func floats<Value: BinaryFloatingPoint>(
        _ buffer: LeafContent, _ values: Range<Int>, _ convert: (UInt64) -> Value
    ) -> (least: Value, greatest: Value)? {
        var least = Value.infinity
        var greatest = -Value.infinity
        buffer.forEachWord(values) { word in
            // Comparisons with not-a-number are false.
            let value = convert(word)
            if value < least { least = value }
            if value > greatest { greatest = value }
        }
        return least <= greatest ? (least, greatest) : nil
    }

    private static func bytes(_ buffer: LeafContent, _ values: Range<Int>) -> (least: [UInt8], greatest: [UInt8])? {
        var bounds: (least: Int, greatest: Int)?
        buffer.heap.withUnsafeBufferPointer { heap in
            buffer.ends.withUnsafeBufferPointer { ends in
                func value(_ index: Int) -> UnsafeBufferPointer<UInt8> {
                    UnsafeBufferPointer(rebasing: heap[(index == 0 ? 0 : ends[index - 1])..<ends[index]])
                }
                buffer.forEachIndex(values) { index in
                    guard let known = bounds else {
                        bounds = (index, index)
                        return
                    }
                    if precedes(value(index), value(known.least)) { bounds?.least = index }
                    if precedes(value(known.greatest), value(index)) { bounds?.greatest = index }
                }
            }
        }
        func copy(_ index: Int) -> [UInt8] {
            Array(buffer.heap[(index == 0 ? 0 : buffer.ends[index - 1])..<buffer.ends[index]])
        }
        return bounds.map { (copy($0.least), copy($0.greatest)) }
    }

    private static func plain(_ word: UInt64, _ leaf: SchemaLeaf) -> [UInt8] {
        let width =
            switch leaf.physicalType {
            case .boolean: 1
            case .int32, .float: 4
            default: 8
            }
        return (0..<width).map { UInt8(truncatingIfNeeded: word >> UInt64(8 * $0)) }
    }

    // MARK: Long values

    private mutating func cut(to limit: Int, isText: Bool) {
        if minimum.count > limit {
            minimum = Array(minimum.prefix(Self.boundary(minimum, limit, isText)))
            isMinimumExact = false
        }
        if maximum.count > limit, let above = Self.above(maximum, limit, isText) {
            maximum = above
            isMaximumExact = false
        }
    }

    /// The last offset up to `limit` where a text can be cut.
    private static func boundary(_ bytes: [UInt8], _ limit: Int, _ isText: Bool) -> Int {
        var end = limit
        while isText, end > 0, bytes[end] & 0xc0 == 0x80 { end -= 1 }
        return end
    }

    /// Something short that stands behind all values which begin like `bytes`; `nil` when there is no such.
    private static func above(_ bytes: [UInt8], _ limit: Int, _ isText: Bool) -> [UInt8]? {
        var short = Array(bytes.prefix(boundary(bytes, limit, isText)))
        // The highest byte that can be raised and leaves a text a text.
        let highest: UInt8 = isText ? 0x7e : 0xfe
        while let last = short.last {
            if last <= highest {
                short[short.count - 1] = last + 1
                return short
            }
            short.removeLast()
        }
        return nil
    }
}

private func precedes(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Bool {
    let count = min(left.count, right.count)
    var at = 0
    // In bounds: eight bytes are read only where eight are left in both.
    while at + 8 <= count, let first = left.baseAddress, let second = right.baseAddress {
        let (one, other) = (
            UnsafeRawPointer(first + at).loadUnaligned(as: UInt64.self).bigEndian,
            UnsafeRawPointer(second + at).loadUnaligned(as: UInt64.self).bigEndian
        )
        if one != other { return one < other }
        at += 8
    }
    while at < count {
        if left[at] != right[at] { return left[at] < right[at] }
        at += 1
    }
    return left.count < right.count
}
