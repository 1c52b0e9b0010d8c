/// Upper bounds of the frequencies of many hash values: values that share a slot count together.
struct FrequencySieve {
    /// A power of two, chosen so that the counters stay in the L2 cache.
    private var counts = [UInt16](repeating: 0, count: 1 << bits)
    private static let bits = 16

    /// The slots in which hash values are counted; while there are many, collisions are ignored.
    struct Places {
        /// Each counter saturates.
        fileprivate let counts: UnsafeMutableBufferPointer<UInt16>

        @inline(__always)
        private func place(of hash: UInt64) -> Int { Int(truncatingIfNeeded: hash &>> UInt64(64 &- bits)) }

        @inline(__always)
        func add(_ count: Int, to hash: UInt64) {
            // In bounds: there is a slot for each value of that many bits.
            let sum = Int(counts[place(of: hash)]) &+ min(count, Int(UInt16.max))
            counts[place(of: hash)] = UInt16(truncatingIfNeeded: min(sum, Int(UInt16.max)))
        }

        /// Whether a hash value may be more frequent than a threshold.
        @inline(__always)
        func mayExceed(_ number: Int, _ hash: UInt64) -> Bool {
            Int(counts[place(of: hash)]) > min(number, Int(UInt16.max) - 1)
        }
    }

    /// Resets all counters.
    @inline(__always)
    mutating func withPlaces(_ body: (Places) -> Void) {
        counts.withUnsafeMutableBufferPointer { counts in
            counts.update(repeating: 0)
            body(Places(counts: counts))
        }
    }
}
