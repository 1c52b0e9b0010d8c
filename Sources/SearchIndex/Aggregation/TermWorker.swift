/// Counts strings, stretch by stretch, and keeps the most frequent ones: see `TermMerge`.
struct TermWorker {
    private let sources: [TermSource]
    private let limit: Int
    /// Of the stretch that is being looked at.
    private var terms = TermTable()
    /// How often the strings of the stretch that have a hash value occur.
    private var hashes = FrequencyTable(capacity: 8_192)
    /// The best so far, by stretch, in which they are in no order.
    private(set) var best: [Entry] = []
    private var frequencies: FrequencyBar

    /// A string and how often it occurs.
    struct Entry {
        let count: Int
        let stretch: Int
        let place: TermPlace
    }

    /// - Parameter bar: What strings before those that come have set.
    init(_ merge: TermMerge, bar: Int) {
        sources = merge.sources
        limit = merge.limit
        frequencies = FrequencyBar(limit: merge.limit, bar: bar)
    }

    /// A string that comes later must be more frequent than this to be wanted.
    var bar: Int { frequencies.bar }

    /// - Parameter stretch: Behind all that have been counted before.
    mutating func count(_ stretch: TermMerge.Stretch) {
        let greatest = zip(sources, stretch.ranks).map { $0.greatestCount(in: $1) }
        guard stretch.extras.reduce(greatest.reduce(0, +), { $0 + $1.count }) > bar else { return }
        terms.removeAll(sharedCount: stretch.sharedCount)
        if bar > 0, stretch.extras.isEmpty {
            countFrequent(stretch.ranks)
        } else {
            for (number, (source, ranks)) in zip(sources, stretch.ranks).enumerated() {
                source.forEach(in: ranks) { terms.add($1, to: $2, TermPlace(source: number, rank: $0)) }
            }
            for (index, extra) in zip(stretch.extras.indices, stretch.extras) {
                extra.term.withUnsafeBytes {
                    terms.add(extra.count, to: $0, TermPlace(source: sources.count, rank: index))
                }
            }
        }
        offerTerms(stretch.number)
    }

    /// Counts the strings that may be more frequent than the bar, and perhaps others.
    ///
    /// Hash values tell which ones are: counting these costs less than keeping the strings, and most are not.
    private mutating func countFrequent(_ ranks: [Range<Int>]) {
        var ends: [Int] = []
        // The hash value of each string of the stretch, its rank, and how often it occurs in its segment.
        let occurrences = [(hash: UInt64, rank: UInt32, count: UInt32)](
            unsafeUninitializedCapacity: ranks.reduce(0) { $0 + $1.count }
        ) { occurrences, count in
            for (source, ranks) in zip(sources, ranks) {
                source.forEach(in: ranks) { rank, frequency, term in
                    // In bounds: there is room for all. What does not occur is written over.
                    occurrences[count] = (terms.hash(term), UInt32(rank), UInt32(frequency))
                    count += frequency > 0 ? 1 : 0
                }
                ends.append(count)
            }
        }
        hashes.removeAll()
        hashes.add(occurrences.count) { (occurrences[$0].hash, Int(occurrences[$0].count)) }
        let bar = bar
        guard (0..<hashes.count).contains(where: { hashes[$0].count > bar }) else { return }
        let wanted = occurrences.indices.filter { hashes.count(of: occurrences[$0].hash) > bar }
        // One string alone costs as much as half the block that it stands in.
        if wanted.count * 8 > occurrences.count {
            for (number, (source, ranks)) in zip(sources, ranks).enumerated() {
                source.forEach(in: ranks) { terms.add($1, to: $2, TermPlace(source: number, rank: $0)) }
            }
            return
        }
        var next = 0
        for (number, (source, end)) in zip(sources, ends).enumerated() {
            while next < wanted.count, wanted[next] < end {
                let (_, rank, count) = occurrences[wanted[next]]
                source.dictionary.forEach(in: Int(rank)..<Int(rank) + 1) {
                    terms.add(Int(count), to: $1, TermPlace(source: number, rank: $0))
                }
                next += 1
            }
        }
    }

    /// Puts the strings of a stretch behind those before, as far as they are wanted.
    private mutating func offerTerms(_ stretch: Int) {
        let before = bar
        for number in 0..<terms.count { frequencies.add(terms.frequency(number)) }
        // As frequent as the last one that is wanted by now, those of this stretch may come before others of it.
        for number in 0..<terms.count where terms.frequency(number) > before && terms.frequency(number) >= bar {
            best.append(Entry(count: terms.frequency(number), stretch: stretch, place: terms.place(number)))
        }
        if best.count >= 2 * limit { best.keepMostFrequent(limit, bar: bar) }
    }
}

extension [TermWorker.Entry] {
    /// Takes out what cannot be among the most frequent, of which the last have the frequency `bar`. Of those that have
    /// it, the ones in the first stretches stay.
    ///
    /// - Precondition: They are in the order of their stretches.
    mutating func keepMostFrequent(_ limit: Int, bar: Int) {
        var places = limit - count { $0.count > bar }
        var last = -1
        removeAll { entry in
            guard entry.count <= bar else { return false }
            guard entry.count == bar, places > 0 || entry.stretch == last else { return true }
            places -= 1
            last = entry.stretch
            return false
        }
    }
}
