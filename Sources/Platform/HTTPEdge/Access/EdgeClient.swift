public import HTTPTypes
public import NIOCore

/// Who has sent a request, for all that is shared out among clients.
public struct EdgeClient: Sendable {
    /// A principal, or an address; of IPv6 the network of 64 bits, which is what one customer has.
    let name: String
    /// `nil` where nobody could go away.
    let presence: ClientPresence?

    /// The server itself.
    public static let server = EdgeClient(name: "", presence: nil)
}

extension IPNetworks {
    /// The client's address: the peer's, or what the innermost trusted proxy says of the one before it.
    public func client(_ fields: HTTPFields, peer: SocketAddress?) -> String? {
        contains(peer) ? clientAddress(fields) ?? peer?.ipAddress : peer?.ipAddress
    }

    func clientName(_ fields: HTTPFields, peer: SocketAddress?) -> String {
        client(fields, peer: peer).map(Self.network(of:)) ?? "unknown"
    }
}
