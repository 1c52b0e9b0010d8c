import STACAPI
import Temporal

/// One property of a segment's Items: at most one part per type of value.
struct SegmentColumn {
    let name: String
    let rowCount: Int
    private(set) var number: NumberPart?
    private(set) var timestamp: TimestampPart?
    private(set) var string: StringPart?
    private(set) var bool: BoolPart?
    /// Rows whose value is in the Item's body only.
    private(set) var complex: Presence?

    init(_ column: SegmentLayout.Column, storage: SegmentStorage, rowCount: Int, words: Int) throws(SegmentError) {
        name = column.name
        self.rowCount = rowCount
        for part in column.parts {
            let presence = Presence(
                words: try part.presence.map { section throws(SegmentError) in
                    try storage.elements(section, count: words)
                }, rowCount: rowCount, population: part.population)
            switch part.kind {
            case .number: number = try NumberPart(part, presence, storage)
            case .timestamp: timestamp = try TimestampPart(part, presence, storage)
            case .string: string = try StringPart(part, presence, storage)
            case .bool:
                bool = BoolPart(presence: presence, values: try storage.elements(part.values ?? .none, count: words))
            case .complex: complex = presence
            }
        }
    }

    /// What a row holds, for sorting.
    func sortValue(_ row: Int) -> SortValue {
        if let number, number.presence[row] { return .number(number[row]) }
        if let timestamp, timestamp.presence[row] { return .timestamp(Timestamp(microseconds: timestamp[row])) }
        if let string, string.presence[row] { return .string(string[row]) }
        if let bool, bool.presence[row] { return .bool(bool[row]) }
        return .missing
    }
}

extension SegmentLayout.Section {
    /// Outside every file.
    static let none = SegmentLayout.Section(offset: .max & ~63, count: 0)
}

/// Which rows have a value.
struct Presence {
    /// `nil`: all rows.
    let words: UnsafePointer<UInt64>?
    let rowCount: Int
    let population: Int

    @inline(__always)
    subscript(row: Int) -> Bool { words.map { $0[row >> 6] >> UInt64(row & 63) & 1 != 0 } ?? true }

    /// The word that holds `firstRow`, a multiple of 64; bits beyond the last row may be set.
    @inline(__always)
    func word(_ firstRow: Int) -> UInt64 { words.map { $0[firstRow >> 6] } ?? .max }

    func intersect(_ rows: inout Bitmap) {
        guard words != nil else { return }
        rows.mapWords { $1 & word($0) }
    }

    func subtract(from rows: inout Bitmap) { rows.mapWords { $1 & ~word($0) } }
}

/// Unsigned integers of one of three widths.
struct PackedIntegers {
    enum Width {
        case constant
        case one(UnsafePointer<UInt8>)
        case two(UnsafePointer<UInt16>)
        case four(UnsafePointer<UInt32>)
    }

    let width: Width

