/// One violation of a specification by a document, with its location.
public struct ValidationIssue: Error, Hashable, Sendable, CustomStringConvertible {
    /// The member, as in `properties.datetime`, `assets.B02.href` or `links[2].rel`; empty for the whole document.
    public let path: String
    /// The expected and the actual value, in plain words.
    public let reason: String

    public init(path: String, reason: String) {
        self.path = path
        self.reason = reason
    }

    public var description: String { path.isEmpty ? reason : "\(path): \(reason)" }
}
