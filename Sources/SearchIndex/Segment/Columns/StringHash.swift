/// Hash values of strings as segments keep them: equal for equal strings, in every process.
///
/// A change of these values is a change of the files' form.
enum StringHash {
    /// - Parameter seed: 0 for those that segments keep.
    @inline(__always)
    static func hash(_ string: UnsafeRawBufferPointer, seed: UInt64 = 0) -> UInt64 {
        let prime: UInt64 = 0x9e37_79b9_7f4a_7c15
        func word(_ at: Int) -> UInt64 {
            UInt64(littleEndian: string.loadUnaligned(fromByteOffset: at, as: UInt64.self))
        }
        // Two side by side, since each waits for its last multiplication.
        var (first, second) = (UInt64(string.count), prime ^ seed)
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
}
