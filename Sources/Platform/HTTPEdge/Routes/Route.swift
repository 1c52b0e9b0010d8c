public import Access
public import HTTPTypes

/// One method at one path: its access rule, body limit, timeout, CORS rule, description and handler.
public struct Route: Sendable {
    public let method: HTTPRequest.Method
    /// With placeholders in braces: `/public/api/collections/{collection}`.
    public let path: String
    public var access: AccessRule
    /// Largest accepted body, in bytes; 0: the route takes none.
    public var bodyLimit: Int
    /// How long it may take, without the time for sending the response.
    public var timeout: Duration
    public var crossOrigin: CrossOriginRule
    /// See `RouteGroup`.
    public var hidesQuery = false
    /// Its description, for people and for programs.
    public var operation: OpenAPIOperation
    public let handler: RouteHandler

    /// - Parameters:
    ///   - path: Whole, from the root of the server.
    ///   - timeout: `nil`: the server's default.
    public init(
        _ method: HTTPRequest.Method, _ path: String, access: AccessRule, bodyLimit: Int = 0, timeout: Duration,
        crossOrigin: CrossOriginRule, operation: OpenAPIOperation, handler: RouteHandler
    ) {
        self.method = method
        self.path = path
        self.access = access
        self.bodyLimit = bodyLimit
        self.timeout = timeout
        self.crossOrigin = crossOrigin
        self.operation = operation
        self.handler = handler
    }
}

/// The responses that pages of other origins may read.
///
/// Source: [Fetch, CORS protocol](https://fetch.spec.whatwg.org/#http-cors-protocol).
public enum CrossOriginRule: Sendable, Hashable {
    /// All; browsers attach no credentials that identify the user.
    case anyOrigin
    /// Nothing.
    case sameOrigin
}

/// The handler of a route's requests, and the thread on which it runs.
public enum RouteHandler: Sendable {
    /// On the connection's event loop: neither blocks nor computes for long.
    case inline(@Sendable (EdgeRequest) async throws -> EdgeResponse)
    /// On a thread for calls that read.
    case reading(@Sendable (EdgeRequest) throws -> EdgeResponse)
    /// On a thread for calls that write.
    case writing(@Sendable (EdgeRequest) throws -> EdgeResponse)
    /// On a thread for calls that watch the server, which do not wait for those of clients.
    case monitoring(@Sendable (EdgeRequest) throws -> EdgeResponse)
    /// Read on the event loop if it is short, and made there, too, if that is quick; otherwise as `reading`.
    case prepared(@Sendable (EdgeRequest) throws -> PreparedResponse)
}

/// The response to a request that has been read.
public struct PreparedResponse: Sendable {
    /// Whether making it takes less time than waking another thread, which is a quarter of a millisecond on an idle
    /// machine: at most some twenty Items by their keys.
    public let isQuick: Bool
    /// Whether the response may be of megabytes: few of them are made at once.
    public let isLarge: Bool
    public let make: @Sendable () throws -> EdgeResponse

    public init(isQuick: Bool, isLarge: Bool = false, make: @escaping @Sendable () throws -> EdgeResponse) {
        self.isQuick = isQuick
        self.isLarge = isLarge
        self.make = make
    }
}
