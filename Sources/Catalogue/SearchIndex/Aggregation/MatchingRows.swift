/// The rows of one segment that match a search.
struct MatchingRows {
    let segment: Segment
    let collection: String
    let matches: SearchPlan.Matches
    let count: Int

    init(_ matches: SearchPlan.Matches, of segment: Segment, collection: String) {
        self.segment = segment
        self.collection = collection
        self.matches = matches
        switch matches {
        case .all: count = segment.rowCount
        case .rows(let rows): count = rows.population
        }
    }

    @inline(__always)
    func forEach(_ body: (Int) -> Void) {
        switch matches {
        case .all: for row in 0..<segment.rowCount { body(row) }
        case .rows(let rows): rows.forEach(body)
        }
    }

    /// Like `forEach`, restricted to rows that have a value.
    @inline(__always)
    func forEach(with presence: Presence, _ body: (Int) -> Void) {
        if presence.words == nil { return forEach(body) }
        var rows: Bitmap
        switch matches {
        case .all: rows = Bitmap(count: segment.rowCount, filled: true)
        case .rows(let matching): rows = matching
        }
        presence.intersect(&rows)
        rows.forEach(body)
    }

    /// The frequency of each integer of at most 16 bits.
    ///
    /// - Returns: By integer; `nil` when the integers are wider.
    func frequencies(of integers: PackedIntegers, with presence: Presence) -> [Int]? {
        var counts: [Int]
        switch integers.width {
        case .constant:
            counts = [0]
            forEach(with: presence) { _ in counts[0] += 1 }
        case .one(let values):
            counts = [Int](repeating: 0, count: 1 << 8)
            counts.withUnsafeMutableBufferPointer { counts in
                // In bounds: there is a counter for each 8-bit value.
                forEach(with: presence) { counts[Int(values[$0])] += 1 }
            }
        case .two(let values):
            counts = [Int](repeating: 0, count: 1 << 16)
            counts.withUnsafeMutableBufferPointer { counts in
                forEach(with: presence) { counts[Int(values[$0])] += 1 }
            }
        case .four: return nil
        }
        return counts
    }

    /// Calls `body` with the numbers of a column and their counts; a number may be reported several times.
    @inline(__always)
    func forEachNumber(of part: NumberPart, _ body: (Double, Int) -> Void) {
        guard let integers = part.integers, let counts = frequencies(of: integers, with: part.presence) else {
            return forEach(with: part.presence) { body(part[$0], 1) }
        }
        for (integer, count) in counts.enumerated() where count > 0 { body(part.decoded(UInt32(integer)), count) }
    }
}
