public import Temporal

/// A date or a timestamp, as written and as read.
public struct TemporalLiteral: Sendable, Hashable {
    public let text: String
    /// A date is its midnight, UTC.
    public let instant: Timestamp

    /// - Returns: `nil` unless `text` is a `full-date` of RFC 3339 that exists.
    public init?(date text: String) {
        guard let instant = Timestamp(date: text) else { return nil }
        self.text = text
        self.instant = instant
    }

    /// - Returns: `nil` unless `text` is a date and time. The standard requires UTC; we also accept what
    ///   `Timestamp.Leniency.lenient` describes.
    public init?(timestamp text: String) {
        guard let instant = Timestamp(text, .lenient) else { return nil }
        self.text = text
        self.instant = instant
    }
}
