/// The reason why files cannot be searched.
public struct ItemFileSearchError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file or pattern.
    public let path: String
    public let reason: String

    public init(path: String, reason: String) {
        self.path = path
        self.reason = reason
    }

    public var description: String { "\(path): \(reason)" }
}
