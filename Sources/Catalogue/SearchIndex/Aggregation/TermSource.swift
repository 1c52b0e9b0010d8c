/// The strings of one segment's matching rows, and the frequency of each.
///
/// `@unchecked Sendable`: the bytes that the part points to never change.
struct TermSource: @unchecked Sendable {
    var dictionary: StringDictionary { part.dictionary }
    private let part: StringPart
    /// Owns the part's bytes.
    private let segment: Segment
    /// Counts by rank; `nil`: each occurs once.
    private let counts: [UInt32]?

    /// A string column with the matching rows, to be counted.
    ///
    /// `@unchecked Sendable`: as above.
    struct Uncounted: @unchecked Sendable {
        let part: StringPart
        let rows: MatchingRows
    }

    /// - Returns: One source per column, in their order.
    static func counting(_ columns: [Uncounted], processors: SpareCores = .shared) -> [TermSource] {
        let workers = processors.run(parts: columns.count) {
            [(place: Int, source: TermSource)]()
        } body: { counted, place in
            counted.append((place, TermSource(columns[place])))
        }
        return workers.flatMap { $0 }.sorted { $0.place < $1.place }.map(\.source)
    }

    init(_ column: Uncounted) {
        let rows = column.rows
        part = column.part
        segment = rows.segment
        let part = part
        if case .all = rows.matches, part.presence.population == part.dictionary.count {
            // As many rows as strings, and every string occurs.
            counts = nil
            return
        }
        var counts = [UInt32](repeating: 0, count: part.dictionary.count)
        counts.withUnsafeMutableBufferPointer { counts in
            rows.forEach(with: part.presence) { counts[part.rank($0)] += 1 }
        }
        self.counts = counts
    }

    /// The frequency of the most frequent of some strings.
    func greatestCount(in ranks: Range<Int>) -> Int {
        guard let counts else { return ranks.isEmpty ? 0 : 1 }
        return counts.withUnsafeBufferPointer { counts in
            var greatest: UInt32 = 0
            for rank in ranks { greatest = max(greatest, counts[rank]) }
            return Int(greatest)
        }
    }

    /// Calls `body` with the rank, the count (possibly 0) and the hash value of each string, in order.
    ///
    /// - Parameter seed: Seed for new hash values; `nil`: use the stored ones.
    @inline(__always)
    func forEachHash(in ranks: Range<Int>, seed: UInt64?, _ body: (Int, UInt32, UInt64) -> Void) {
        guard seed == nil, let hashes = part.hashes else {
            return dictionary.forEach(in: ranks) { rank, string in
                body(rank, counts?[rank] ?? 1, StringHash.hash(string, orSeeded: seed))
            }
        }
        guard let counts else {
            for rank in ranks { body(rank, 1, hashes[rank]) }
            return
        }
        counts.withUnsafeBufferPointer { counts in
            for rank in ranks { body(rank, counts[rank], hashes[rank]) }
        }
    }
}
