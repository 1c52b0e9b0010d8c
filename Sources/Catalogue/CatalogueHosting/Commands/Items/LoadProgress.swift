import Catalogue
import ServiceModule

/// The words for how far a load has come.
enum LoadProgress {
    /// Such as `120,000 Items, 15,000/s, 43%, 0:12 left`.
    static func line(_ report: LoadReport, after elapsed: Duration) -> String {
        let seconds = max(elapsed / .seconds(1), 0.001)
        var parts = [
            ConsoleFormat.count(report.read, "Item"),
            "\(ConsoleFormat.grouped(Int(Double(report.read) / seconds)))/s",
        ]
        if let total = report.totalBytes, total > 0, report.consumedBytes > 0 {
            let share = min(1, Double(report.consumedBytes) / Double(total))
            parts.append("\(Int(share * 100))%")
            parts.append("\(ConsoleFormat.clock(seconds * (1 - share) / share)) left")
        }
        if report.rejected > 0 { parts.append("\(ConsoleFormat.grouped(report.rejected)) rejected") }
        return parts.joined(separator: ", ")
    }

    /// The result of a load, in one line.
    static func summary(_ report: LoadReport, after elapsed: Duration) -> String {
        let seconds = max(elapsed / .seconds(1), 0.001)
        let rate = ConsoleFormat.grouped(Int(Double(report.read) / seconds))
        return
            "\(ConsoleFormat.count(report.read, "Item")) read in \(ConsoleFormat.clock(seconds)) (\(rate)/s): \(ConsoleFormat.grouped(report.created)) created, "
            + "\(ConsoleFormat.grouped(report.replaced)) replaced, \(ConsoleFormat.grouped(report.unchanged)) unchanged, "
            + "\(ConsoleFormat.grouped(report.skipped)) skipped, \(ConsoleFormat.grouped(report.rejected)) rejected"
            + (report.beyondPoles > 0
                ? "; \(ConsoleFormat.grouped(report.beyondPoles)) reach beyond a pole: searches take latitudes there for ±90"
                : "")
    }
}

/// Shows a load's progress, and counts what it rejects.
///
/// `@unchecked Sendable`: a load calls it from one task at a time, and the command reads it when the load has ended.
final class LoadDisplay: @unchecked Sendable {
    private let start = ContinuousClock.now
    private var line = ProgressLine()
    private let maximumRejectCount: Int
    private var rejectCount = 0
    /// As of the last transaction.
    private var last = LoadReport()

    /// - Parameter maximumRejectCount: With more, the task is cancelled.
    init(maximumRejectCount: Int) {
        self.maximumRejectCount = maximumRejectCount
    }

    /// Whether Items were rejected that name a Collection other than that of the load, or none that exists.
    private(set) var hasItemsOfOtherCollections = false
    var hasTooManyRejects: Bool { rejectCount > maximumRejectCount }

    func show(_ report: LoadReport) {
        last = report
        line.show(LoadProgress.line(report, after: ContinuousClock.now - start))
    }

    func show(_ reject: LoadReject) {
        rejectCount += 1
        if reject.path == "collection" { hasItemsOfOtherCollections = true }
        guard !hasTooManyRejects else { return withUnsafeCurrentTask { $0?.cancel() } }
        line.end()
        Console.status("rejected: \(reject)")
    }

    /// Says what a load has stored that does not come to its end.
    func stop() { finish(last) }

    func finish(_ report: LoadReport) {
        line.end()
        Console.print(LoadProgress.summary(report, after: ContinuousClock.now - start))
    }
}
