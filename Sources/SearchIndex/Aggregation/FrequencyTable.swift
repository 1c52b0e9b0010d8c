/// Counts by integer key.
struct FrequencyTable {
    private struct Slot {
        var key: UInt64
        /// 0: the slot is free.
        var count: Int
    }

    /// A hash table, a power of two in size, at most half of which is used.
    private var slots: [Slot]
    /// Slots in use, in the order in which keys have come; longer than these.
    private var used: [UInt32]
    /// Keys.
    private(set) var count = 0

    /// - Parameter capacity: Keys for which there is room from the beginning.
    init(capacity: Int) {
        var size = 64
        while size < capacity * 2 { size *= 2 }
        slots = Array(repeating: Slot(key: 0, count: 0), count: size)
        used = Array(repeating: 0, count: size / 2)
    }

    /// A key and its count.
    ///
    /// - Parameter place: From 0, in the order in which keys have come.
    @inline(__always)
    subscript(place: Int) -> (key: UInt64, count: Int) {
        let slot = slots[Int(used[place])]
        return (slot.key, slot.count)
    }

    func contains(_ key: UInt64) -> Bool { slots.withUnsafeBufferPointer { $0[Self.slot(of: key, in: $0)].count > 0 } }

    mutating func add(_ count: Int, to key: UInt64) {
        guard count > 0 else { return }
        withUnsafePointer(to: key) { add(count, UnsafeBufferPointer(start: $0, count: 1)) }
    }

    /// Adds 1 to each of some keys.
    mutating func add(_ keys: UnsafeBufferPointer<UInt64>) { add(1, keys) }

    @inline(__always)
    private mutating func add(_ increment: Int, _ keys: UnsafeBufferPointer<UInt64>) {
        while count + keys.count > used.count { grow() }
        var known = count
        slots.withUnsafeMutableBufferPointer { slots in
            used.withUnsafeMutableBufferPointer { used in
                for key in keys {
                    let slot = Self.slot(of: key, in: UnsafeBufferPointer(slots))
                    // In bounds: there is room for as many new keys. Written whether or not this is one: keys are as
                    // often new as not, and a branch would be guessed wrong.
                    used[known] = UInt32(truncatingIfNeeded: slot)
                    known += slots[slot].count == 0 ? 1 : 0
                    slots[slot].key = key
                    slots[slot].count += increment
                }
            }
        }
        count = known
    }

    /// Where a key is, or is to go.
    @inline(__always)
    private static func slot(of key: UInt64, in slots: UnsafeBufferPointer<Slot>) -> Int {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: (key &* 0x9e37_79b9_7f4a_7c15) >> 32) & mask
        while slots[slot].key != key, slots[slot].count > 0 { slot = (slot + 1) & mask }
        return slot
    }

    private mutating func grow() {
        var larger = FrequencyTable(capacity: slots.count)
        for place in 0..<count { larger.add(self[place].count, to: self[place].key) }
        self = larger
    }

    mutating func removeAll() {
        for place in 0..<count { slots[Int(used[place])].count = 0 }
        count = 0
    }
}

/// The frequency that the most frequent so many have at least; 0 when there are fewer.
func leastFrequency(_ frequencies: [Int], _ limit: Int) -> Int {
    // Frequencies are mostly small; those beyond the last count as one.
    var counts = [Int](repeating: 0, count: 4_096)
    for frequency in frequencies { counts[min(frequency, counts.count - 1)] += 1 }
    var seen = 0
    for frequency in counts.indices.reversed() {
        seen += counts[frequency]
        guard seen >= limit else { continue }
        return frequency < counts.count - 1 ? frequency : frequencies.sorted(by: >)[limit - 1]
    }
    return 0
}
