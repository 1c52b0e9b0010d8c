/// Bounds from above how often each of many hash values comes: those that share a place count together.
struct FrequencySieve {
    /// A power of two, whose counts stay in the second level of caches.
    private var counts = [UInt16](repeating: 0, count: 1 << bits)
    private static let bits = 16

    /// Where hash values are counted: while many are, without a look at who else holds them.
    struct Places {
        /// Each stops at the greatest number.
        fileprivate let counts: UnsafeMutableBufferPointer<UInt16>

        @inline(__always)
        private func place(of hash: UInt64) -> Int { Int(truncatingIfNeeded: hash &>> UInt64(64 &- bits)) }

        @inline(__always)
        func add(_ count: Int, to hash: UInt64) {
            // In bounds: there is a place for each value of as many bits.
            let sum = Int(counts[place(of: hash)]) &+ min(count, Int(UInt16.max))
            counts[place(of: hash)] = UInt16(truncatingIfNeeded: min(sum, Int(UInt16.max)))
        }

        /// Whether a hash value may have come more often than a number.
        @inline(__always)
        func mayExceed(_ number: Int, _ hash: UInt64) -> Bool {
            Int(counts[place(of: hash)]) > min(number, Int(UInt16.max) - 1)
        }
    }

    /// Begins with nothing counted.
    @inline(__always)
    mutating func withPlaces(_ body: (Places) -> Void) {
        counts.withUnsafeMutableBufferPointer { counts in
            counts.update(repeating: 0)
            body(Places(counts: counts))
        }
    }
}
