/// Hash values of strings as stored in segments: equal for equal strings, in every process.
///
/// Changing them changes the file format.
enum StringHash {
    @inline(__always)
    static func hash(_ string: UnsafeRawBufferPointer) -> UInt64 {
        let prime: UInt64 = 0x9e37_79b9_7f4a_7c15
        func word(_ at: Int) -> UInt64 {
            UInt64(littleEndian: string.loadUnaligned(fromByteOffset: at, as: UInt64.self))
        }
        // Two independent lanes, since each waits for its last multiplication.
        var (first, second) = (UInt64(string.count), prime)
        var at = 0
        // In bounds: 16 or 8 bytes are read only where that many are left, or the last 8 of at least that many.
        while at + 16 <= string.count {
            first = (first ^ word(at)) &* prime
            second = (second ^ word(at + 8)) &* prime
            first ^= first >> 32
            second ^= second >> 32
            at += 16
        }
        if string.count >= 8 {
            if at + 8 < string.count { first = (first ^ word(at)) &* prime }
            second = (second ^ word(string.count - 8)) &* prime
        } else {
            for byte in string { first = (first ^ UInt64(byte)) &* prime }
        }
        // The last bytes of a word have affected its first bits only.
        let mixed = (first ^ first >> 32 ^ second ^ second >> 29) &* prime
        return mixed ^ mixed >> 32
    }

    /// A seeded hash value: clients cannot choose strings that collide.
    ///
    /// - Parameter seed: Random per process.
    static func hash(_ string: UnsafeRawBufferPointer, seed: UInt64) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(seed)
        hasher.combine(bytes: string)
        return UInt64(truncatingIfNeeded: hasher.finalize())
    }

    @inline(__always)
    static func hash(_ string: UnsafeRawBufferPointer, orSeeded seed: UInt64?) -> UInt64 {
        seed.map { hash(string, seed: $0) } ?? hash(string)
    }
}
