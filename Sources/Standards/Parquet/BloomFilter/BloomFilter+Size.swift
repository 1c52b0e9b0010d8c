#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension BloomFilter {
    /// Smallest power of two, in bytes, that keeps `falsePositiveRate` with `distinctCount` values.
    ///
    /// A value sets eight bits: bits = -8 n / ln(1 - p^(1/8)).
    static func byteCount(distinctCount: Int, falsePositiveRate: Double) -> Int {
        let rate = min(max(falsePositiveRate, 1e-9), 0.999)
        let bits = -8 * Double(max(distinctCount, 1)) / log(1 - pow(rate, 1.0 / 8))
        let needed = Int(min(bits / 8, Double(byteCountLimit)).rounded(.up))
        var byteCount = blockByteCount
        while byteCount < needed { byteCount *= 2 }
        return min(byteCount, byteCountLimit)
    }
}
