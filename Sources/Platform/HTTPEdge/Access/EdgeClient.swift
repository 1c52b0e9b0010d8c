public import HTTPTypes
public import NIOCore

/// The sender of a request, for fairness and rate limits.
public struct EdgeClient: Sendable {
    /// A principal, or an address; of IPv6 the 64-bit network, which one customer usually has.
    let name: String
    /// `nil` where no client could disconnect.
    let presence: ClientPresence?

    /// The server itself.
    public static let server = EdgeClient(name: "", presence: nil)
}

extension IPNetworks {
    /// The client's address: the peer's, or the one that the innermost trusted proxy forwarded.
    public func client(_ fields: HTTPFields, peer: SocketAddress?) -> String? {
        contains(peer) ? clientAddress(fields) ?? peer?.ipAddress : peer?.ipAddress
    }

    func clientName(_ fields: HTTPFields, peer: SocketAddress?) -> String {
        client(fields, peer: peer).map(Self.network(of:)) ?? "unknown"
    }
}
