import Foundation

/// Random numbers that are the same in every run.
///
/// Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators" (2014).
struct SplitMix64 {
    private var state: UInt64

    init(seed: Int) {
        state = UInt64(bitPattern: Int64(seed)) &* 0x2545_f491_4f6c_dd1d
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    mutating func integer(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(next() % UInt64(range.upperBound - range.lowerBound + 1))
    }

    mutating func chance(_ percent: Int) -> Bool { integer(0...99) < percent }

    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[integer(0...elements.count - 1)] }

    mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
        var result = elements
        for index in result.indices.dropLast() { result.swapAt(index, integer(index...result.count - 1)) }
        return result
    }
}

/// How many random cases a test goes through: the number from the environment variable TERRABYTE_PROPERTY_ROUNDS, else
/// one that suits a debug build.
func propertyRounds(_ usual: Int) -> Int { environmentNumber("TERRABYTE_PROPERTY_ROUNDS") ?? usual }

/// The seeds of the cases: as many as the variable says, divided by `share`, else `usual`; or only the one that
/// TERRABYTE_PROPERTY_SEED names.
func propertySeeds(_ usual: Int, share: Int = 1) -> Range<Int> {
    if let seed = environmentNumber("TERRABYTE_PROPERTY_SEED") { return seed..<seed + 1 }
    return 0..<propertyRounds(usual * share) / share
}

private func environmentNumber(_ name: String) -> Int? {
    ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
}
