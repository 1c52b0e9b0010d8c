/// A closed interval of time, open at either end where there is no bound.
public struct DateTimeInterval: Sendable, Hashable {
    /// `nil`: since ever.
    public let start: Timestamp?
    /// `nil`: for ever.
    public let end: Timestamp?

    /// - Throws: `DateTimeError.endBeforeStart`.
    public init(start: Timestamp?, end: Timestamp?) throws(DateTimeError) {
        if let start, let end, end < start { throw .endBeforeStart }
        self.start = start
        self.end = end
    }

    public init(instant: Timestamp) {
        start = instant
        end = instant
    }

    /// The value of a `datetime` parameter: an instant, or `START/END` where either may be `..` or empty, not both.
    ///
    /// - Throws: `DateTimeError` with the part that is wrong.
    ///
    /// Source: [OGC API - Features, parameter datetime](https://docs.ogc.org/is/17-069r4/17-069r4.html#_parameter_datetime).
    public init(_ text: String) throws(DateTimeError) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        switch parts.count {
        case 1:
            self.init(instant: try Self.instant(parts[0]))
        case 2:
            let start = try Self.bound(parts[0])
            let end = try Self.bound(parts[1])
            guard start != nil || end != nil else { throw .unbounded }
            try self.init(start: start, end: end)
        default:
            throw .tooManyParts(parts.count)
        }
    }

    private static func instant(_ text: Substring) throws(DateTimeError) -> Timestamp {
        guard let instant = Timestamp(String(text)) else { throw .notRFC3339(String(text)) }
        return instant
    }

    private static func bound(_ text: Substring) throws(DateTimeError) -> Timestamp? {
        text.isEmpty || text == ".." ? nil : try instant(text)
    }

    /// Whether the two have an instant in common.
    public func intersects(_ other: DateTimeInterval) -> Bool {
        if let end, let start = other.start, end < start { return false }
        if let start, let end = other.end, end < start { return false }
        return true
    }
}

/// Why a text is not a `datetime` parameter.
public enum DateTimeError: Error, Hashable, Sendable, CustomStringConvertible {
    case notRFC3339(String)
    case endBeforeStart
    case unbounded
    case tooManyParts(Int)

    public var description: String {
        switch self {
        case .notRFC3339(let text):
            "'\(text)' is not an RFC 3339 date-time with an offset, such as 2024-05-01T00:00:00Z"
        case .endBeforeStart: "the interval ends before it starts"
        case .unbounded: "an interval must have a start or an end; both are open"
        case .tooManyParts(let count): "an interval has one '/', this has \(count - 1)"
        }
    }
}