    init(_ part: SegmentLayout.Part, _ storage: SegmentStorage, rowCount: Int) throws(SegmentError) {
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

struct NumberPart {
    let presence: Presence
    let minimum: Double
    let maximum: Double
    /// `nil`: plain doubles.
    private let integers: PackedIntegers?
    private let doubles: UnsafePointer<Double>?
    private let base: Int64
    private let power: Double

    init(_ part: SegmentLayout.Part, _ presence: Presence, _ storage: SegmentStorage) throws(SegmentError) {
        self.presence = presence
        minimum = Double(bitPattern: UInt64(bitPattern: part.minimum))
        maximum = Double(bitPattern: UInt64(bitPattern: part.maximum))
        base = part.base
        guard ColumnEncoder.powersOfTen.indices.contains(part.digits) else {
            throw SegmentError(description: "a column of numbers with too many digits")
        }
        power = ColumnEncoder.powersOfTen[part.digits]
        if part.encoding == .double {
            doubles = try storage.elements(part.values ?? .none, count: presence.rowCount)
            integers = nil
        } else {
            doubles = nil
            integers = try PackedIntegers(part, storage, rowCount: presence.rowCount)
        }
    }

    var holdsIntegersOnly: Bool { integers != nil && power == 1 }

    @inline(__always)
    private func decoded(_ integer: UInt32) -> Double { Double(base + Int64(integer)) / power }

    @inline(__always)
    subscript(row: Int) -> Double {
        if let doubles { return doubles[row] }
        return decoded(integers.map { $0[row] } ?? 0)
    }

    /// Keeps the rows whose value lies in the range; both bounds belong to it. Presence is not looked at.
    func keep(_ range: ClosedRange<Double>, in rows: inout Bitmap) {
        if range.lowerBound <= minimum, range.upperBound >= maximum { return }
        if let doubles {
            keepRows(&rows) { doubles[$0] >= range.lowerBound && doubles[$0] <= range.upperBound }
        } else if let integers {
            // Decoding is monotone: the range of values is a range of integers.
            let low = firstInteger { self.decoded($0) >= range.lowerBound }
            let high = firstInteger { self.decoded($0) > range.upperBound }
            integers.keep(low..<high, in: &rows)
        }
    }

    /// The smallest integer for which a monotone condition holds; 2^32 when none.
    private func firstInteger(_ holds: (UInt32) -> Bool) -> UInt64 {
        var low: UInt64 = 0
        var high: UInt64 = 1 << 32
        while low < high {
            let middle = (low + high) / 2
            if holds(UInt32(middle)) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

struct TimestampPart {
    let presence: Presence
    let minimum: Int64
    let maximum: Int64
    private let values: UnsafePointer<Int64>?
    private let base: Int64

    init(_ part: SegmentLayout.Part, _ presence: Presence, _ storage: SegmentStorage) throws(SegmentError) {
        self.presence = presence
        minimum = part.minimum
        maximum = part.maximum
        base = part.base
        values = part.encoding == .constant ? nil : try storage.elements(part.values ?? .none, count: presence.rowCount)
    }

    /// Microseconds.
    @inline(__always)
    subscript(row: Int) -> Int64 { values.map { $0[row] } ?? base }

    /// Keeps the rows whose value lies in the range. Presence is not looked at.
    func keep(_ range: ClosedRange<Int64>, in rows: inout Bitmap) {
        if range.lowerBound <= minimum, range.upperBound >= maximum { return }
        guard let values else {
            if !range.contains(base) { rows = Bitmap(count: rows.count) }
            return
        }
        keepRows(&rows) { values[$0] >= range.lowerBound && values[$0] <= range.upperBound }
    }
}

struct StringPart {
    let presence: Presence
    let dictionary: StringDictionary
    let codes: PackedIntegers
    private let base: UInt32

    init(_ part: SegmentLayout.Part, _ presence: Presence, _ storage: SegmentStorage) throws(SegmentError) {
        self.presence = presence
        guard part.dictionaryCount > 0, part.base >= 0, part.base <= UInt32.max else {
            throw SegmentError(description: "a column of strings without strings")
        }
        base = UInt32(part.base)
        dictionary = StringDictionary(
            count: part.dictionaryCount, blockOffsets: try storage.elements(part.dictionaryBlocks ?? .none),
            bytes: try storage.elements(part.dictionaryBytes ?? .none))
        codes = try PackedIntegers(part, storage, rowCount: presence.rowCount)
    }

    func rank(_ row: Int) -> Int { Int(base + codes[row]) }

    subscript(row: Int) -> String { dictionary[rank(row)] }

    /// Keeps the rows whose string has a rank in the range. Presence is not looked at.
    func keep(_ ranks: Range<Int>, in rows: inout Bitmap) {
        let low = UInt64(max(0, ranks.lowerBound - Int(base)))
        codes.keep(low..<max(low, UInt64(max(0, ranks.upperBound - Int(base)))), in: &rows)
    }

    /// Keeps the rows whose string's rank is in the set.
    func keep(_ ranks: Bitmap, in rows: inout Bitmap) {
        rows.filter { ranks[rank($0)] }
    }
}

struct BoolPart {
    let presence: Presence
    let values: UnsafePointer<UInt64>

    subscript(row: Int) -> Bool { values[row >> 6] >> UInt64(row & 63) & 1 != 0 }
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
        keepRows(&rows) { values[$0] &- low <= width }
    }
}

/// Keeps the rows for which `holds` is true: all 64 of a word without a branch where many are left, else one by one.
///
/// `holds` may be asked about any row of a word that has a row left, also beyond the last: sections are padded to
/// whole words.
@inline(__always)
func keepRows(_ rows: inout Bitmap, _ holds: (Int) -> Bool) {
    rows.mapWords { first, word in
        if word.nonzeroBitCount < 12 {
            var kept = word
            var left = word
            while left != 0 {
                let bit = left.trailingZeroBitCount
                if !holds(first + bit) { kept &= ~(1 << UInt64(bit)) }
                left &= left &- 1
            }
            return kept
        }
        var mask: UInt64 = 0
        for bit in 0..<64 { mask |= (holds(first &+ bit) ? 1 : 0) << UInt64(bit) }
        return word & mask
    }
}
