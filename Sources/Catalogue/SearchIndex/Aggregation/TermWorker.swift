/// Counts strings by their hash values, stretch by stretch, and keeps the most frequent ones: see `TermMerge`.
struct TermWorker {
    private let merge: TermMerge
    /// Bounds how often the strings of a stretch that have a hash value occur.
    private var sieve = FrequencySieve()
    /// How often those occur that may be frequent enough.
    private var counts = FrequencyTable(capacity: 4_096)
    /// The best so far, by stretch, in which they are in no order.
    private(set) var best: [Entry] = []
    /// Those that entries are from, by number.
    private(set) var stretches: [Int: TermMerge.Stretch] = [:]
    private var frequencies: FrequencyBar

    /// A string and how often it occurs; or several ones with the same hash value, as if they were one.
    struct Entry {
        let count: Int
        let hash: UInt64
        /// Its number.
        let stretch: Int
    }

    /// - Parameter bar: What strings before those that come have set.
    init(_ merge: TermMerge, bar: Int) {
        self.merge = merge
        frequencies = FrequencyBar(limit: merge.limit, bar: bar)
    }

    /// A string that comes later must be more frequent than this to be wanted.
    var bar: Int { frequencies.bar }

    /// - Parameter stretch: Behind all that have been counted before.
    mutating func count(_ stretch: TermMerge.Stretch) {
        let before = bar
        guard merge.greatestCount(in: stretch) > before else { return }
        if before > 0 {
            // Most are not frequent enough, and are not even counted by themselves.
            sieve.withPlaces { places in
                merge.forEachHash(in: stretch) { _, _, count, hash in places.add(count, to: hash) }
                merge.forEachHash(in: stretch) { _, _, count, hash in
                    if places.mayExceed(before, hash) { counts.add(count, to: hash) }
                }
            }
        } else {
            merge.forEachHash(in: stretch) { _, _, count, hash in counts.add(count, to: hash) }
        }
        for place in 0..<counts.count { frequencies.add(counts[place].count) }
        // As frequent as the last one that is wanted by now, those of this stretch may come before others of it.
        let bar = bar
        for place in 0..<counts.count {
            let (hash, count) = counts[place]
            if count > before, count >= bar {
                best.append(Entry(count: count, hash: hash, stretch: stretch.number))
            }
        }
        if best.last?.stretch == stretch.number { stretches[stretch.number] = stretch }
        counts.removeAll()
        if best.count >= 2 * merge.limit { best.keepMostFrequent(merge.limit, bar: bar) }
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
