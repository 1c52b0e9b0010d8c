/// Finds the number of a value that has occurred before. An open-addressing table of hashes and numbers; the values are
/// stored elsewhere.
struct ValueTable {
    private struct Slot {
        /// The upper half of the hash.
        var tag: UInt32 = 0
        /// One above the value's number; 0: free.
        var number: UInt32 = 0
    }

    private static let leastCount = 64
    /// Larger tables are deallocated when the table is emptied.
    private static let retainedCount = 4096

    private var slots = [Slot](repeating: Slot(), count: leastCount)
    /// By number.
    private var hashes: [UInt64] = []

    /// The number of a value that has been inserted.
    ///
    /// - Parameter equals: Whether the value with that number equals the requested one.
    @inline(__always)
    func number(_ hash: UInt64, _ equals: (Int) -> Bool) -> Int? {
        let tag = UInt32(truncatingIfNeeded: hash >> 32)
        let mask = slots.count - 1
        var at = Int(truncatingIfNeeded: hash) & mask
        while slots[at].number != 0 {
            let number = Int(slots[at].number) - 1
            if slots[at].tag == tag, equals(number) { return number }
            at = (at + 1) & mask
        }
        return nil
    }

    /// Assigns the next number to a new value.
    mutating func insert(_ hash: UInt64) {
        hashes.append(hash)
        if hashes.count * 2 > slots.count {
            slots = [Slot](repeating: Slot(), count: slots.count * 4)
            for (number, hash) in hashes.enumerated() { put(hash, number) }
        } else {
            put(hash, hashes.count - 1)
        }
    }

    private mutating func put(_ hash: UInt64, _ number: Int) {
        let mask = slots.count - 1
        var at = Int(truncatingIfNeeded: hash) & mask
        while slots[at].number != 0 { at = (at + 1) & mask }
        slots[at] = Slot(tag: UInt32(truncatingIfNeeded: hash >> 32), number: UInt32(number + 1))
    }

    mutating func removeAll() {
        hashes.removeAll(keepingCapacity: true)
        if slots.count > Self.retainedCount {
            slots = [Slot](repeating: Slot(), count: Self.leastCount)
        } else {
            for index in slots.indices { slots[index] = Slot() }
        }
    }
}
