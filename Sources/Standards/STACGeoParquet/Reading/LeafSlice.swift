import Parquet

/// The values of one column in some rows, and how far they have been taken.
///
/// A plain value that points into a `SliceArena`: going through it counts no references.
struct LeafSlice {
    /// One per value, null and empty list; `nil` when all values are there.
    fileprivate(set) var definitionLevels: UnsafePointer<UInt8>?
    fileprivate(set) var repetitionLevels: UnsafePointer<UInt8>?
    fileprivate(set) var levelCount = 0
    fileprivate(set) var valueCount = 0
    fileprivate(set) var maxDefinitionLevel: UInt8 = 0
    let format: LeafFormat

    /// Of booleans, integers and times.
    fileprivate(set) var integers: UnsafePointer<Int64>?
    fileprivate(set) var doubles: UnsafePointer<Double>?
    /// Finished JSON, one behind the other; a value that cannot be written as such has no bytes.
    fileprivate(set) var texts: UnsafePointer<UInt8>?
    /// The start of each text, followed by the end of the last one.
    fileprivate(set) var offsets: UnsafePointer<UInt32>?
    /// Of dictionary-coded values: the indices of their texts.
    fileprivate(set) var indices: UnsafePointer<UInt32>?

    private(set) var level = 0
    private(set) var value = 0

    fileprivate init(_ format: LeafFormat) {
        self.format = format
    }

    /// Of a column that is not read.
    static var none: LeafSlice { LeafSlice(.text(.bytes)) }

    /// Definition level of the next entry; `nil` at the end.
    @inline(__always)
    var definitionLevel: UInt8? {
        guard level < levelCount else { return nil }
        return definitionLevels.map { $0[level] } ?? maxDefinitionLevel
    }

    /// Of the next entry; 0 at the end.
    @inline(__always)
    var repetitionLevel: UInt8 {
        guard level < levelCount, let repetitionLevels else { return 0 }
        return repetitionLevels[level]
    }

    /// Whether the next entry has a value. NaN counts as none.
    @inline(__always)
    var hasValue: Bool {
        guard definitionLevel == maxDefinitionLevel, value < valueCount else { return false }
        guard let doubles else { return true }
        return doubles[value].isFinite
    }

    /// Advances by one entry.
    @inline(__always)
    mutating func advance() -> Bool {
        guard let definitionLevel else { return false }
        if definitionLevel == maxDefinitionLevel { value += 1 }
        level += 1
        return true
    }

    /// The text of the next value.
    @inline(__always)
    var text: UnsafeBufferPointer<UInt8> {
        guard let texts, let offsets, value < valueCount else { return UnsafeBufferPointer(start: nil, count: 0) }
        // In bounds: there is one offset more than texts, and indices have been checked by their decoder.
        let entry = indices.map { Int($0[value]) } ?? value
        let start = Int(offsets[entry])
        return UnsafeBufferPointer(start: texts + start, count: Int(offsets[entry + 1]) - start)
    }
}

extension LeafSlice {
    /// Copies the values read from a column.
    ///
    /// - Throws: `ParquetError.tooLarge` for texts of 4 GiB and more.
    init(
        _ column: ColumnValues, _ leaf: SchemaLeaf, _ format: LeafFormat, in arena: SliceArena,
        _ renderer: LeafTextRenderer
    ) throws(ParquetError) {
        self.init(format)
        definitionLevels = column.definitionLevels.map { arena.keep($0) }
        repetitionLevels = column.repetitionLevels.map { arena.keep($0) }
        levelCount = min(column.levelCount, column.definitionLevels?.count ?? .max)
        valueCount = column.values.count
        maxDefinitionLevel = UInt8(leaf.maxDefinitionLevel)
        switch column.values {
        case .booleans(let values): integers = arena.widened(values) { $0 ? 1 : 0 }
        case .int32(let values):
            integers =
                format == .unsignedInteger
                ? arena.widened(values) { Int64(UInt32(bitPattern: $0)) } : arena.widened(values) { Int64($0) }
        case .int64(let values): integers = arena.keep(values)
        case .float(let values):
            doubles = arena.keep(values.count) { output in
                for (index, value) in values.enumerated() { output.initializeElement(at: index, to: Double(value)) }
            }
        case .double(let values): doubles = arena.keep(values)
        case .byteArrays(let values):
            try keep(values.count, format, arena, renderer) { values[$0] }
        case .fixedLengthByteArrays(let values) where format == .double:
            doubles = arena.keep(values.count) { output in
                for index in 0..<values.count {
                    // The format guarantees two bytes each.
                    let bytes = values[index]
                    let bits = Float16Bits(bytes[bytes.startIndex], bytes[bytes.startIndex + 1])
                    output.initializeElement(at: index, to: bits.double)
                }
            }
        case .fixedLengthByteArrays(let values):
            try keep(values.count, format, arena, renderer) { values[$0] }
        case .dictionaryByteArrays(let indices, let dictionary):
            self.indices = arena.keep(indices)
            try keep(dictionary.count, format, arena, renderer) { dictionary[$0] }
        }
        if case .text(.decimal) = format, let integers {
            try keep(valueCount, format, arena, renderer) { index in
                withUnsafeBytes(of: integers[index].bigEndian) { ArraySlice($0) }
            }
        }
    }

    private mutating func keep(
        _ count: Int, _ format: LeafFormat, _ arena: SliceArena, _ renderer: LeafTextRenderer,
        _ bytes: (Int) -> ArraySlice<UInt8>
    ) throws(ParquetError) {
        guard case .text(let textFormat) = format else { return }
        var texts: [UInt8] = []
        var offsets: [UInt32] = [0]
        offsets.reserveCapacity(count + 1)
        for index in 0..<count {
            renderer.append(bytes(index), as: textFormat, to: &texts)
            guard let end = UInt32(exactly: texts.count) else {
                throw .tooLarge(.values, texts.count, limit: Int(UInt32.max))
            }
            offsets.append(end)
        }
        self.texts = arena.keep(texts)
        self.offsets = arena.keep(offsets)
    }
}

extension SliceArena {
    fileprivate func widened<Value>(_ values: [Value], _ widen: (Value) -> Int64) -> UnsafePointer<Int64> {
        keep(values.count) { output in
            for (index, value) in values.enumerated() { output.initializeElement(at: index, to: widen(value)) }
        }
    }
}
