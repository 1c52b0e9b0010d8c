/// One place where a document breaks its specification.
public struct ValidationIssue: Error, Hashable, Sendable, CustomStringConvertible {
    /// The member, as in `properties.datetime`, `assets.B02.href` or `links[2].rel`; empty for the whole document.
    public let path: String
    /// What must be and what is, in plain words.
    public let reason: String

    public init(path: String, reason: String) {
        self.path = path
        self.reason = reason
    }

    public var description: String { path.isEmpty ? reason : "\(path): \(reason)" }
}
