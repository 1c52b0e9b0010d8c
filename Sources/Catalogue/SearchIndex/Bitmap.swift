/// A set of row numbers below `count`, 64 to a word; bits at and above `count` are always clear.
struct Bitmap: Sendable, Equatable {
    private(set) var words: [UInt64]
    let count: Int

    init(count: Int, filled: Bool = false) {
        self.count = count
        words = [UInt64](repeating: filled ? .max : 0, count: (count + 63) / 64)
        if filled { clearTail() }
    }

    init(words: [UInt64], count: Int) {
        self.words = words
        self.count = count
        clearTail()
    }

    private mutating func clearTail() {
        if count % 64 != 0, !words.isEmpty { words[words.count - 1] &= (1 << UInt64(count % 64)) - 1 }
    }

    subscript(row: Int) -> Bool {
        get { words[row >> 6] >> UInt64(row & 63) & 1 != 0 }
        set {
            if newValue {
                words[row >> 6] |= 1 << UInt64(row & 63)
            } else {
                words[row >> 6] &= ~(1 << UInt64(row & 63))
            }
        }
    }

    mutating func insert(_ rows: Range<Int>) {
        guard !rows.isEmpty else { return }
        let first = rows.lowerBound >> 6
        let last = (rows.upperBound - 1) >> 6
        let head = UInt64.max << UInt64(rows.lowerBound & 63)
        let tail = UInt64.max >> UInt64(63 - (rows.upperBound - 1) & 63)
        if first == last {
            words[first] |= head & tail
        } else {
            words[first] |= head
            for index in first + 1..<last { words[index] = .max }
            words[last] |= tail
        }
    }

    /// Adds rows of one word: bits beyond the last row must be clear.
    mutating func insert(_ bits: UInt64, inWordOf row: Int) { words[row >> 6] |= bits }

    var isEmpty: Bool { !words.contains { $0 != 0 } }

    var first: Int? {
        words.firstIndex { $0 != 0 }.map { $0 << 6 | words[$0].trailingZeroBitCount }
    }

    var last: Int? {
        words.lastIndex { $0 != 0 }.map { $0 << 6 | 63 - words[$0].leadingZeroBitCount }
    }

    /// Number of rows in the set.
    var population: Int { words.reduce(0) { $0 &+ $1.nonzeroBitCount } }

    /// Number of rows in the set that lie in a range.
    func population(in range: Range<Int>) -> Int {
        guard !range.isEmpty else { return 0 }
        let first = range.lowerBound >> 6
        let last = (range.upperBound - 1) >> 6
        let head = UInt64.max << UInt64(range.lowerBound & 63)
        let tail = UInt64.max >> UInt64(63 - (range.upperBound - 1) & 63)
        if first == last { return (words[first] & head & tail).nonzeroBitCount }
        var count = (words[first] & head).nonzeroBitCount + (words[last] & tail).nonzeroBitCount
        for index in first + 1..<last { count += words[index].nonzeroBitCount }
        return count
    }

    mutating func formIntersection(_ other: Bitmap) { combine(other) { $0 & $1 } }
    mutating func formUnion(_ other: Bitmap) { combine(other) { $0 | $1 } }
    mutating func subtract(_ other: Bitmap) { combine(other) { $0 & ~$1 } }

    @inline(__always)
    private mutating func combine(_ other: Bitmap, _ operation: (UInt64, UInt64) -> UInt64) {
        precondition(other.words.count == words.count)
        other.words.withUnsafeBufferPointer { right in
            words.withUnsafeMutableBufferPointer { left in
                // In bounds: both have the same number of words.
                for index in 0..<left.count { left[index] = operation(left[index], right[index]) }
            }
        }
    }

    /// Calls `body` with each row of the set, in order.
    @inline(__always)
    func forEach(_ body: (Int) throws -> Void) rethrows {
        for index in words.indices {
            var word = words[index]
            while word != 0 {
                try body(index << 6 | word.trailingZeroBitCount)
                word &= word &- 1
            }
        }
    }

    /// As `forEach`, for the rows in a range that starts at a multiple of 64.
    @inline(__always)
    func forEach(in range: Range<Int>, _ body: (Int) throws -> Void) rethrows {
        for index in range.lowerBound >> 6..<(range.upperBound + 63) >> 6 {
            var word = words[index]
            while word != 0 {
                let row = index << 6 | word.trailingZeroBitCount
                if row >= range.upperBound { return }
                try body(row)
                word &= word &- 1
            }
        }
    }

    /// Replaces each non-zero word, of some or all, by `body(index of the word's first row, word)`.
    @inline(__always)
    mutating func mapWords(in range: Range<Int>? = nil, _ body: (Int, UInt64) -> UInt64) {
        words.withUnsafeMutableBufferPointer { words in
            for index in range?.clamped(to: 0..<words.count) ?? 0..<words.count where words[index] != 0 {
                words[index] = body(index << 6, words[index])
            }
        }
    }

    /// Removes all rows of some words.
    mutating func clear(words range: Range<Int>) {
        words.withUnsafeMutableBufferPointer { words in
            for index in range.clamped(to: 0..<words.count) { words[index] = 0 }
        }
    }

    /// Keeps the rows for which `isIncluded` is true.
    mutating func filter(_ isIncluded: (Int) throws -> Bool) rethrows {
        for index in words.indices {
            var word = words[index]
            while word != 0 {
                let bit = word.trailingZeroBitCount
                if try !isIncluded(index << 6 | bit) { words[index] &= ~(1 << UInt64(bit)) }
                word &= word &- 1
            }
        }
    }
}

/// Keeps the rows for which `holds` is true, of some words or all: branch-free for all 64 rows of a word where many are
/// left, else one by one.
///
/// `holds` may be called for any row of a word that has a row left, also beyond the last: sections are padded to whole
/// words.
@inline(__always)
func keepRows(_ rows: inout Bitmap, inWords words: Range<Int>? = nil, _ holds: (Int) -> Bool) {
    rows.mapWords(in: words) { first, word in
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
