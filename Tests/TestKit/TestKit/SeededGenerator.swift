/// Random numbers that are the same for the same seed, in every run and on every machine.
///
/// It describes itself by its seed, for the messages of failures: `#expect(index.ids == expected, "\(random)")`.
///
/// Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators" (2014), SplitMix64.
package struct SeededGenerator: RandomNumberGenerator, Sendable, CustomStringConvertible {
    package let seed: UInt64
    private var state: UInt64

    package init(seed: some BinaryInteger) {
        self.seed = UInt64(truncatingIfNeeded: seed)
        state = self.seed
    }

    /// With another seed in every run, or the one that `TERRABYTE_TEST_SEED` names.
    package init() { self.init(seed: TestRounds.seed ?? Int.random(in: 0...(.max))) }

    package var description: String { "seed \(seed)" }

    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    package mutating func integer(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &self) }

    package mutating func chance(_ percent: Int) -> Bool { integer(0...99) < percent }

    /// One of the elements, of which there is at least one.
    package mutating func pick<Element>(_ elements: [Element]) -> Element { elements[integer(0...elements.count - 1)] }

    package mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 0...255, using: &self) }
    }
}
