/// Hashes values for the dictionary of a column: fast, and no guard against intent, since a dictionary that finds too
/// little is given up.
enum ValueHash {
    private static let prime: UInt64 = 0x9e37_79b9_7f4a_7c15

    @inline(__always)
    static func hash(_ word: UInt64) -> UInt64 {
        let product = word.multipliedFullWidth(by: prime)
        return product.high ^ product.low
    }

    @inline(__always)
    static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        guard let base = bytes.baseAddress else { return prime }
        let count = bytes.count
        var sum = UInt64(truncatingIfNeeded: count) &* prime
        var at = 0
        // In bounds: eight bytes are read only where eight are left.
        while at + 8 <= count {
            sum = hash(sum ^ base.loadUnaligned(fromByteOffset: at, as: UInt64.self))
            at += 8
        }
        if count >= 8 {
            // Overlaps what has been read, which does no harm.
            sum = hash(sum ^ base.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self))
        } else {
            var rest: UInt64 = 0
            while at < count {
                rest = rest << 8 | UInt64(base.load(fromByteOffset: at, as: UInt8.self))
                at += 1
            }
            sum = hash(sum ^ rest)
        }
        return sum
    }
}
