import HTTPEdge

extension EdgeConfiguration {
    /// - `host` (string, default `127.0.0.1`): Address to listen on.
    /// - `port` (int, default 8080): Port to listen on; 0: any free one.
    /// - `publicURL` (string, default none): Scheme and authority that links start with, such as
    ///   `https://stac.example.org`; none: as the client wrote it.
    /// - `trustedProxies` (string, default none): Addresses and networks, by commas, of proxies that are trusted to
    ///   send them in `Forwarded` or `X-Forwarded-*`.
    /// - `maximumBodyByteCount` (int, default 67108864): Largest accepted request body, in bytes.
    /// - `requestTimeoutSeconds` (int, default 60): How long the body of a request may take to arrive, and then the work.
    /// - `headTimeoutSeconds` (int, default 15): How long the head of a request may take to arrive.
    /// - `idleTimeoutSeconds` (int, default 60): How long a connection may wait for its next request.
    /// - `sendTimeoutSeconds` (int, default 30): Window in which a client has to read 4,096 bytes a second.
    /// - `responseTimeoutSeconds` (int, default 600): How long sending a response may take that is no stream.
    /// - `shutdownTimeoutSeconds` (int, default 20): How long running requests may continue after a signal to stop.
    /// - `threadCount` (int, default 8): Threads for calls that read; as many more write.
    /// - `maximumConnections` (int, default 4096): Connections at once; fewer where fewer files may be open.
    /// - `maximumConnectionsPerClient` (int, default 1024): The same of one address, unless it is a trusted proxy's.
    /// - `maximumUnsentByteCount` (int, default 268435456): Bytes of responses that clients have not read, in memory.
    /// - `maximumUnsentByteCountPerClient` (int, default 67108864): The same of one client; its requests wait.
    /// - `maximumReceivedByteCount` (int, default 268435456): Bytes of request bodies in memory; half of them of a client.
    /// - `gzipMinimumByteCount` (int, default 32768): Responses from this size on are compressed; 0: none is.
    /// - `maximumWaitingCount` (int, default 2048): Requests that may wait; further ones are rejected.
    /// - `maximumWaitingCountPerClient` (int, default 256): The same of one client.
    /// - `requestsPerSecond` (int, default 0): Requests that one client may send, on average; 0: as many as it likes.
    /// - `requestBurst` (int, default 100): Requests that one client may send at once beside the average.
    /// - `metricsNetworks` (string, default `127.0.0.0/8, ::1`): Who may see `/metrics` without the operator's token.
    mutating func read(_ settings: Settings) throws {
        host = try settings.string("host", default: host)
        port = try settings.int("port", in: 0...65_535, default: port)
        if let url = try settings.string("publicURL") {
            publicURL = try settings.checked("publicURL") { try Self.checked(url) }
        }
        if let proxies = try settings.string("trustedProxies") {
            trustedProxies = try settings.checked("trustedProxies") { try IPNetworks(proxies) }
        }
        for (key, property) in Self.timeouts {
            let shortest = key == "shutdownTimeoutSeconds" ? 0 : 1
            self[keyPath: property] = try settings.seconds(key, in: shortest...86_400, default: self[keyPath: property])
        }
        for (key, property) in Self.limits {
            self[keyPath: property] = try settings.int(key, in: 1...(1 << 40), default: self[keyPath: property])
        }
        threadCount = try settings.int("threadCount", in: 1...1_024, default: threadCount)
        let gzip = try settings.int("gzipMinimumByteCount", in: 0...(1 << 40), default: gzipMinimumByteCount ?? 0)
        gzipMinimumByteCount = gzip == 0 ? nil : gzip
        maximumWaitingCount = try settings.int("maximumWaitingCount", in: 1...1_000_000, default: maximumWaitingCount)
        maximumWaitingCountPerClient =
            try settings.int("maximumWaitingCountPerClient", in: 1...1_000_000, default: maximumWaitingCountPerClient)
        let rate = try settings.int("requestsPerSecond", in: 0...1_000_000, default: requestsPerSecond ?? 0)
        requestsPerSecond = rate == 0 ? nil : rate
        requestBurst = try settings.int("requestBurst", in: 1...1_000_000, default: requestBurst)
        let networks = try settings.string("metricsNetworks", default: "127.0.0.0/8, ::1")
        metricsNetworks = try settings.checked("metricsNetworks") { try IPNetworks(networks) }
    }

    private static var timeouts: [(String, WritableKeyPath<Self, Duration>)] {
        [
            ("requestTimeoutSeconds", \.requestTimeout), ("headTimeoutSeconds", \.headTimeout),
            ("idleTimeoutSeconds", \.idleTimeout), ("sendTimeoutSeconds", \.sendTimeout),
            ("responseTimeoutSeconds", \.responseTimeout), ("shutdownTimeoutSeconds", \.shutdownTimeout),
        ]
    }

    private static var limits: [(String, WritableKeyPath<Self, Int>)] {
        [
            ("maximumBodyByteCount", \.maximumBodyByteCount), ("maximumConnections", \.maximumConnections),
            ("maximumConnectionsPerClient", \.maximumConnectionsPerClient),
            ("maximumUnsentByteCount", \.maximumUnsentByteCount),
            ("maximumUnsentByteCountPerClient", \.maximumUnsentByteCountPerClient),
            ("maximumReceivedByteCount", \.maximumReceivedByteCount),
        ]
    }

    /// It goes into links as it is.
    private static func checked(_ url: String) throws -> String {
        var url = url
        while url.last == "/" { url.removeLast() }
        guard url.hasPrefix("https://") || url.hasPrefix("http://"),
            url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") })
        else { throw CommandError("'\(url)' is no http or https URL") }
        return url
    }
}
