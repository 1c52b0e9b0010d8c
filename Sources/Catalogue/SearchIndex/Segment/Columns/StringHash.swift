/// Hash values of strings as segments keep them: equal for equal strings, in every process.
///
/// A change of these values is a change of the files' form.
enum StringHash {
    @inline(__always)
    static func hash(_ string: UnsafeRawBufferPointer) -> UInt64 {
        let prime: UInt64 = 0x9e37_79b9_7f4a_7c15
        func word(_ at: Int) -> UInt64 {
            UInt64(littleEndian: string.loadUnaligned(fromByteOffset: at, as: UInt64.self))
        }
        // Two side by side, since each waits for its last multiplication.
        var (first, second) = (UInt64(string.count), prime)
        var at = 0
        // In bounds: 16 or 8 bytes are read only where as many are left, or the last 8 of at least as many.
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
        // The last bytes of a word have moved its first bits only.
        let mixed = (first ^ first >> 32 ^ second ^ second >> 29) &* prime
        return mixed ^ mixed >> 32
    }

    /// Another one, for which nobody can choose strings that share it.
    ///
    /// - Parameter seed: Another one for other values. They differ from process to process.
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
