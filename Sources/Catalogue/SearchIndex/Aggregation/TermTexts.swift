/// Reads the strings of the most frequent terms, which were found by hash value.
struct TermTexts {
    private let limit: Int
    /// In chunk order.
    private let entries: [TermWorker.Entry]
    private let readers: [Reader]
    /// The location of each entry's string, and its reader.
    private let places: [(reader: Int, range: Range<Int>)]

    /// Reads the strings of some entries and checks all of them.
    ///
    /// - Parameters:
    ///   - entries: In chunk order.
    ///   - chunks: Chunks by number.
    /// - Returns: `nil` when an entry has more than one string.
    init?(of entries: [TermWorker.Entry], from chunks: [Int: TermMerge.Chunk], in merge: TermMerge) {
        // All occurrences of a string are in one chunk.
        let groups = Self.groups(of: entries)
        let readers = merge.processors.run(parts: groups.count) {
            Reader()
        } body: { reader, number in
            let group = groups[number]
            guard let chunk = chunks[entries[group.lowerBound].chunk] else { return }
            reader.read(group, of: entries, from: chunk, in: merge)
        }
        guard readers.allSatisfy(\.isConsistent) else { return nil }
        var places = [(reader: Int, range: Range<Int>)](repeating: (0, 0..<0), count: entries.count)
        for (number, reader) in readers.enumerated() {
            for (entry, range) in reader.ranges { places[entry] = (number, range) }
        }
        limit = merge.limit
        self.entries = entries
        self.readers = readers
        self.places = places
    }

    /// Entries grouped by chunk.
    private static func groups(of entries: [TermWorker.Entry]) -> [Range<Int>] {
        var groups: [Range<Int>] = []
        var start = 0
        while start < entries.count {
            let end = entries[start...].firstIndex { $0.chunk != entries[start].chunk } ?? entries.count
            groups.append(start..<end)
            start = end
        }
        return groups
    }

    private struct Reader {
        private(set) var bytes: [UInt8] = []
        /// Range in `bytes` of each entry.
        private(set) var ranges: [(entry: Int, range: Range<Int>)] = []
        /// Whether each entry has exactly one string.
        private(set) var isConsistent = true

        /// - Parameter group: Entries of one chunk.
        mutating func read(
            _ group: Range<Int>, of entries: [TermWorker.Entry], from chunk: TermMerge.Chunk, in merge: TermMerge
        ) {
            // By hash value: 1 + the entry's index in the group.
            var numbers = FrequencyTable(capacity: group.count)
            for (place, entry) in entries[group].enumerated() { numbers.add(place + 1, to: entry.hash) }
            var wanted = [[(rank: Int, place: Int)]](repeating: [], count: merge.sources.count + 1)
            merge.forEachHash(in: chunk) { source, rank, count, hash in
                if count > 0, case let number = numbers.count(of: hash), number > 0 {
                    wanted[source].append((rank, number - 1))
                }
            }
            var known = [Range<Int>?](repeating: nil, count: group.count)
            for (source, wanted) in zip(merge.sources, wanted) {
                var next = 0
                while next < wanted.count {
                    // Except for the first of a block, each costs as much as decoding half the block.
                    source.dictionary.forEach(from: wanted[next].rank) { rank, string in
                        if rank == wanted[next].rank {
                            add(string, to: &known[wanted[next].place])
                            next += 1
                        }
                        return next < wanted.count && wanted[next].rank < rank + StringDictionary.blockSize
                    }
                }
            }
            for (rank, place) in wanted[merge.sources.count] {
                merge.extras[rank].term.withUnsafeBytes { add($0, to: &known[place]) }
            }
            for (entry, range) in zip(group, known) { ranges.append((entry, range ?? 0..<0)) }
        }

        private mutating func add(_ string: UnsafeRawBufferPointer, to known: inout Range<Int>?) {
            if let known {
                if bytes.withUnsafeBytes({ compareBytes(UnsafeRawBufferPointer(rebasing: $0[known]), string) }) != 0 {
                    isConsistent = false
                }
            } else {
                known = bytes.count..<bytes.count + string.count
                bytes.append(contentsOf: string)
            }
        }
    }

    @inline(__always)
    private func withBytes<Result>(of entry: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        let (reader, range) = places[entry]
        return readers[reader].bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[range])) }
    }

    /// The most frequent ones; ties by their bytes.
    func inOrder() -> [(term: String, count: Int)] {
        // Chunks are ordered: bytes decide only within one chunk.
        let keyed = entries.enumerated().map { number, entry in
            (key: UInt64(UInt32.max - UInt32(clamping: entry.count)) << 32 | UInt64(entry.chunk), entry: number)
        }.sorted { $0.key < $1.key }
        var order = keyed.map(\.entry)
        var start = 0
        while start < min(order.count, limit) {
            let end = keyed[start...].firstIndex { $0.key != keyed[start].key } ?? order.count
            sortByBytes(&order[start..<end])
            start = end
        }
        return order.prefix(limit).map { entry in
            (withBytes(of: entry) { String(decoding: $0, as: UTF8.self) }, entries[entry].count)
        }
    }

    private func sortByBytes(_ order: inout ArraySlice<Int>) {
        guard order.count > 1, let first = order.first else { return }
        // The eight bytes after the common prefix distinguish most strings.
        let sharedCount = order.reduce(Int.max) { shared, entry in
            withBytes(of: first) { left in
                withBytes(of: entry) { right in
                    var count = 0
                    while count < min(left.count, right.count, shared), left[count] == right[count] { count += 1 }
                    return count
                }
            }
        }
        var keyed = order.map { entry in
            withBytes(of: entry) { bytes in
                var key: UInt64 = 0
                for offset in sharedCount..<sharedCount + 8 {
                    key = key << 8 | (offset < bytes.count ? UInt64(bytes[offset]) : 0)
                }
                return (key: key, entry: entry)
            }
        }
        keyed.sort { left, right in
            if left.key != right.key { return left.key < right.key }
            return withBytes(of: left.entry) { left in withBytes(of: right.entry) { compareBytes(left, $0) < 0 } }
        }
        for (index, keyed) in zip(order.indices, keyed) { order[index] = keyed.entry }
    }
}
