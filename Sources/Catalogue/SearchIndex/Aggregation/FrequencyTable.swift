/// Counts by integer key.
struct FrequencyTable {
    fileprivate struct Slot {
        var key: UInt64
        /// 0: the slot is free.
        var count: Int
    }

    /// A hash table, a power of two in size, at most half of which is used.
    private var slots: [Slot]
    /// Used slots, in insertion order of the keys; the array is longer than their number.
    private var used: [UInt32]
    /// Number of keys.
    private(set) var count = 0
    /// Odd, and random per process, so that clients cannot choose keys that all hash to one slot.
    private let multiplier: UInt64

    private static let multiplier = UInt64.random(in: 1 << 63 ... .max) | 1

    /// - Parameter capacity: Initial capacity in keys.
    init(capacity: Int) {
        var size = 64
        while size < capacity * 2 { size *= 2 }
        slots = Array(repeating: Slot(key: 0, count: 0), count: size)
        used = Array(repeating: 0, count: size / 2)
        multiplier = Self.multiplier
    }

    /// A key and its count.
    ///
    /// - Parameter place: Insertion index of the key, from 0.
    @inline(__always)
    subscript(place: Int) -> (key: UInt64, count: Int) {
        let slot = slots[Int(used[place])]
        return (slot.key, slot.count)
    }

    func contains(_ key: UInt64) -> Bool {
        count > 0 && slots.withUnsafeBufferPointer { $0[$0.slot(of: key, multiplier)].count > 0 }
    }

    /// 0 for an absent key.
    func count(of key: UInt64) -> Int {
        slots.withUnsafeBufferPointer { $0[$0.slot(of: key, multiplier)].count }
    }

    mutating func add(_ count: Int, to key: UInt64) {
        guard count > 0 else { return }
        add(1) { _ in (key, count) }
    }

    /// Adds 1 to each of some keys.
    mutating func add(_ keys: UnsafeBufferPointer<UInt64>) { add(keys.count) { (keys[$0], 1) } }

    /// - Parameter body: Returns a key and the increment (above 0) of its count for each number below `number`.
    @inline(__always)
    mutating func add(_ number: Int, _ body: (Int) -> (key: UInt64, count: Int)) {
        while count + number > used.count { grow() }
        var known = count
        let multiplier = multiplier
        slots.withUnsafeMutableBufferPointer { slots in
            used.withUnsafeMutableBufferPointer { used in
                for index in 0..<number {
                    let (key, count) = body(index)
                    let slot = UnsafeBufferPointer(slots).slot(of: key, multiplier)
                    // In bounds: capacity for that many new keys is reserved. Written unconditionally: keys are new
                    // about half of the time, so a branch would be mispredicted.
                    used[known] = UInt32(truncatingIfNeeded: slot)
                    known += slots[slot].count == 0 ? 1 : 0
                    slots[slot].key = key
                    slots[slot].count += count
                }
            }
        }
        count = known
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

extension UnsafeBufferPointer<FrequencyTable.Slot> {
    /// The slot of a key, present or new, in a table whose size is a power of two.
    @inline(__always)
    fileprivate func slot(of key: UInt64, _ multiplier: UInt64) -> Int {
        let mask = count &- 1
        var slot = Int(truncatingIfNeeded: (key &* multiplier) &>> UInt64(count.leadingZeroBitCount &+ 1))
        while self[slot].key != key, self[slot].count > 0 { slot = (slot &+ 1) & mask }
        return slot
    }
}
