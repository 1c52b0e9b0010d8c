public import SQLDatabase
public import Temporal

/// A directory of the storage, with the people who may use it. Collections whose ids are `ID.NAME` are shared by them.
public struct Container: Sendable, Hashable {
    /// How much a member may do.
    public enum Level: String, Sendable, Hashable, CaseIterable, DatabaseConvertible {
        case ro, rw
        /// As `rw`, and changes the members.
        case manager
    }

    /// Such as `pn56su-dss-0001`. Never changes, and is not used again.
    public let id: String
    public let title: String
    /// Where the directory is.
    public let path: String?
    public let creation: Timestamp
    /// Levels by names of accounts.
    public let members: [String: Level]
}
