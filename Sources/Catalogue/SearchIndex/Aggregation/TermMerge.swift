import STACAPI

/// Finds the most frequent strings of several segments, one chunk of the sorted strings after the other, or several in
/// parallel.
///
/// Each segment stores its strings sorted. A chunk is small enough that its counters stay in the processor's caches;
/// the counts of its strings are then complete, and memory use does not grow with the number of strings. Strings are
/// counted by the hash values stored in the segments. At the end the strings of the most frequent hash values are read;
/// if two strings share one, the computation is repeated with other hash values. No requested string can be missed: a
/// collision only makes strings seem more frequent.
struct TermMerge {
    let sources: [TermSource]
    /// Counts of single strings in addition to those of the segments, in order.
    let extras: [(term: [UInt8], count: Int)]
    let limit: Int
    let processors: SpareCores
    private let blocksAtOnce: Int
    /// Rehashes the strings; `nil`: use the hash values stored in the segments.
    private var seed: UInt64?
    /// Mask of the hash value bits in use.
    private var hashMask: UInt64

    /// - Parameters:
    ///   - extras: Sorted by their bytes.
    ///   - limit: At least 1.
    ///   - blocksAtOnce: Average number of string blocks per chunk.
    ///   - hashMask: Bits of the stored hash values in use; seeded ones are used as a whole.
    init(
        _ sources: [TermSource], extras: [(term: [UInt8], count: Int)], limit: Int, blocksAtOnce: Int = 512,
        hashMask: UInt64 = .max, processors: SpareCores = .shared
    ) {
        self.sources = sources
        self.extras = extras
        self.limit = limit
        self.blocksAtOnce = blocksAtOnce
        self.hashMask = hashMask
        self.processors = processors
    }

    /// A chunk of consecutive strings.
    struct Chunk {
        let number: Int
        /// One range per source.
        let ranks: [Range<Int>]
        let extras: Range<Int>
    }

    /// The most frequent strings; ties by their bytes.
    func mostFrequent() -> [(term: String, count: Int)] {
        let bounds = bounds()
        var attempt = self
        while true {
            let (entries, chunks) = attempt.mostFrequentEntries(bounds)
            if let terms = TermTexts(of: entries, from: chunks, in: attempt) { return terms.inOrder() }
            // Two strings of one chunk share a hash value.
            attempt.seed = .random(in: .min ... .max)
            attempt.hashMask = .max
        }
    }

    /// Strings by hash value, in the order of their chunks, and these by number.
    private func mostFrequentEntries(_ bounds: [[UInt8]]) -> ([TermWorker.Entry], [Int: Chunk]) {
        var first = TermWorker(self, bar: 0)
        var begun = 0
        // After some chunks the minimum frequency of later strings is often known: these are therefore not started at
        // once.
        while begun <= bounds.count, begun < Self.firstCount, first.bar == 0 {
            forEachChunk(begun..<begun + 1, bounds) { first.count($0) }
            begun += 1
        }
        let (start, bar) = (begun, first.bar)
        let size = max(1, (bounds.count + 1 - start) / Self.partCount)
        let others = processors.run(parts: (bounds.count + size - start) / size) {
            TermWorker(self, bar: bar)
        } body: { worker, part in
            let chunks = start + part * size..<min(start + (part + 1) * size, bounds.count + 1)
            forEachChunk(chunks, bounds) { worker.count($0) }
        }
        var best = first.best + others.flatMap(\.best)
        best.sort { $0.chunk < $1.chunk }
        var frequencies = FrequencyBar(limit: limit)
        for entry in best { frequencies.add(entry.count) }
        best.keepMostFrequent(limit, bar: frequencies.bar)
        return (best, others.reduce(first.chunks) { $0.merging($1.chunks) { chunk, _ in chunk } })
    }

    private static let firstCount = 4

    /// An upper bound of the frequency of the most frequent string of a chunk.
    func greatestCount(in chunk: Chunk) -> Int {
        let counts = zip(sources, chunk.ranks).map { $0.greatestCount(in: $1) }
        return extras[chunk.extras].reduce(counts.reduce(0, +)) { $0 + $1.count }
    }

    /// Calls `body` with the source, the rank, the count and the hash value of each string; source `sources.count`
    /// denotes the extras.
    @inline(__always)
    func forEachHash(in chunk: Chunk, _ body: (Int, Int, Int, UInt64) -> Void) {
        for (number, (source, ranks)) in zip(sources, chunk.ranks).enumerated() {
            source.forEachHash(in: ranks, seed: seed) { body(number, $0, Int($1), $2 & hashMask) }
        }
        for place in chunk.extras {
            let hash = extras[place].term.withUnsafeBytes { StringHash.hash($0, orSeeded: seed) }
            body(sources.count, place, extras[place].count, hash & hashMask)
        }
    }

    private static let partCount = 32

    /// The ends of all chunks but the last: strings in order.
    private func bounds() -> [[UInt8]] {
        // Samples equally spaced strings of each source, then takes every n-th of all samples in order. Sources may
        // have equal or different strings at the same ranks, so sampling starts at different offsets.
        let step = max(1, blocksAtOnce / Self.samplesPerChunk)
        var samples: [[UInt8]] = []
        for (number, source) in sources.enumerated() {
            let first = Int((Double(number) * Self.goldenRatio).truncatingRemainder(dividingBy: 1) * Double(step))
            for block in stride(from: first, to: source.dictionary.blockCount, by: step) {
                samples.append(source.dictionary.first(ofBlock: block))
            }
        }
        samples.sort { left, right in
            left.withUnsafeBytes { left in right.withUnsafeBytes { compareBytes(left, $0) < 0 } }
        }
        let between = blocksAtOnce / step
        return stride(from: between, to: samples.count, by: between).map { samples[$0] }
    }

    private static let samplesPerChunk = 8
    private static let goldenRatio = 0.618_033_988_749_894_9

    /// - Parameter numbers: At most that of `bounds`, which is that of the last chunk.
    private func forEachChunk(_ numbers: Range<Int>, _ bounds: [[UInt8]], _ body: (Chunk) -> Void) {
        let previous = numbers.lowerBound > 0 ? bounds[numbers.lowerBound - 1] : []
        var from = sources.map { $0.dictionary.lowerBound(previous, from: 0) }
        var extra = extras.firstIndex { !$0.term.lexicographicallyPrecedes(previous) } ?? extras.count
        for number in numbers {
            let bound = number < bounds.count ? bounds[number] : nil
            let to = zip(sources, from).map { source, rank in
                bound.map { source.dictionary.lowerBound($0, from: rank) } ?? source.dictionary.count
            }
            var extrasEnd = extra
            while extrasEnd < extras.count,
                bound.map({ extras[extrasEnd].term.lexicographicallyPrecedes($0) }) ?? true
            {
                extrasEnd += 1
            }
            body(
                Chunk(
                    number: number, ranks: zip(from, to).map { $0..<$1 }, extras: extra..<extrasEnd))
            from = to
            extra = extrasEnd
        }
    }
}
