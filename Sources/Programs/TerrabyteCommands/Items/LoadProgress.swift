import Catalogue

/// The words for how far a load has come.
enum LoadProgress {
    /// Such as `120,000 Items, 15,000/s, 43%, 0:12 left`.
    static func line(_ report: LoadReport, after elapsed: Duration) -> String {
        let seconds = max(elapsed / .seconds(1), 0.001)
        var parts = ["\(grouped(report.read)) Items", "\(grouped(Int(Double(report.read) / seconds)))/s"]
        if let total = report.totalBytes, total > 0, report.consumedBytes > 0 {
            let share = min(1, Double(report.consumedBytes) / Double(total))
            parts.append("\(Int(share * 100))%")
            parts.append("\(clock(seconds * (1 - share) / share)) left")
        }
        if report.rejected > 0 { parts.append("\(grouped(report.rejected)) rejected") }
        return parts.joined(separator: ", ")
    }

    /// What a load has done, in one line.
    static func summary(_ report: LoadReport, after elapsed: Duration) -> String {
        let seconds = max(elapsed / .seconds(1), 0.001)
        let rate = grouped(Int(Double(report.read) / seconds))
        return
            "\(grouped(report.read)) Items read in \(clock(seconds)) (\(rate)/s): \(grouped(report.created)) created, "
            + "\(grouped(report.replaced)) replaced, \(grouped(report.unchanged)) unchanged, "
            + "\(grouped(report.skipped)) skipped, \(grouped(report.rejected)) rejected"
    }

    /// `1,234,567`
    static func grouped(_ number: Int) -> String {
        var digits = String(number)
        var place = digits.index(digits.endIndex, offsetBy: -3, limitedBy: digits.startIndex)
        while let index = place, index > digits.startIndex {
            digits.insert(",", at: index)
            place = digits.index(index, offsetBy: -3, limitedBy: digits.startIndex)
        }
        return digits
    }

    /// `0:07`, `12:30` or `1:02:03`
    static func clock(_ seconds: Double) -> String {
        let all = Int(min(seconds.rounded(.up), 1e9))
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return all < 3_600
            ? "\(all / 60):\(two(all % 60))" : "\(all / 3_600):\(two(all / 60 % 60)):\(two(all % 60))"
    }
}

/// Shows a load's progress on standard error: one line that is written over on a terminal, else one every ten seconds.
final class LoadDisplay {
    private let start = ContinuousClock.now
    private var lastShown: ContinuousClock.Instant?
    private var isLineOpen = false

    func show(_ report: LoadReport) {
        let now = ContinuousClock.now
        let pace: Duration = Console.current.isTerminal ? .milliseconds(200) : .seconds(10)
        guard now - (lastShown ?? start) >= pace else { return }
        lastShown = now
        let line = LoadProgress.line(report, after: now - start)
        guard Console.current.isTerminal else { return Console.note(line) }
        // Back to the start of the line, and nothing behind what is written.
        Console.current.errors("\r" + line + "\u{1b}[K")
        isLineOpen = true
    }

    func show(_ reject: LoadReject) {
        endLine()
        Console.note("rejected: \(reject)")
    }

    func finish(_ report: LoadReport) {
        endLine()
        Console.print(LoadProgress.summary(report, after: ContinuousClock.now - start))
    }

    private func endLine() {
        if isLineOpen { Console.current.errors("\r\u{1b}[K") }
        isLineOpen = false
    }
}
