import Temporal

/// A time as temporal functions see it: from start to end, both included.
public struct TemporalExtent: Sendable, Hashable {
    /// Microseconds; the smallest integer when there is no start.
    public let start: Int64
    /// Microseconds; the greatest integer when there is no end.
    public let end: Int64

    /// - Returns: `nil` for a value that is no time. An instant starts and ends at once. Strings may be instants, or
    ///   intervals with a slash.
    public init?(_ value: CQL2Value) {
        switch value {
        case .interval(let start, let end): self.init(start, end)
        case .string(let text) where text.utf8.contains(UInt8(ascii: "/")):
            let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, let start = Self.bound(parts[0]), let end = Self.bound(parts[1]) else { return nil }
            self.init(start, end)
        default:
            guard let instant = value.instant else { return nil }
            self.init(instant, instant)
        }
    }

    private init(_ start: Timestamp?, _ end: Timestamp?) {
        self.start = start?.microseconds ?? .min
        self.end = end?.microseconds ?? .max
    }

    /// - Returns: `nil` when the text is no bound; `.some(nil)` for an open bound.
    private static func bound(_ text: String) -> Timestamp?? {
        if text == ".." || text.isEmpty { return .some(nil) }
        return TemporalText(text).map { .some($0.instant) }
    }
}

extension TemporalOperator {
    /// Instants are taken as intervals without length by all operators; the standard allows only five of them to.
    ///
    /// Source: [OWL-Time, relations between intervals](https://www.w3.org/TR/owl-time/), to which
    /// [the standard](https://docs.ogc.org/is/21-065r2/21-065r2.html#temporal-functions) refers.
    public func holds(_ left: TemporalExtent, _ right: TemporalExtent) -> Bool {
        switch self {
        case .after: left.start > right.end
        case .before: left.end < right.start
        case .contains: left.start < right.start && left.end > right.end
        case .disjoint: left.end < right.start || left.start > right.end
        case .during: left.start > right.start && left.end < right.end
        case .equals: left.start == right.start && left.end == right.end
        case .finishedBy: left.start < right.start && left.end == right.end
        case .finishes: left.start > right.start && left.end == right.end
        case .intersects: left.start <= right.end && left.end >= right.start
        case .meets: left.end == right.start
        case .metBy: left.start == right.end
        case .overlappedBy: left.start > right.start && left.start < right.end && left.end > right.end
        case .overlaps: left.start < right.start && left.end > right.start && left.end < right.end
        case .startedBy: left.start == right.start && left.end > right.end
        case .starts: left.start == right.start && left.end < right.end
        }
    }
}
