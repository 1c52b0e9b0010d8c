/// What a load does with an Item whose id is taken.
public enum ConflictPolicy: String, Sendable, Hashable, CaseIterable {
    /// The new one takes its place; nothing is written when the two are equal.
    case replace
    /// The old one stays.
    case skip
    /// The load ends there with an error. What came before stays loaded.
    case fail
}

/// An Item, or the rest of a file, that a load has left out.
public struct LoadReject: Sendable, Hashable, CustomStringConvertible {
    /// `file:line`; for Items that come from no file the name of their origin and their position in it, from 1.
    public let location: String
    /// Such as `properties.datetime`; `nil` when the text is not even JSON.
    public let path: String?
    public let reason: String

    public var description: String { "\(location): \(path.map { "\($0): " } ?? "")\(reason)" }
}

/// How far a load has come, or what it has done.
public struct LoadReport: Sendable, Hashable {
    /// Items found.
    public internal(set) var read = 0
    public internal(set) var created = 0
    public internal(set) var replaced = 0
    /// Items that were there already, byte by byte.
    public internal(set) var unchanged = 0
    /// Items whose ids were taken, left as they were.
    public internal(set) var skipped = 0
    public internal(set) var rejected = 0
    /// Bytes taken so far, of files as they are stored; `totalBytes` is `nil` where it is not known, as with a pipe.
    public internal(set) var consumedBytes = 0
    public internal(set) var totalBytes: Int?
}
