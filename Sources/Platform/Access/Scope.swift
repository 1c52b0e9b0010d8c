/// Something that a principal may be allowed to do, such as `catalogue:write`.
///
/// Source: [RFC 6749, section 3.3](https://www.rfc-editor.org/rfc/rfc6749#section-3.3).
public struct Scope: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    public init(_ rawValue: String) {
        self.rawValue = rawValue
    }

    public var description: String { rawValue }
}

extension Scope {
    /// To see one's own and shared Collections and their Items.
    public static let readCollections = Scope("collections:read")
    /// To create, change and delete them.
    public static let writeCollections = Scope("collections:write")
    /// To write the public catalogue.
    public static let writeCatalogue = Scope("catalogue:write")
    /// To administer people, containers and their members.
    public static let administration = Scope("administration")
    /// To see how a search is done.
    public static let explainSearches = Scope("search:explain")
    /// To read `/metrics`.
    public static let readMetrics = Scope("metrics:read")
}
