import Checksum
public import HTTPTypes

/// The number of a resource's version, as `ETag`, `If-Match` and `If-None-Match` carry it: `"4711"`; with a checksum of
/// its content where more than the version decides that: `"4711-9c41"`.
///
/// Source: [RFC 9110, section 8.8.3](https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3).
public struct EntityTag: Sendable, Hashable {
    public let version: Int64
    /// `nil`: the version decides the content.
    public let contentChecksum: UInt64?

    public init(_ version: Int64, contentChecksum: UInt64? = nil) {
        self.version = version
        self.contentChecksum = contentChecksum
    }

    public init(_ version: Int64, content: some Sequence<UInt8>) {
        self.init(version, contentChecksum: Array(content).withUnsafeBytes { XXHash64.hash($0) })
    }

    /// - Parameter text: Without the quotes.
    fileprivate init?(_ text: Substring) {
        let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let version = Int64(first) else { return nil }
        guard parts.count > 1 else {
            self.init(version)
            return
        }
        guard let checksum = UInt64(parts[1], radix: 16) else { return nil }
        self.init(version, contentChecksum: checksum)
    }

    /// As the header has it, quotes included.
    public var text: String {
        "\"\(version)\(contentChecksum.map { "-" + String($0, radix: 16) } ?? "")\""
    }
}

/// The value of `If-Match` or `If-None-Match`.
public enum TagCondition: Sendable, Hashable {
    /// `*`: any version.
    case any
    /// One of these. Tags that are none of ours are left out, as they match nothing.
    case oneOf([EntityTag])

    /// - Parameter isStrong: Whether weak tags (`W/"1"`) match nothing, as in `If-Match`. In `If-None-Match` they match
    ///   as others do: compressing proxies weaken ours, and clients return the weakened tag.
    public init(_ header: String, isStrong: Bool = false) {
        if header.filter({ $0 != " " && $0 != "\t" }) == "*" {
            self = .any
            return
        }
        var tags: [EntityTag] = []
        for part in header.split(separator: ",") {
            var text = part.drop { $0 == " " || $0 == "\t" }
            while text.last == " " || text.last == "\t" { text.removeLast() }
            if text.hasPrefix("W/") {
                guard !isStrong else { continue }
                text = text.dropFirst(2)
            }
            guard text.count > 2, text.first == "\"", text.last == "\"",
                let tag = EntityTag(text.dropFirst().dropLast())
            else { continue }
            tags.append(tag)
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
    /// Compared strongly (RFC 9110, section 13.1.1).
    public var ifMatch: TagCondition? { self[.ifMatch].map { TagCondition($0, isStrong: true) } }
    /// Compared weakly (RFC 9110, section 13.1.2).
    public var ifNoneMatch: TagCondition? { self[.ifNoneMatch].map { TagCondition($0) } }
}
