/// Finds the most frequent strings of several segments, one stretch of the strings' order after the other.
///
/// Each segment has its strings in order. So few of them are looked at at a time that they stay in the processor's
/// caches; the counts of a stretch are complete then, and what is held does not grow with the number of strings. Where
/// nothing in a stretch can be frequent enough any more, not even its strings are read: that is so for identifiers, of
/// which the first ones are as frequent as all others.
struct TermMerge {
    private let sources: [TermSource]
    /// Counts of single strings beside those of the segments, in order.
    private let extras: [(term: [UInt8], count: Int)]
    private let limit: Int
    private let blocksAtOnce: Int
    /// Of the stretch that is being looked at.
    private var terms = TermTable()
    /// How many strings of the stretch have a hash value.
    private var hashes = FrequencyTable(capacity: 4_096)
    /// The best so far, in the order of the strings.
    private var best: [(term: [UInt8], count: Int)] = []
    /// A string that comes later must be more frequent than this to be wanted.
    private var bar = 0

    /// - Parameters:
    ///   - extras: In the order of their bytes.
    ///   - limit: At least 1.
    ///   - blocksAtOnce: Blocks of strings in a stretch, on average.
    init(_ sources: [TermSource], extras: [(term: [UInt8], count: Int)], limit: Int, blocksAtOnce: Int = 128) {
        self.sources = sources
        self.extras = extras
        self.limit = limit
        self.blocksAtOnce = blocksAtOnce
    }

    /// The most frequent strings, then those that come first by their bytes.
    mutating func mostFrequent() -> [(term: String, count: Int)] {
        var from = sources.map { _ in 0 }
        var extra = 0
        var previous: [UInt8] = []
        for bound in bounds() + [nil] {
            // What all strings between two begin with.
            let shared = zip(previous, bound ?? []).prefix { $0 == $1 }.count
            terms.removeAll(sharedCount: shared)
            previous = bound ?? []
            let to = zip(sources, from).map { source, rank in
                bound.map { source.dictionary.lowerBound($0, from: rank) } ?? source.dictionary.count
            }
            var extrasEnd = extra
            while extrasEnd < extras.count,
                bound.map({ extras[extrasEnd].term.lexicographicallyPrecedes($0) }) ?? true
            {
                extrasEnd += 1
            }
            count(zip(from, to).map { $0..<$1 }, extras[extra..<extrasEnd])
            from = to
            extra = extrasEnd
        }
        return best.indices.sorted { best[$0].count != best[$1].count ? best[$0].count > best[$1].count : $0 < $1 }
            .prefix(limit).map { (String(decoding: best[$0].term, as: UTF8.self), best[$0].count) }
    }

    /// Where stretches end: strings in order.
    private func bounds() -> [[UInt8]] {
        var bounds: [[UInt8]] = []
        var blocks = 0
        for source in sources {
            for block in 0..<source.dictionary.blockCount {
                blocks += 1
                if blocks % blocksAtOnce == 0 { bounds.append(source.dictionary.first(ofBlock: block)) }
            }
        }
        return bounds.sorted { compare($0, $1) < 0 }
    }

    private mutating func count(_ ranks: [Range<Int>], _ extras: ArraySlice<(term: [UInt8], count: Int)>) {
        let greatest = zip(sources, ranks).map { $0.greatestCount(in: $1) }
        guard extras.reduce(greatest.reduce(0, +), { $0 + $1.count }) > bar else { return }
        if bar > 0, extras.isEmpty, greatest.allSatisfy({ $0 <= 1 }), !mayRepeat(ranks) { return }
        for (source, ranks) in zip(sources, ranks) { source.forEach(in: ranks) { terms.add($0, to: $1) } }
        for extra in extras { extra.term.withUnsafeBytes { terms.add(extra.count, to: $0) } }
        offerTerms()
    }

    /// Whether some string of a stretch, each of which a segment has at most once, may be in more than `bar` segments.
    ///
    /// Compares hash values, which costs less than keeping the strings: identifiers are in one segment, most of them.
    private mutating func mayRepeat(_ ranks: [Range<Int>]) -> Bool {
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: Self.hashesAtOnce) { found in
            var count = 0
            for (source, ranks) in zip(sources, ranks) {
                source.forEach(in: ranks) { occurrences, term in
                    // In bounds: taken out when full. A string that does not occur is not taken in.
                    found[count] = terms.hash(term)
                    count += occurrences
                    guard count == Self.hashesAtOnce else { return }
                    hashes.add(UnsafeBufferPointer(found))
                    count = 0
                }
            }
            hashes.add(UnsafeBufferPointer(rebasing: found[..<count]))
        }
        defer { hashes.removeAll() }
        return (0..<hashes.count).contains { hashes[$0].count > bar }
    }

    private static let hashesAtOnce = 512

    /// Puts the strings of a stretch behind those before, as far as they are wanted.
    private mutating func offerTerms() {
        var wanted = (0..<terms.count).filter { terms.frequency($0) > bar }
        guard !wanted.isEmpty else { return }
        // Frequencies decide first: strings are compared only where they may stay.
        let least = leastFrequency(best.map(\.count) + wanted.map { terms.frequency($0) }, limit)
        wanted.removeAll { terms.frequency($0) < least }
        for number in terms.sorted(wanted) { best.append((Array(terms.bytes(number)), terms.frequency(number))) }
        if best.count >= (bar == 0 ? limit : limit * 5 / 4) { prune() }
    }

    private mutating func prune() {
        bar = leastFrequency(best.map(\.count), limit)
        // Of those that are as frequent as the last one, the first ones stay.
        var places = limit - best.count { $0.count > bar }
        best.removeAll { entry in
            guard entry.count <= bar else { return false }
            places -= entry.count == bar ? 1 : 0
            return entry.count < bar || places < 0
        }
    }
}

private func compare(_ left: [UInt8], _ right: [UInt8]) -> Int {
    left.withUnsafeBytes { left in right.withUnsafeBytes { compareBytes(left, $0) } }
}
