/// Numbers distinct strings in order of their first occurrence: a hash table of string locations.
struct StringTable {
    private let text: UnsafeRawBufferPointer
    private(set) var places: [UInt64] = []
    private var slots: [Int32]

    init(text: UnsafeRawBufferPointer) {
        self.text = text
        slots = [Int32](repeating: -1, count: 256)
    }

    mutating func number(of place: UInt64) -> Int {
        let bytes = text.at(place)
        var slot = Self.hash(bytes) & (slots.count - 1)
        while slots[slot] >= 0 {
            let number = Int(slots[slot])
            if compareBytes(text.at(places[number]), bytes) == 0 { return number }
            slot = (slot + 1) & (slots.count - 1)
        }
        slots[slot] = Int32(places.count)
        places.append(place)
        if places.count * 2 > slots.count { grow() }
        return places.count - 1
    }

    private mutating func grow() {
        slots = [Int32](repeating: -1, count: slots.count * 4)
        for (number, place) in places.enumerated() {
            var slot = Self.hash(text.at(place)) & (slots.count - 1)
            while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = Int32(number)
        }
    }

    private static func hash(_ bytes: UnsafeRawBufferPointer) -> Int {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        var at = 0
        // In bounds: eight bytes are read only where eight are left.
        while at + 8 <= bytes.count {
            hash = (hash ^ bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)) &* 0x9e37_79b9_7f4a_7c15
            hash ^= hash >> 29
            at += 8
        }
        while at < bytes.count {
            hash = (hash ^ UInt64(bytes[at])) &* 0x100_0000_01b3
            at += 1
        }
        return Int(truncatingIfNeeded: (hash ^ hash >> 32) & 0x7fff_ffff)
    }
}
