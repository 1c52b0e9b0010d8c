/// A fault in a free-text query, with its location.
public struct FreeTextError: Error, Sendable, Hashable, CustomStringConvertible {
    public let expected: String
    public let found: String
    /// In Unicode scalars from the text's start.
    public let offset: Int

    public var description: String { "at character \(offset): expected \(expected), found \(found)" }
}
