/// The policy of a load for an Item whose id is taken.
public enum ConflictPolicy: String, Sendable, Hashable, CaseIterable {
    /// The new one replaces it; nothing is written when the two are equal.
    case replace
    /// The existing one stays.
    case skip
    /// The load ends there with an error. Preceding Items stay loaded.
    case fail
}

/// An Item, or the rest of a file, that a load has rejected.
public struct LoadReject: Sendable, Hashable, CustomStringConvertible {
    /// `file:line`; for Items that come from no file the name of their source and their position in it, from 1.
    public let location: String
    /// Such as `properties.datetime`; `nil` when the text is not even JSON.
    public let path: String?
    public let reason: String

    public var description: String { "\(location): \(path.map { "\($0): " } ?? "")\(reason)" }
}

/// The progress or the result of a load.
public struct LoadReport: Sendable, Hashable {
    /// Items found.
    public internal(set) var read = 0
    public internal(set) var created = 0
    public internal(set) var replaced = 0
    /// Items that existed already, byte by byte.
    public internal(set) var unchanged = 0
    /// Items whose ids were taken, left unchanged.
    public internal(set) var skipped = 0
    public internal(set) var rejected = 0
    /// Items with latitudes beyond ±90, by half a degree at most: stored as they are, and searched as if they were ±90.
    public internal(set) var beyondPoles = 0
    /// Bytes read so far, of files as stored; `totalBytes` is `nil` if unknown, as with a pipe.
    public internal(set) var consumedBytes = 0
    public internal(set) var totalBytes: Int?

    public init() {}
}
