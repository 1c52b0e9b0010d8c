import Temporal

/// A year, a month, a day or an hour, in UTC: `2024`, `2024-05`, `2024-05-17`, `2024-05-17T08`.
struct BrowsePeriod: Hashable, CustomStringConvertible {
    let description: String
    let start: Timestamp

    /// - Returns: `nil` for any other form, and for days that do not exist.
    init?(_ text: String) {
        let rest = "0000-01-01T00:00:00Z".dropFirst(text.utf8.count)
        guard [4, 7, 10, 13].contains(text.utf8.count), let start = Timestamp(text + rest) else { return nil }
        description = text
        self.start = start
    }

    /// - Parameter year: 0 to 9999.
    static func year(_ year: Int) -> BrowsePeriod? { BrowsePeriod(padded(year, 4)) }

    var isHour: Bool { description.utf8.count == 13 }

    /// The month of a day, for example; `nil` for a year.
    var parent: BrowsePeriod? { BrowsePeriod(String(description.dropLast(3))) }

    /// The months of a year, the days of a month, the hours of a day.
    var parts: [BrowsePeriod] {
        switch description.utf8.count {
        case 4: (1...12).compactMap { part("-", $0) }
        case 7: (1...31).compactMap { part("-", $0) }
        case 10: (0...23).compactMap { part("T", $0) }
        default: []
        }
    }

    private func part(_ separator: String, _ number: Int) -> BrowsePeriod? {
        BrowsePeriod(description + separator + Self.padded(number, 2))
    }

    /// The first instant that is not in the period any more.
    var end: Timestamp {
        isHour ? Timestamp(microseconds: start.microseconds + 3_600_000_000) : parts.last?.end ?? start
    }

    private static func padded(_ number: Int, _ count: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, count - text.count)) + text
    }
}
