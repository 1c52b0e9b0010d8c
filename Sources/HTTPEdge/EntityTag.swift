public import HTTPTypes

/// The number of a resource's version, as `ETag`, `If-Match` and `If-None-Match` carry it: `"4711"`.
///
/// Source: [RFC 9110, section 8.8.3](https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3).
public struct EntityTag: Sendable, Hashable {
    public let version: Int64

    public init(_ version: Int64) {
        self.version = version
    }

    /// As the header has it, quotes included.
    public var text: String { "\"\(version)\"" }
}

/// The value of `If-Match` or `If-None-Match`.
public enum TagCondition: Sendable, Hashable {
    /// `*`: whatever the version.
    case any
    /// One of these. Tags that are none of ours are left out, as they match nothing.
    case oneOf([EntityTag])

    /// A tag may be weak (`W/"1"`): proxies that compress weaken ours, and clients send back what they got.
    public init(_ header: String) {
        var tags: [EntityTag] = []
        for part in header.split(separator: ",") {
            var text = part.drop { $0 == " " || $0 == "\t" }
            while text.last == " " || text.last == "\t" { text.removeLast() }
            if text == "*" {
                self = .any
                return
            }
            if text.hasPrefix("W/") { text = text.dropFirst(2) }
            guard text.count > 2, text.first == "\"", text.last == "\"",
                let version = Int64(text.dropFirst().dropLast())
            else { continue }
            tags.append(EntityTag(version))
        }
        self = .oneOf(tags)
    }

    public func matches(_ tag: EntityTag) -> Bool {
        switch self {
        case .any: true
        case .oneOf(let tags): tags.contains(tag)
        }
    }
}

extension HTTPFields {
    public var ifMatch: TagCondition? { self[.ifMatch].map(TagCondition.init) }
    public var ifNoneMatch: TagCondition? { self[.ifNoneMatch].map(TagCondition.init) }
}
