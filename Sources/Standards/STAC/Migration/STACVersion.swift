/// A version of the STAC specification, such as `1.0.0-rc.2`; pre-releases come before their release.
struct STACVersion: Comparable {
    private let numbers: [Int]
    /// Such as `rc.2`; `nil`: the release.
    private let prerelease: String?

    /// - Returns: `nil` for a text that is no version.
    init?(_ text: String) {
        let parts = text.split(separator: "-", maxSplits: 1).map(String.init)
        guard let core = parts.first else { return nil }
        let numbers = core.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
        guard (2...3).contains(numbers.count), numbers.allSatisfy({ $0.map { $0 >= 0 } ?? false }) else { return nil }
        self.numbers = numbers.compactMap(\.self) + (numbers.count == 2 ? [0] : [])
        prerelease = parts.count == 2 ? parts[1] : nil
    }

    static func < (left: Self, right: Self) -> Bool {
        if left.numbers != right.numbers { return left.numbers.lexicographicallyPrecedes(right.numbers) }
        // beta.1, beta.2, rc.1, …
        switch (left.prerelease, right.prerelease) {
        case (let one?, let other?): return one < other
        case (.some, nil): return true
        default: return false
        }
    }
}
