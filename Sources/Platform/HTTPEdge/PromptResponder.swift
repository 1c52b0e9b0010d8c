public import HTTPTypes
public import NIOCore

/// Answers requests that take microseconds, or says that it cannot: then they go the usual way, through the router.
///
/// What it has answered lately it answers again without asking, until the content has another version.
public struct PromptResponder: Sendable {
    /// A response, or what the request failed with, and the route's template for the log.
    public typealias Outcome = (route: String, response: Result<EdgeResponse, any Error>)

    /// Requests with a longer body, in bytes, are not asked for.
    let longestBody: Int
    let memory: AnswerMemory
    let version: @Sendable () -> Int
    private let trustedProxies: IPNetworks
    private let dependsOnPeer: Bool
    let respond: @Sendable (_ request: HTTPRequest, _ body: [UInt8], _ peer: SocketAddress?) -> Outcome?

    /// - Parameters:
    ///   - dependsOnPeer: Whether answers depend on who the peer is, beside whether it is a trusted proxy.
    ///   - version: Of all that responses are made of: another number whenever any of them may have become another one.
    ///   - respond: Called on an event loop: must not block, nor compute for long. Its responses depend on nothing but
    ///     the request, the version, and whether the peer is a trusted proxy. `nil`: not a request for it.
    public init(
        _ configuration: EdgeConfiguration, longestBody: Int, dependsOnPeer: Bool = false,
        version: @escaping @Sendable () -> Int,
        respond: @escaping @Sendable (HTTPRequest, [UInt8], SocketAddress?) -> Outcome?
    ) {
        self.longestBody = longestBody
        self.version = version
        self.respond = respond
        self.dependsOnPeer = dependsOnPeer
        trustedProxies = configuration.trustedProxies
        memory = AnswerMemory(byteLimit: configuration.answerMemoryByteCount)
    }

    /// What answers to a peer may depend on.
    func audience(_ peer: SocketAddress?) -> String {
        dependsOnPeer ? peer?.ipAddress ?? "" : trustedProxies.contains(peer) ? "trusted" : ""
    }

    /// Leaves all requests to the router.
    static let none = PromptResponder(EdgeConfiguration(), longestBody: 0, version: { 0 }, respond: { _, _, _ in nil })
}
