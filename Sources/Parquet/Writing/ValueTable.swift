/// Finds the number of a value that has occurred before: hashes and numbers in open addressing, the values are
/// elsewhere.
struct ValueTable {
    private struct Slot {
        /// The upper half of the hash.
        var tag: UInt32 = 0
        /// One above the value's number; 0: free.
        var place: UInt32 = 0
    }

    private var slots = [Slot](repeating: Slot(), count: 64)
    private(set) var count = 0

    /// - Parameter equals: Whether the value with that number is the one looked for.
    /// - Returns: The value's number, which is `count` as it was when the value is new.
    @inline(__always)
    mutating func place(_ hash: UInt64, _ equals: (Int) -> Bool) -> Int {
        let tag = UInt32(truncatingIfNeeded: hash >> 32)
        let mask = slots.count - 1
        var at = Int(truncatingIfNeeded: hash) & mask
        while slots[at].place != 0 {
            let place = Int(slots[at].place) - 1
            if slots[at].tag == tag, equals(place) { return place }
            at = (at + 1) & mask
        }
        slots[at] = Slot(tag: tag, place: UInt32(count + 1))
        count += 1
        return count - 1
    }

    /// To be called after an insertion: `hash` gives the hash of a value by its number.
    mutating func growIfNeeded(_ hash: (Int) -> UInt64) {
        guard count * 2 > slots.count else { return }
        slots = [Slot](repeating: Slot(), count: slots.count * 4)
        let mask = slots.count - 1
        for place in 0..<count {
            let hash = hash(place)
            var at = Int(truncatingIfNeeded: hash) & mask
            while slots[at].place != 0 { at = (at + 1) & mask }
            slots[at] = Slot(tag: UInt32(truncatingIfNeeded: hash >> 32), place: UInt32(place + 1))
        }
    }

    mutating func removeAll() {
        if slots.count > 4096 {
            slots = [Slot](repeating: Slot(), count: 64)
        } else {
            for index in slots.indices { slots[index] = Slot() }
        }
        count = 0
    }
}
