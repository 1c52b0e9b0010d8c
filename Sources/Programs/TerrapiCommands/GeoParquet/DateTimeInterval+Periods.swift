import Temporal

extension DateTimeInterval {
    /// As the parameter of the API, but for calendar periods, which stand for all of their instants: `2021`, `2021-06`,
    /// `2021-06-01`, also at either end of an interval.
    ///
    /// - Throws: `DateTimeError` with the part that is wrong.
    init(withPeriods text: String) throws(DateTimeError) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let first = parts.first, let last = parts.last else {
            throw .tooManyParts(parts.count)
        }
        guard Self.period(first) != nil || Self.period(last) != nil else {
            self = try DateTimeInterval(text)
            return
        }
        try self.init(start: try Self.bound(first, \.first), end: try Self.bound(last, \.last))
    }

    /// The first and the last instant of a year, month or day; `nil` for other texts.
    private static func period(_ text: Substring) -> (first: Timestamp, last: Timestamp)? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count <= 3, zip(parts, [4, 2, 2]).allSatisfy({ $0.count == $1 }) else { return nil }
        let numbers = parts.compactMap { $0.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int($0) : nil }
        guard numbers.count == parts.count,
            let first = Timestamp(
                year: numbers[0], month: numbers.count > 1 ? numbers[1] : 1, day: numbers.count > 2 ? numbers[2] : 1)
        else { return nil }
        // Days are counted on from the first: the period has ended where its own field differs.
        let dayLength: Int64 = 86_400_000_000
        let dayCount = [366, 31, 1][numbers.count - 1]
        let last = (1...dayCount).lazy.reversed().map {
            Timestamp(microseconds: first.microseconds + Int64($0) * dayLength - 1)
        }.first { last in
            let fields = last.components
            return [fields.year, fields.month, fields.day].prefix(numbers.count).elementsEqual(numbers)
        }
        return last.map { (first, $0) }
    }

    private static func bound(
        _ text: Substring, _ end: KeyPath<(first: Timestamp, last: Timestamp), Timestamp>
    ) throws(DateTimeError) -> Timestamp? {
        if text.isEmpty || text == ".." { return nil }
        if let period = period(text) { return period[keyPath: end] }
        guard let instant = Timestamp(String(text)) else { throw .notRFC3339(String(text)) }
        return instant
    }
}
