public import Temporal

/// The result of comparing two comparable values.
public enum Comparison: Sendable, Hashable {
    case less, equal, greater

    init<Value: Comparable>(_ left: Value, _ right: Value) {
        self = left < right ? .less : right < left ? .greater : .equal
    }
}

extension ComparisonOperator {
    public func holds(_ comparison: Comparison) -> Bool {
        switch self {
        case .equal: comparison == .equal
        case .notEqual: comparison != .equal
        case .less: comparison == .less
        case .lessOrEqual: comparison != .greater
        case .greater: comparison == .greater
        case .greaterOrEqual: comparison != .less
        }
    }
}

/// A string that is a time.
public enum TemporalText: Sendable, Hashable {
    /// A date and time, read leniently.
    case timestamp(Timestamp)
    /// The midnight, UTC, of a date without a time.
    case date(Timestamp)

    /// - Returns: `nil` for any other text.
    /// - Complexity: O(1) for text that does not start as a date.
    public init?(_ text: String) {
        if let instant = Timestamp(text, .lenient) {
            self = .timestamp(instant)
        } else if let midnight = Timestamp(date: text) {
            self = .date(midnight)
        } else {
            return nil
        }
    }

    public var instant: Timestamp {
        switch self {
        case .timestamp(let instant), .date(let instant): instant
        }
    }
}

extension CQL2Value {
    /// The one comparison behind `=`, `<>`, `<`, `<=`, `>`, `>=`, `BETWEEN`, `IN` and the elements of arrays.
    ///
    /// - Numbers compare by value, NaN with nothing; `false` is less than `true`.
    /// - Two strings compare as instants when both are a date and time (`Timestamp.Leniency.lenient`), or one does and
    ///   the other a date, which then is its midnight, UTC. Otherwise by code point, which is the order of their UTF-8
    ///   bytes; composed and decomposed characters differ.
    /// - A timestamp or date compares with timestamps, dates (their midnight, UTC), and strings in the form of either.
    /// - No other values compare, not even with each other: null, intervals, geometries, arrays, objects.
    ///
    /// - Returns: `nil` where the predicate is unknown.
    public func compared(to other: CQL2Value) -> Comparison? {
        switch (self, other) {
        case (.number(let left), .number(let right)):
            left.isNaN || right.isNaN ? nil : Comparison(left, right)
        case (.bool(let left), .bool(let right)): Comparison(left ? 1 : 0, right ? 1 : 0)
        case (.string(let left), .string(let right)): Self.compare(left, right)
        default: Self.compare(instant, other.instant)
        }
    }

    /// The instant, or midnight, of a timestamp, a date, or a string in the form of one.
    var instant: Timestamp? {
        switch self {
        case .timestamp(let instant), .date(let instant): instant
        case .string(let text): TemporalText(text)?.instant
        default: nil
        }
    }

    private static func compare(_ left: Timestamp?, _ right: Timestamp?) -> Comparison? {
        guard let left, let right else { return nil }
        return Comparison(left, right)
    }

    private static func compare(_ left: String, _ right: String) -> Comparison {
        if let left = TemporalText(left), let right = TemporalText(right) {
            // Two dates give the same order as text, or as dates.
            return Comparison(left.instant, right.instant)
        }
        if left.utf8.elementsEqual(right.utf8) { return .equal }
        return left.utf8.lexicographicallyPrecedes(right.utf8) ? .less : .greater
    }
}
