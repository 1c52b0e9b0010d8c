import HTTPEdge
import Temporal

/// Texts that several pages have in common.
enum PageText {
    /// `1 December 2026, 15:30 UTC`.
    static func time(_ time: Timestamp) -> HTML {
        let parts = time.components
        return """
            <time datetime="\(time.description)">\(date(parts)), \(padded(parts.hour)):\(padded(parts.minute)) UTC</time>
            """
    }

    /// `1 December 2026`.
    static func date(_ time: Timestamp) -> HTML {
        "<time datetime=\"\(time.description)\">\(date(time.components))</time>"
    }

    /// A sentence about when to try again.
    static func lock(until end: Timestamp, now: Timestamp) -> String {
        let seconds = max(1, (end.microseconds - now.microseconds + 999_999) / 1_000_000)
        let parts = Timestamp(microseconds: end.microseconds + 999_999).components
        let wait = seconds < 90 ? "\(seconds) second\(seconds == 1 ? "" : "s")" : "\((seconds + 59) / 60) minutes"
        return "There were too many wrong attempts. Try again in \(wait), after "
            + "\(padded(parts.hour)):\(padded(parts.minute)):\(padded(parts.second)) UTC."
    }

    /// `Firefox on Linux`, as far as `User-Agent` tells.
    static func browser(_ agent: String) -> String {
        func first(_ marks: [(String, String)]) -> String? { marks.first { agent.contains($0.0) }?.1 }
        let browser = first([
            ("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("CriOS/", "Chrome"),
            ("Safari/", "Safari"),
        ])
        let system = first([
            ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
            ("Mac OS X", "macOS"),
            ("CrOS", "ChromeOS"), ("Linux", "Linux"),
        ])
        guard let browser else { return "A browser" }
        return system.map { "\(browser) on \($0)" } ?? browser
    }

    private static func date(_ parts: Timestamp.Components) -> String {
        "\(parts.day) \(months[parts.month - 1]) \(parts.year)"
    }

    private static func padded(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
}
