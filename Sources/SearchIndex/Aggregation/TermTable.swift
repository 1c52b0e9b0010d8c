/// Counts by string.
struct TermTable {
    private var text: [UInt8] = []
    /// Where each string ends in `text`; it starts where the one before ends.
    private var ends: [Int] = []
    private var counts: [Int] = []
    private var hashes: [UInt64] = []
    /// A hash table of numbers of strings; -1 is a free slot.
    private var slots = [Int32](repeating: -1, count: 1_024)

    mutating func add(_ count: Int, to term: UnsafeRawBufferPointer) {
        guard count > 0 else { return }
        let hash = checksum(term)
        var slot = Self.slot(hash, slots.count)
        while slots[slot] >= 0 {
            let number = Int(slots[slot])
            if hashes[number] == hash, isTerm(number, term) {
                counts[number] += count
                return
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        slots[slot] = Int32(counts.count)
        text.append(contentsOf: term)
        ends.append(text.count)
        counts.append(count)
        hashes.append(hash)
        if counts.count * 2 > slots.count { grow() }
    }

    mutating func add(_ count: Int, to term: String) {
        var term = term
        term.withUTF8 { add(count, to: UnsafeRawBufferPointer($0)) }
    }

    private static func slot(_ hash: UInt64, _ count: Int) -> Int {
        Int(truncatingIfNeeded: hash ^ hash >> 32) & (count - 1)
    }

    private func range(_ number: Int) -> Range<Int> { (number == 0 ? 0 : ends[number - 1])..<ends[number] }

    private func isTerm(_ number: Int, _ term: UnsafeRawBufferPointer) -> Bool {
        let range = range(number)
        return range.count == term.count
            && text.withUnsafeBytes { compareBytes(UnsafeRawBufferPointer(rebasing: $0[range]), term) == 0 }
    }

    private mutating func grow() {
        slots = [Int32](repeating: -1, count: slots.count * 4)
        for (number, hash) in hashes.enumerated() {
            var slot = Self.slot(hash, slots.count)
            while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = Int32(number)
        }
    }

    /// The most frequent strings, then those that come first by their bytes.
    func mostFrequent(_ limit: Int) -> [(term: String, count: Int)] {
        let least = leastFrequency(counts, limit)
        let numbers = text.withUnsafeBytes { text in
            counts.indices.filter { counts[$0] >= least }.sorted { left, right in
                if counts[left] != counts[right] { return counts[left] > counts[right] }
                return compareBytes(
                    UnsafeRawBufferPointer(rebasing: text[range(left)]),
                    UnsafeRawBufferPointer(rebasing: text[range(right)])) < 0
            }
        }
        return numbers.prefix(limit).map { (String(decoding: text[range($0)], as: UTF8.self), counts[$0]) }
    }
}
