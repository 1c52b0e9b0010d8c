import Foundation

/// How much tests with random cases, kills or many Items do: `make test` a little, `make test-long` several times that.
package enum TestRounds {
    /// How many times as much as usual: `TERRABYTE_TEST_FACTOR`.
    package static let factor = max(1, number("TERRABYTE_TEST_FACTOR") ?? 1)

    /// The only seed to be tried, to repeat a failure: `TERRABYTE_TEST_SEED`.
    package static let seed = number("TERRABYTE_TEST_SEED")

    package static var isLong: Bool { factor > 1 }

    package static func count(_ usual: Int) -> Int { usual * factor }

    /// A seed for each round, or only the one that is to be repeated.
    package static func seeds(_ usual: Int) -> Range<Int> { seed.map { $0..<$0 + 1 } ?? 0..<count(usual) }

    private static func number(_ variable: String) -> Int? {
        ProcessInfo.processInfo.environment[variable].flatMap { Int($0) }
    }
}
