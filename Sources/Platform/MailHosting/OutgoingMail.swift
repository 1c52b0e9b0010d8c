public import Mail

/// Where mail goes; a capability.
public struct OutgoingMail: Sendable {
    /// `nil`: nowhere.
    public let server: MailServer?

    public init(server: MailServer?) {
        self.server = server
    }
}
