public import Temporal

/// That somebody is to be told that an account ends soon.
public struct EndWarning: Sendable, Hashable {
    public let account: String
    public let email: String
    public let end: Timestamp
    public let sponsor: String?
    /// How long before the end it is due.
    public let days: Int
}
