public import JSON
public import Temporal

/// An Item's acquisition time, which searches by `datetime` and the index compare.
public struct ItemTimes: Sendable, Hashable {
    /// `nil` where the Item has `null`.
    public let datetime: Timestamp?
    /// `start_datetime`, else `datetime`.
    public let start: Timestamp
    /// `end_datetime`, else `datetime`.
    public let end: Timestamp

    public init(datetime: Timestamp?, start: Timestamp, end: Timestamp) {
        self.datetime = datetime
        self.start = start
        self.end = end
    }

    /// - Throws: `ValidationIssue` for an Item that `ItemValidator` would not pass either.
    public init(of item: JSONElement) throws(ValidationIssue) {
        guard let properties = item.member("properties"), properties.kind == .object else {
            throw ValidationIssue(path: "properties", reason: "must be an object")
        }
        let datetime = try Self.instant(properties, "datetime")
        let start = try Self.instant(properties, "start_datetime") ?? datetime
        let end = try Self.instant(properties, "end_datetime") ?? datetime
        guard let start, let end else {
            throw ValidationIssue(
                path: "properties.datetime", reason: "must be a date-time unless start_datetime and end_datetime are")
        }
        self.init(datetime: datetime, start: start, end: end)
    }

    private static func instant(
        _ properties: JSONElement, _ name: StaticString
    ) throws(ValidationIssue) -> Timestamp? {
        guard let element = properties.member(name), !element.isNull else { return nil }
        guard let instant = Timestamp(element) else {
            throw ValidationIssue(
                path: "properties.\(name)", reason: "must be an RFC 3339 date-time; is \(shown(element))")
        }
        return instant
    }
}
