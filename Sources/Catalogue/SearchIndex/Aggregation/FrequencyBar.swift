/// Tracks, while frequencies arrive, the frequency that at least the requested number of them reach.
struct FrequencyBar {
    private let limit: Int
    /// At least the requested number have this frequency; 0: there are fewer.
    private(set) var bar: Int
    /// Number of entries per frequency above the bar; frequencies beyond the last count as the last.
    private var counts = [Int](repeating: 0, count: 4_096)
    private var countAbove = 0

    init(limit: Int, bar: Int = 0) {
        self.limit = limit
        self.bar = bar
    }

    mutating func add(_ frequency: Int) {
        guard frequency > bar, bar < counts.count - 1 else { return }
        counts[min(frequency, counts.count - 1)] += 1
        countAbove += 1
        while countAbove >= limit, bar < counts.count - 1 {
            bar += 1
            countAbove -= counts[bar]
        }
    }
}
