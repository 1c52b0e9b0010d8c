/// A table of how long responses took: of all, by kind, and by stretches of the run.
struct LoadReport {
    private let answers: [Answer]
    private let rate, seconds: Int

    init(_ answers: [Answer], rate: Int, seconds: Int) {
        self.answers = answers
        self.rate = rate
        self.seconds = seconds
    }

    func print() {
        let megabytes = Double(answers.reduce(0) { $0 + $1.byteCount }) / 1e6 / Double(seconds)
        Swift.print("\(rate) requests/s for \(seconds) s, \(rounded(megabytes)) MB/s of answers\n")
        Swift.print("| | requests | median | 95 % | 99 % | longest |")
        Swift.print("| --- | --- | --- | --- | --- | --- |")
        row("all", answers)
        for kind in RequestMix.Kind.allCases { row(kind.rawValue, answers.filter { $0.kind == kind }) }
        let stretch = max(1, seconds / 12)
        for start in stride(from: 0, to: seconds, by: stretch) {
            let end = min(start + stretch, seconds)
            row("second \(start) to \(end)", answers.filter { (start..<end).contains($0.dueSecond) })
        }
        let failures = Dictionary(grouping: answers.compactMap(\.failure), by: \.self)
        Swift.print("\n\(answers.count { $0.failure != nil }) failures")
        for (failure, all) in failures.sorted(by: { $0.value.count > $1.value.count }) {
            Swift.print("- \(all.count) times: \(failure)")
        }
    }

    private func row(_ name: String, _ answers: [Answer]) {
        guard !answers.isEmpty else { return }
        let times = answers.map(\.milliseconds).sorted()
        let columns = [0.5, 0.95, 0.99, 1].map { share in
            rounded(times[Int((Double(times.count - 1) * share).rounded())]) + " ms"
        }
        Swift.print("| \(name) | \(answers.count) | \(columns.joined(separator: " | ")) |")
    }

    private func rounded(_ value: Double) -> String {
        value < 100 ? "\((value * 10).rounded() / 10)" : "\(Int(value.rounded()))"
    }
}
