import Temporal

/// The length of time that one file of an export covers.
enum SpanLength: String, CaseIterable {
    case year, month, day

    /// Preferred maximum of Items in a file. Fewer than a hundredth are undesirable, too, but unavoidable.
    private static let itemLimit = 1 << 19

    /// The longest one that gives files of a suitable size.
    ///
    /// - Parameter counts: Items by month, which is the first instant of it.
    static func bestFit(_ counts: [Int64: Int]) -> SpanLength {
        var years: [String: Int] = [:]
        for (start, count) in counts { years[SpanLength.year.span(of: start).name, default: 0] += count }
        if years.values.max() ?? 0 <= itemLimit { return .year }
        return counts.values.max() ?? 0 <= itemLimit * 2 ? .month : .day
    }

    /// The span that an instant belongs to, in microseconds.
    func span(of microseconds: Int64) -> TimeSpan {
        let date = Timestamp(microseconds: microseconds).components
        let (month, day) = (self == .year ? 1 : date.month, self == .day ? date.day : 1)
        func start(_ year: Int, _ month: Int, _ day: Int) -> Int64? {
            Timestamp(year: year, month: month, day: day)?.microseconds
        }
        // Instants are within the years 0 to 9999.
        let first = start(date.year, month, day) ?? microseconds
        let end: Int64? =
            switch self {
            case .year: start(date.year + 1, 1, 1)
            case .month: date.month == 12 ? start(date.year + 1, 1, 1) : start(date.year, date.month + 1, 1)
            case .day: first + 86_400_000_000
            }
        return TimeSpan(length: self, first: first, end: end ?? .max)
    }
}

/// A year, a month or a day in UTC.
struct TimeSpan: Hashable {
    let length: SpanLength
    /// Microseconds since 1970.
    let first: Int64
    /// Not in the span any more.
    let end: Int64

    /// Such as `2023`, `2023-02` and `2023-02-28`.
    var name: String {
        let date = Timestamp(microseconds: first).components
        func padded(_ number: Int, _ width: Int) -> String {
            String(repeating: "0", count: max(0, width - String(number).count)) + String(number)
        }
        var name = padded(date.year, 4)
        if length != .year { name += "-" + padded(date.month, 2) }
        if length == .day { name += "-" + padded(date.day, 2) }
        return name
    }
}
