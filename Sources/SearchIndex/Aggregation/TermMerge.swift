import STACAPI

/// Finds the most frequent strings of several segments, one stretch of the strings' order after the other, or several at
/// once.
///
/// Each segment has its strings in order. So few of them are looked at at a time that they stay in the processor's
/// caches; the counts of a stretch are complete then, and what is held does not grow with the number of strings. Where
/// nothing in a stretch can be frequent enough any more, not even its strings are read: that is so for identifiers, of
/// which the first ones are as frequent as all others.
struct TermMerge {
    let sources: [TermSource]
    /// Counts of single strings beside those of the segments, in order.
    private let extras: [(term: [UInt8], count: Int)]
    let limit: Int
    private let blocksAtOnce: Int
    private let processors: ProcessorShare

    /// - Parameters:
    ///   - extras: In the order of their bytes.
    ///   - limit: At least 1.
    ///   - blocksAtOnce: Blocks of strings in a stretch, on average.
    init(
        _ sources: [TermSource], extras: [(term: [UInt8], count: Int)], limit: Int, blocksAtOnce: Int = 256,
        processors: ProcessorShare = .shared
    ) {
        self.sources = sources
        self.extras = extras
        self.limit = limit
        self.blocksAtOnce = blocksAtOnce
        self.processors = processors
    }

    /// Strings that follow one another.
    struct Stretch {
        let number: Int
        /// Of each source.
        let ranks: [Range<Int>]
        let extras: ArraySlice<(term: [UInt8], count: Int)>
        /// Bytes that all of the strings begin with.
        let sharedCount: Int
    }

    /// The most frequent strings, then those that come first by their bytes.
    func mostFrequent() -> [(term: String, count: Int)] {
        let bounds = bounds()
        var first = TermWorker(self, bar: 0)
        var begun = 0
        // How frequent strings must be that come later is known when there are enough of them: until then, one after the
        // other.
        while begun <= bounds.count, first.bar == 0 {
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
        return strings(first.best + others.flatMap(\.best))
    }

    /// The most frequent of some strings, in order.
    private func strings(_ entries: [TermWorker.Entry]) -> [(term: String, count: Int)] {
        var best = entries.sorted { $0.stretch < $1.stretch }
        var frequencies = FrequencyBar(limit: limit)
        for entry in best { frequencies.add(entry.count) }
        best.keepMostFrequent(limit, bar: frequencies.bar)
        // Read in the order in which they lie.
        best.sort { ($0.place.source, $0.place.rank) < ($1.place.source, $1.place.rank) }
        var terms: [(bytes: [UInt8], entry: TermWorker.Entry)] = []
        var next = 0
        for (number, source) in sources.enumerated() {
            while next < best.count, best[next].place.source == number {
                source.dictionary.forEach(from: best[next].place.rank) { rank, bytes in
                    if rank == best[next].place.rank {
                        terms.append((Array(bytes), best[next]))
                        next += 1
                    }
                    return next < best.count && best[next].place.source == number
                        && best[next].place.rank < rank + StringDictionary.blockSize
                }
            }
        }
        for entry in best[next...] { terms.append((extras[entry.place.rank].term, entry)) }
        terms.sort { left, right in
            if left.entry.count != right.entry.count { return left.entry.count > right.entry.count }
            if left.entry.stretch != right.entry.stretch { return left.entry.stretch < right.entry.stretch }
            return compare(left.bytes, right.bytes) < 0
        }
        return terms.prefix(limit).map { (String(decoding: $0.bytes, as: UTF8.self), $0.entry.count) }
    }

    private static let partCount = 32

    /// Where stretches end, but for the last one: strings in order.
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

    /// - Parameter numbers: Not beyond that of `bounds`, which is that of the last stretch.
    private func forEachStretch(_ numbers: Range<Int>, _ bounds: [[UInt8]], _ body: (Stretch) -> Void) {
        var previous = numbers.lowerBound > 0 ? bounds[numbers.lowerBound - 1] : []
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
                    number: number, ranks: zip(from, to).map { $0..<$1 }, extras: extras[extra..<extrasEnd],
                    sharedCount: zip(previous, bound ?? []).prefix { $0 == $1 }.count))
            previous = bound ?? []
            from = to
            extra = extrasEnd
        }
    }
}

private func compare(_ left: [UInt8], _ right: [UInt8]) -> Int {
    left.withUnsafeBytes { left in right.withUnsafeBytes { compareBytes(left, $0) } }
}
