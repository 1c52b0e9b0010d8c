struct NumberPart {
    let presence: Presence
    let minimum: Double
    let maximum: Double
    /// `nil`: plain doubles.
    let integers: PackedIntegers?
    let doubles: UnsafePointer<Double>?
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
    func decoded(_ integer: UInt32) -> Double { Double(base + Int64(integer)) / power }

    @inline(__always)
    subscript(row: Int) -> Double {
        if let doubles { return doubles[row] }
        return decoded(integers.map { $0[row] } ?? 0)
    }

    /// Keeps the rows whose value lies in the closed range. Presence is not checked.
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

    /// The smallest integer for which a monotone condition holds; 2^32 if there is none.
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
