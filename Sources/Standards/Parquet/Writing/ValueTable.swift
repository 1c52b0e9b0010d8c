/// Finds the number of a value that has occurred before: hashes and numbers in open addressing, the values are
/// elsewhere.
struct ValueTable {
    private struct Slot {
        /// The upper half of the hash.
        var tag: UInt32 = 0
        /// One above the value's number; 0: free.
        var place: UInt32 = 0
    }

    private static let leastCount = 64
    /// More are given back when the table is emptied.
    private static let keptCount = 4096

    private var slots = [Slot](repeating: Slot(), count: leastCount)
    /// By number.
    private var hashes: [UInt64] = []

    /// The number of a value that has been inserted.
    ///
    /// - Parameter equals: Whether the value with that number is the one looked for.
    @inline(__always)
    func place(_ hash: UInt64, _ equals: (Int) -> Bool) -> Int? {
        let tag = UInt32(truncatingIfNeeded: hash >> 32)
        let mask = slots.count - 1
        var at = Int(truncatingIfNeeded: hash) & mask
        while slots[at].place != 0 {
            let place = Int(slots[at].place) - 1
            if slots[at].tag == tag, equals(place) { return place }
            at = (at + 1) & mask
        }
        return nil
    }

    /// Gives the next number to a value that is not there yet.
    mutating func insert(_ hash: UInt64) {
        hashes.append(hash)
        if hashes.count * 2 > slots.count {
            slots = [Slot](repeating: Slot(), count: slots.count * 4)
            for (place, hash) in hashes.enumerated() { put(hash, place) }
        } else {
            put(hash, hashes.count - 1)
        }
    }

    private mutating func put(_ hash: UInt64, _ place: Int) {
        let mask = slots.count - 1
        var at = Int(truncatingIfNeeded: hash) & mask
        while slots[at].place != 0 { at = (at + 1) & mask }
        slots[at] = Slot(tag: UInt32(truncatingIfNeeded: hash >> 32), place: UInt32(place + 1))
    }

    mutating func removeAll() {
        hashes.removeAll(keepingCapacity: true)
        if slots.count > Self.keptCount {
            slots = [Slot](repeating: Slot(), count: Self.leastCount)
        } else {
            for index in slots.indices { slots[index] = Slot() }
        }
    }
}
