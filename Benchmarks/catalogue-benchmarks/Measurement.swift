/// Times of many runs of one operation.
struct Measurement {
    private var times: [Duration] = []

    /// Runs `body` a few times unheard, then `runs` times.
    init(runs: Int, _ body: () throws -> Void) rethrows {
        let clock = ContinuousClock()
        for _ in 0..<min(3, runs) { try body() }
        for _ in 0..<runs { times.append(try clock.measure(body)) }
        times.sort()
    }

    /// The time below which this share of the runs took.
    func percentile(_ share: Double) -> Duration {
        times[min(times.count - 1, Int((Double(times.count - 1) * share).rounded()))]
    }

    var median: Duration { percentile(0.5) }

    func row(_ what: String, _ remark: String = "", per count: Int = 1) -> String {
        "| \(what) | \(Self.text(median / count)) | \(Self.text(percentile(0.95) / count)) | \(remark) |"
    }

    static func text(_ duration: Duration) -> String {
        let microseconds = duration / .microseconds(1)
        func rounded(_ value: Double) -> String {
            let digits = value < 10 ? 100.0 : value < 100 ? 10 : 1
            return "\((value * digits).rounded() / digits)"
        }
        if microseconds < 1_000 { return rounded(microseconds) + " µs" }
        if microseconds < 1_000_000 { return rounded(microseconds / 1_000) + " ms" }
        return rounded(microseconds / 1_000_000) + " s"
    }
}
