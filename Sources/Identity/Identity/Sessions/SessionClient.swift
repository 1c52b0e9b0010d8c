/// The browser of a session, as its owner recognizes it.
public struct SessionClient: Sendable, Hashable {
    public let address: String?
    /// The beginning of `User-Agent`.
    public let agent: String

    public init(address: String?, agent: String) {
        self.address = address
        self.agent = String(
            String.UnicodeScalarView(agent.unicodeScalars.prefix(200).filter { $0.value >= 0x20 && $0.value != 0x7f }))
    }
}
