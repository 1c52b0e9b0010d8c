/// The strings of one segment's rows that match, and how often each occurs.
///
/// `@unchecked Sendable`: the bytes that the dictionary points to never change.
struct TermSource: @unchecked Sendable {
    let dictionary: StringDictionary
    /// Owns the dictionary's bytes.
    private let segment: Segment
    /// By rank; `nil`: each occurs once.
    private let counts: [UInt32]?

    init(_ part: StringPart, _ rows: MatchingRows) {
        dictionary = part.dictionary
        segment = rows.segment
        if case .all = rows.matches, part.presence.population == dictionary.count {
            // As many rows as strings, all of which occur.
            counts = nil
            return
        }
        var counts = [UInt32](repeating: 0, count: dictionary.count)
        counts.withUnsafeMutableBufferPointer { counts in
            rows.forEach(with: part.presence) { counts[part.rank($0)] += 1 }
        }
        self.counts = counts
    }

    /// How often the most frequent of some strings occurs.
    func greatestCount(in ranks: Range<Int>) -> Int {
        guard let counts else { return ranks.isEmpty ? 0 : 1 }
        return counts.withUnsafeBufferPointer { counts in
            var greatest: UInt32 = 0
            for rank in ranks { greatest = max(greatest, counts[rank]) }
            return Int(greatest)
        }
    }

    /// Calls `body` with the rank, the count and the bytes of each string that occurs, in order, and perhaps with a count of 0.
    @inline(__always)
    func forEach(in ranks: Range<Int>, _ body: (Int, Int, UnsafeRawBufferPointer) -> Void) {
        guard let counts else { return dictionary.forEach(in: ranks) { body($0, 1, $1) } }
        counts.withUnsafeBufferPointer { counts in
            // One string alone costs as much as half the block that it stands in: blocks without any are passed over.
            var start = ranks.lowerBound
            while start < ranks.upperBound {
                var end = start
                while end < ranks.upperBound {
                    let blockEnd = min(
                        ranks.upperBound, (end / StringDictionary.blockSize + 1) * StringDictionary.blockSize)
                    guard counts[end..<blockEnd].contains(where: { $0 > 0 }) else { break }
                    end = blockEnd
                }
                dictionary.forEach(in: start..<end) { body($0, Int(counts[$0]), $1) }
                start = max(end, (end / StringDictionary.blockSize + 1) * StringDictionary.blockSize)
            }
        }
    }
}
