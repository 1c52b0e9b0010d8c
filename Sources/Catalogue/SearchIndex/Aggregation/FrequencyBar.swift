/// Says, while frequencies come, which one so many have at least.
struct FrequencyBar {
    private let limit: Int
    /// As many as are wanted have at least this frequency; 0: there are fewer.
    private(set) var bar: Int
    /// How many there are with each frequency above the bar; those beyond the last count as one.
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
