/// The configuration shared by all HTTP interfaces.
public struct EdgeConfiguration: Sendable {
    public var host = "127.0.0.1"
    /// 0: any free port.
    public var port = 8080
    /// Scheme and authority that links start with, such as `https://stac.example.org`, without a slash at the end;
    /// `nil`: the request's `Host`.
    public var publicURL: String?
    /// Proxies trusted to forward scheme, authority and prefix where there is no `publicURL`.
    public var trustedProxies = IPNetworks()
    /// Largest accepted request body, in bytes.
    public var maximumBodyByteCount = 64 << 20
    /// How long a request may take: its body to arrive, and then the work for it, without the time for sending the response.
    public var requestTimeout: Duration = .seconds(60)
    /// How long the head of a request may take to arrive, from its first byte.
    public var headTimeout: Duration = .seconds(15)
    /// How long a connection may wait for the next request.
    public var idleTimeout: Duration = .seconds(60)
    /// The window in which a client has to take a minimum of what is unsent; see `SendingWindow`.
    public var sendTimeout: Duration = .seconds(30)
    /// How long sending a response may take, unless it is a stream.
    public var responseTimeout: Duration = .seconds(600)
    /// Connections at once; fewer where the process may not open as many files.
    public var maximumConnections = 4_096
    /// Connections of one address at once, unless it is a trusted proxy's.
    public var maximumConnectionsPerClient = 1_024
    /// Bytes of responses in memory that clients have not read, of all and of one. With more, its requests wait.
    public var maximumUnsentByteCount = 256 << 20
    public var maximumUnsentByteCountPerClient = 64 << 20
    /// Bytes of request bodies in memory, of all clients; half of them of one. With more, requests are rejected.
    public var maximumReceivedByteCount = 256 << 20
    /// How long running requests may continue after the signal to stop.
    public var shutdownTimeout: Duration = .seconds(20)
    /// Threads for calls that block, reading; as many more write. At least 1.
    public var threadCount = 8
    /// Requests that may wait for a thread; further ones are rejected.
    public var maximumWaitingCount = 2_048
    /// Requests of one client that may wait for a thread; further ones are rejected.
    public var maximumWaitingCountPerClient = 256
    /// Requests of one client, on average; `nil`: as many as it likes.
    public var requestsPerSecond: Int?
    /// Requests of one client at once that the average does not apply to.
    public var requestBurst = 100
    /// Networks from which `/metrics` is readable without the operator's token, unless through a proxy.
    public var metricsNetworks = IPNetworks.loopback
    /// Responses from this size on are compressed, in bytes, for clients that accept it; `nil`: none is.
    public var gzipMinimumByteCount: Int? = 32 << 10

    public init() {}
}
