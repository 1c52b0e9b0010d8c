/// A table of how long responses took: of all, by kind, and by interval of the run.
struct LoadReport {
    private let responses: [Response]
    private let rate, seconds: Int

    init(_ responses: [Response], rate: Int, seconds: Int) {
        self.responses = responses
        self.rate = rate
        self.seconds = seconds
    }

    func print() {
        let megabytes = Double(responses.reduce(0) { $0 + $1.byteCount }) / 1e6 / Double(seconds)
        Swift.print("\(rate) requests/s for \(seconds) s, \(rounded(megabytes)) MB/s of responses\n")
        Swift.print("| | requests | median | 95 % | 99 % | longest |")
        Swift.print("| --- | --- | --- | --- | --- | --- |")
        row("all", responses)
        for kind in RequestMix.Kind.allCases { row(kind.rawValue, responses.filter { $0.kind == kind }) }
        let interval = max(1, seconds / 12)
        for start in stride(from: 0, to: seconds, by: interval) {
            let end = min(start + interval, seconds)
            row("second \(start) to \(end)", responses.filter { (start..<end).contains($0.dueSecond) })
        }
        let failures = Dictionary(grouping: responses.compactMap(\.failure), by: \.self)
        Swift.print("\n\(responses.count { $0.failure != nil }) failures")
        for (failure, all) in failures.sorted(by: { $0.value.count > $1.value.count }) {
            Swift.print("- \(all.count) times: \(failure)")
        }
    }

    private func row(_ name: String, _ responses: [Response]) {
        guard !responses.isEmpty else { return }
        let times = responses.map(\.milliseconds).sorted()
        let columns = [0.5, 0.95, 0.99, 1].map { share in
            rounded(times[Int((Double(times.count - 1) * share).rounded())]) + " ms"
        }
        Swift.print("| \(name) | \(responses.count) | \(columns.joined(separator: " | ")) |")
    }

    private func rounded(_ value: Double) -> String {
        value < 100 ? "\((value * 10).rounded() / 10)" : "\(Int(value.rounded()))"
    }
}
