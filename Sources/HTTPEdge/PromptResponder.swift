public import HTTPTypes
public import NIOCore

/// Answers requests that take microseconds, or says that it cannot: then they go the usual way, through the router.
public struct PromptResponder: Sendable {
    /// An answer, or what the request failed with, and the route's template for the log.
    public typealias Outcome = (route: String, answer: Result<EdgeAnswer, any Error>)

    /// Requests with a longer body, in bytes, are not asked for.
    let longestBody: Int
    let respond: @Sendable (_ request: HTTPRequest, _ body: [UInt8], _ peer: SocketAddress?) -> Outcome?

    /// - Parameter respond: Called on an event loop: must not block, nor compute for long. `nil`: not a request for it.
    public init(longestBody: Int, respond: @escaping @Sendable (HTTPRequest, [UInt8], SocketAddress?) -> Outcome?) {
        self.longestBody = longestBody
        self.respond = respond
    }
}
