/// Counts by integer key.
struct FrequencyTable {
    /// Slots of a hash table, a power of two of them; a count of 0 means that a slot is free.
    private var slots: [(key: UInt64, count: Int)]
    private var used = 0

    init() {
        slots = Array(repeating: (0, 0), count: 16_384)
    }

    mutating func add(_ count: Int, to key: UInt64) {
        guard count > 0 else { return }
        if Self.add(count, to: key, in: &slots) {
            used += 1
            if used * 2 > slots.count { grow() }
        }
    }

    /// - Returns: Whether the key is new.
    @inline(__always)
    private static func add(_ count: Int, to key: UInt64, in slots: inout [(key: UInt64, count: Int)]) -> Bool {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: (key &* 0x9e37_79b9_7f4a_7c15) >> 20) & mask
        while slots[slot].count > 0, slots[slot].key != key { slot = (slot + 1) & mask }
        let isNew = slots[slot].count == 0
        slots[slot] = (key, slots[slot].count + count)
        return isNew
    }

    private mutating func grow() {
        var larger = [(key: UInt64, count: Int)](repeating: (0, 0), count: slots.count * 4)
        for slot in slots where slot.count > 0 { _ = Self.add(slot.count, to: slot.key, in: &larger) }
        slots = larger
    }

    /// The most frequent keys, then those that come first in an order.
    func mostFrequent(_ limit: Int, order: (UInt64) -> UInt64) -> [(key: UInt64, count: Int)] {
        let counts = slots.filter { $0.count > 0 }
        let least = leastFrequency(counts.lazy.map(\.count), limit)
        let candidates = counts.filter { $0.count >= least }.map {
            (order: order($0.key), key: $0.key, count: $0.count)
        }
        return candidates.sorted { $0.count != $1.count ? $0.count > $1.count : $0.order < $1.order }.prefix(limit)
            .map { ($0.key, $0.count) }
    }
}

/// The frequency that the most frequent so many have at least.
func leastFrequency(_ frequencies: some Sequence<Int>, _ limit: Int) -> Int {
    // Frequencies are mostly small; those beyond the last count as one.
    var counts = [Int](repeating: 0, count: 4_096)
    for frequency in frequencies { counts[min(frequency, counts.count - 1)] += 1 }
    var seen = 0
    for frequency in counts.indices.reversed() {
        seen += counts[frequency]
        if seen >= limit { return frequency }
    }
    return 0
}
