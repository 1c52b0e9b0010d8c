import STACAPI

/// Finds the most frequent strings of several segments, one stretch of the strings' order after the other, or several at
/// once.
///
/// Each segment has its strings in order. So few of them are looked at at a time that their counts stay in the
/// processor's caches; those of a stretch are complete then, and what is held does not grow with the number of strings.
/// Strings are counted by their hash values, which segments keep. In the end the strings of the most frequent ones are
/// read: where two of them have one hash value, all is done again with others. One that is wanted cannot have been
/// missed: together with another one it can only have seemed to be more frequent.
struct TermMerge {
    let sources: [TermSource]
    /// Counts of single strings beside those of the segments, in order.
    let extras: [(term: [UInt8], count: Int)]
    let limit: Int
    let processors: SpareCores
    private let blocksAtOnce: Int
    /// Changes hash values; `nil`: they are those that segments keep.
    private var seed: UInt64?
    /// Bits of hash values that are looked at.
    private var hashMask: UInt64

    /// - Parameters:
    ///   - extras: In the order of their bytes.
    ///   - limit: At least 1.
    ///   - blocksAtOnce: Blocks of strings in a stretch, on average.
    ///   - hashMask: Bits of the hash values that segments keep; others are used as a whole.
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

    /// Strings that follow one another.
    struct Stretch {
        let number: Int
        /// Of each source.
        let ranks: [Range<Int>]
        let extras: Range<Int>
    }

    /// The most frequent strings, then those that come first by their bytes.
    func mostFrequent() -> [(term: String, count: Int)] {
        let bounds = bounds()
        var attempt = self
        while true {
            let (entries, stretches) = attempt.mostFrequentEntries(bounds)
            if let terms = TermTexts(of: entries, from: stretches, in: attempt) { return terms.inOrder() }
            // Two strings of one stretch have one hash value.
            attempt.seed = .random(in: .min ... .max)
            attempt.hashMask = .max
        }
    }

    /// Strings by their hash values, in the order of their stretches, and these by number.
    private func mostFrequentEntries(_ bounds: [[UInt8]]) -> ([TermWorker.Entry], [Int: Stretch]) {
        var first = TermWorker(self, bar: 0)
        var begun = 0
        // How frequent strings must be that come later is often known after some stretches: these are not done at once.
        while begun <= bounds.count, begun < Self.firstCount, first.bar == 0 {
            forEachStretch(begun..<begun + 1, bounds) { first.count($0) }
            begun += 1
        }
        let (start, bar) = (begun, first.bar)
        let size = max(1, (bounds.count + 1 - start) / Self.partCount)
        let others = processors.run(parts: (bounds.count + size - start) / size) {
            TermWorker(self, bar: bar)
        } body: { worker, part in
            let stretches = start + part * size..<min(start + (part + 1) * size, bounds.count + 1)
            forEachStretch(stretches, bounds) { worker.count($0) }
        }
        var best = first.best + others.flatMap(\.best)
        best.sort { $0.stretch < $1.stretch }
        var frequencies = FrequencyBar(limit: limit)
        for entry in best { frequencies.add(entry.count) }
        best.keepMostFrequent(limit, bar: frequencies.bar)
        return (best, others.reduce(first.stretches) { $0.merging($1.stretches) { stretch, _ in stretch } })
    }

    private static let firstCount = 4

    /// Not less than how often the most frequent string of a stretch occurs.
    func greatestCount(in stretch: Stretch) -> Int {
        let counts = zip(sources, stretch.ranks).map { $0.greatestCount(in: $1) }
        return extras[stretch.extras].reduce(counts.reduce(0, +)) { $0 + $1.count }
    }

    /// Calls `body` with the source, the rank, the count and the hash value of each string; `sources.count` stands for the
    /// extras.
    @inline(__always)
    func forEachHash(in stretch: Stretch, _ body: (Int, Int, Int, UInt64) -> Void) {
        for (number, (source, ranks)) in zip(sources, stretch.ranks).enumerated() {
            source.forEachHash(in: ranks, seed: seed) { body(number, $0, Int($1), $2 & hashMask) }
        }
        for place in stretch.extras {
            let hash = extras[place].term.withUnsafeBytes { StringHash.hash($0, orSeeded: seed) }
            body(sources.count, place, extras[place].count, hash & hashMask)
        }
    }

    private static let partCount = 32

    /// Where stretches end, but for the last one: strings in order.
    private func bounds() -> [[UInt8]] {
        // Of each source some strings that lie equally far apart, then, of all of these in order, one out of so many:
        // sources may have their strings in the same places, or each in others. They begin at different distances.
        let step = max(1, blocksAtOnce / Self.samplesPerStretch)
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

    private static let samplesPerStretch = 8
    private static let goldenRatio = 0.618_033_988_749_894_9

    /// - Parameter numbers: Not beyond that of `bounds`, which is that of the last stretch.
    private func forEachStretch(_ numbers: Range<Int>, _ bounds: [[UInt8]], _ body: (Stretch) -> Void) {
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
                Stretch(
                    number: number, ranks: zip(from, to).map { $0..<$1 }, extras: extra..<extrasEnd))
            from = to
            extra = extrasEnd
        }
    }
}
