/// Counts by string.
struct TermTable {
    private struct Entry {
        let hash: UInt64
        /// Bytes in `text`.
        let start: Int
        let length: Int
        let place: TermPlace
        var count: Int
    }

    private var text: [UInt8] = []
    /// By number, in the order in which strings have come.
    private var entries: [Entry] = []
    /// A hash table of numbers of strings; -1 is a free slot.
    private var slots = [Int32](repeating: -1, count: 1_024)
    /// Bytes at the beginning that all strings have in common: they tell nothing apart.
    private var sharedCount = 0

    /// - Parameter place: Kept where the string is new.
    mutating func add(_ count: Int, to term: UnsafeRawBufferPointer, _ place: TermPlace) {
        guard count > 0 else { return }
        let hash = hash(term)
        var slot = Self.slot(hash, slots.count)
        while slots[slot] >= 0 {
            let number = Int(slots[slot])
            if entries[number].hash == hash, isTerm(number, term) {
                entries[number].count += count
                return
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        slots[slot] = Int32(entries.count)
        entries.append(Entry(hash: hash, start: text.count, length: term.count, place: place, count: count))
        text.append(contentsOf: term)
        if entries.count * 4 > slots.count { grow() }
    }

    /// Equal for equal strings.
    @inline(__always)
    func hash(_ term: UnsafeRawBufferPointer) -> UInt64 {
        Self.hash(UnsafeRawBufferPointer(rebasing: term[sharedCount...]))
    }

    @inline(__always)
    private static func hash(_ term: UnsafeRawBufferPointer) -> UInt64 {
        let prime: UInt64 = 0x9e37_79b9_7f4a_7c15
        func word(_ at: Int) -> UInt64 { term.loadUnaligned(fromByteOffset: at, as: UInt64.self) }
        // Two side by side, since each waits for its last multiplication.
        var (first, second) = (UInt64(term.count), prime)
        var at = 0
        // In bounds: 16 or 8 bytes are read only where as many are left, or the last 8 of at least as many.
        while at + 16 <= term.count {
            first = (first ^ word(at)) &* prime
            second = (second ^ word(at + 8)) &* prime
            first ^= first >> 32
            second ^= second >> 32
            at += 16
        }
        if term.count >= 8 {
            if at + 8 < term.count { first = (first ^ word(at)) &* prime }
            second = (second ^ word(term.count - 8)) &* prime
        } else {
            for byte in term { first = (first ^ UInt64(byte)) &* prime }
        }
        // The last bytes of a word have moved its first bits only.
        return (first ^ first >> 32 ^ second ^ second >> 29) &* prime
    }

    private static func slot(_ hash: UInt64, _ count: Int) -> Int {
        Int(truncatingIfNeeded: hash >> 32) & (count - 1)
    }

    private func isTerm(_ number: Int, _ term: UnsafeRawBufferPointer) -> Bool {
        text.withUnsafeBytes { compareBytes(bytes(number, $0), term) == 0 }
    }

    @inline(__always)
    private func bytes(_ number: Int, _ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        let entry = entries[number]
        return UnsafeRawBufferPointer(rebasing: text[entry.start..<entry.start + entry.length])
    }

    private mutating func grow() {
        slots = [Int32](repeating: -1, count: slots.count * 4)
        for (number, entry) in entries.enumerated() {
            var slot = Self.slot(entry.hash, slots.count)
            while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = Int32(number)
        }
    }

    /// Takes all strings out.
    ///
    /// - Parameter sharedCount: Bytes that all strings which come from now on begin with, the same ones.
    mutating func removeAll(sharedCount: Int) {
        self.sharedCount = sharedCount
        text.removeAll(keepingCapacity: true)
        entries.removeAll(keepingCapacity: true)
        slots.withUnsafeMutableBufferPointer { $0.update(repeating: -1) }
    }

    /// Distinct strings, which are numbered from 0.
    var count: Int { entries.count }

    func frequency(_ number: Int) -> Int { entries[number].count }

    func place(_ number: Int) -> TermPlace { entries[number].place }
}

/// Where a string is found again.
struct TermPlace {
    let source: Int
    let rank: Int
}
