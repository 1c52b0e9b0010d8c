/// A hint that something has been written.
public struct DatabaseNotification: Sendable, Hashable {
    public let channel: String
    /// `nil`: notifications may have been missed, because the connection is new.
    public let payload: String?

    public init(channel: String, payload: String?) {
        self.channel = channel
        self.payload = payload
    }
}

extension Database {
    /// Notifications on a channel, until the loop over them is left or its task is cancelled.
    ///
    ///     for await notification in try database.listen(to: "jobs") { … }
    ///
    /// The first one, and one after each loss of the connection, is without a payload: look at the table then. A reader
    /// that is 256 behind misses the oldest.
    ///
    /// - Parameter channel: Lower-case letters, digits and `_`.
    public func listen(to channel: String) throws -> AsyncStream<DatabaseNotification> {
        try Identifier.check(channel)
        return notifications.listen(to: channel)
    }
}
