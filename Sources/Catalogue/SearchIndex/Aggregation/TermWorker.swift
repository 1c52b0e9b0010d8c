/// Counts strings by hash value, chunk by chunk, and keeps the most frequent ones: see `TermMerge`.
struct TermWorker {
    private let merge: TermMerge
    /// Upper bounds of the frequencies of a chunk's hash values.
    private var sieve = FrequencySieve()
    /// Exact counts of the hash values that may be frequent enough.
    private var counts = FrequencyTable(capacity: 4_096)
    /// The best so far, grouped by chunk, unordered within a chunk.
    private(set) var best: [Entry] = []
    /// The chunks of the entries, by number.
    private(set) var chunks: [Int: TermMerge.Chunk] = [:]
    private var frequencies: FrequencyBar

    /// A string and its frequency, or several strings with the same hash value counted as one.
    struct Entry {
        let count: Int
        let hash: UInt64
        /// The number of its chunk.
        let chunk: Int
    }

    /// - Parameter bar: Set by preceding strings.
    init(_ merge: TermMerge, bar: Int) {
        self.merge = merge
        frequencies = FrequencyBar(limit: merge.limit, bar: bar)
    }

    /// A later string must be more frequent than this to qualify.
    var bar: Int { frequencies.bar }

    /// - Parameter chunk: A chunk after all that have been counted before.
    mutating func count(_ chunk: TermMerge.Chunk) {
        let before = bar
        guard merge.greatestCount(in: chunk) > before else { return }
        if before > 0 {
            // Most are not frequent enough, and are not counted individually.
            sieve.withPlaces { places in
                merge.forEachHash(in: chunk) { _, _, count, hash in places.add(count, to: hash) }
                merge.forEachHash(in: chunk) { _, _, count, hash in
                    if places.mayExceed(before, hash) { counts.add(count, to: hash) }
                }
            }
        } else {
            merge.forEachHash(in: chunk) { _, _, count, hash in counts.add(count, to: hash) }
        }
        for place in 0..<counts.count { frequencies.add(counts[place].count) }
        // Strings as frequent as the current last one may precede others of this chunk.
        let bar = bar
        for place in 0..<counts.count {
            let (hash, count) = counts[place]
            if count > before, count >= bar {
                best.append(Entry(count: count, hash: hash, chunk: chunk.number))
            }
        }
        if best.last?.chunk == chunk.number { chunks[chunk.number] = chunk }
        counts.removeAll()
        if best.count >= 2 * merge.limit { best.keepMostFrequent(merge.limit, bar: bar) }
    }
}

extension [TermWorker.Entry] {
    /// Removes entries that can no longer qualify; the last that do have the frequency `bar`. Of the entries with that
    /// frequency, those of the first chunks stay.
    ///
    /// - Precondition: Entries are in chunk order.
    mutating func keepMostFrequent(_ limit: Int, bar: Int) {
        var places = limit - count { $0.count > bar }
        var last = -1
        removeAll { entry in
            guard entry.count <= bar else { return false }
            guard entry.count == bar, places > 0 || entry.chunk == last else { return true }
            places -= 1
            last = entry.chunk
            return false
        }
    }
}
