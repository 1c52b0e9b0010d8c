/// Which versions of which Items a span holds, without their order.
struct SpanContent: Hashable {
    private(set) var count = 0
    /// Sums of two functions of the sequences: a version that goes and another one that comes change them both.
    private var sum: UInt64 = 0
    private var product: UInt64 = 0

    mutating func add(_ sequence: Int64) {
        let mixed = Self.mix(UInt64(bitPattern: sequence))
        count += 1
        sum &+= mixed
        product &+= Self.mix(mixed ^ 0x5851_f42d_4c95_7f2d)
    }

    mutating func merge(_ other: Self) {
        count += other.count
        sum &+= other.sum
        product &+= other.product
    }

    /// Sixteen characters; different for different contents, but for one chance in 2^64.
    func fingerprint(_ salt: UInt64) -> String {
        Self.mix(Self.mix(sum ^ salt) &+ product &+ UInt64(count)).sixteenDigits
    }

    /// The finalizer of SplitMix64 (Steele, Lea, Flood 2014), which maps different numbers to different ones.
    static func mix(_ number: UInt64) -> UInt64 {
        var mixed = number &+ 0x9e37_79b9_7f4a_7c15
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}
