public import Access
public import HTTPTypes
public import NIOCore

/// A request as handlers see it: routed, its sender known, with its whole body.
public struct EdgeRequest: Sendable {
    public let head: HTTPRequest
    public let principal: Principal
    /// The other end of the connection: the client or a proxy.
    public let peer: SocketAddress?
    public let body: [UInt8]
    /// Whether the client still waits for the response.
    public let cancellation: Cancellation
    /// The client to which limits and turns apply.
    public let client: EdgeClient
    /// The values of the path's placeholders, still percent-encoded.
    public let parameters: [String: Substring]

    public init(
        _ head: HTTPRequest, principal: Principal = .anonymous, peer: SocketAddress? = nil, body: [UInt8] = [],
        parameters: [String: Substring] = [:], client: EdgeClient = .server, cancellation: Cancellation = .init()
    ) {
        self.head = head
        self.principal = principal
        self.peer = peer
        self.body = body
        self.parameters = parameters
        self.client = client
        self.cancellation = cancellation
    }

    /// The value of a placeholder of the path.
    ///
    /// - Throws: `Problem` when it is not percent-encoded UTF-8.
    public func parameter(_ name: String) throws(Problem) -> String {
        guard let text = parameters[name].flatMap({ percentDecoded($0) }), !text.isEmpty else {
            throw Problem(.badRequest, "InvalidPath", "The path's \(name) is not percent-encoded UTF-8.")
        }
        return text
    }

    /// Of the URL, still percent-encoded.
    public var query: String? {
        guard let path = head.path, let mark = path.utf8.firstIndex(of: UInt8(ascii: "?")) else { return nil }
        return String(path[path.utf8.index(after: mark)...])
    }
}
