/// Random numbers that are the same for the same seed on every machine and with every compiler.
///
/// The standard library promises neither for `Double.random(in:using:)`; hence the methods here.
///
/// Source: Steele, Lea, Flood: Fast splittable pseudorandom number generators, OOPSLA 2014.
public struct SplitMix64: Sendable {
    private var state: UInt64

    public static func mix(_ value: UInt64) -> UInt64 {
        var mixed = value
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    public init(seed: UInt64) {
        state = seed
    }

    /// A separate generator for the object that `parts` identify, independent of draws for other objects.
    public init(seed: UInt64, _ parts: Int...) {
        state = seed
        for part in parts { state = Self.mix(state &+ 0x9e37_79b9_7f4a_7c15 &+ UInt64(bitPattern: Int64(part))) }
    }

    public mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        return Self.mix(state)
    }

    /// From 0 up to, but without, 1; steps of 2⁻⁵³.
    public mutating func unit() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    public mutating func uniform(_ low: Double, _ high: Double) -> Double {
        low + (high - low) * unit()
    }

    /// From 0 to `bound` - 1. The bias is below `bound` / 2⁶⁴.
    public mutating func integer(below bound: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }
}
