public import HTTPTypes
public import Hummingbird
import HummingbirdCore
public import Logging
import NIOCore
public import ServiceLifecycle
public import Telemetry
import UnixSignals

/// One HTTP server: what its interfaces share, and its life from the first request to the last.
public struct EdgeServer: Sendable {
    public let configuration: EdgeConfiguration
    public let deadlines: Deadlines
    /// For calls that read.
    public let readers: BlockingPool
    /// For calls that write: they wait for each other and for the disk, which readers should not.
    public let writers: BlockingPool
    public let access: OperatorAccess
    public let logger: Logger
    /// All that the process measures.
    public let telemetry: MetricRegistry
    let metrics: EdgeMetrics
    let rateLimiter: RateLimiter?

    public init(configuration: EdgeConfiguration, operatorToken: String?, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        deadlines = Deadlines(timeout: configuration.requestTimeout)
        let limits = BlockingPool.Limits(
            threadCount: configuration.threadCount, waitingCount: configuration.maximumWaitingCount,
            waitingCountOfOne: configuration.maximumWaitingCountPerClient)
        let (readers, writers) = (
            BlockingPool(limits, deadlines: deadlines), BlockingPool(limits, deadlines: deadlines)
        )
        (self.readers, self.writers) = (readers, writers)
        access = OperatorAccess(token: operatorToken)
        rateLimiter = RateLimiter(perSecond: configuration.requestsPerSecond, burst: configuration.requestBurst)
        telemetry = MetricRegistry()
        metrics = EdgeMetrics(telemetry)
        telemetry.add {
            var waiting = MetricFamily(
                "terrabyte_http_requests_waiting", .gauge, help: "Requests without a thread yet.")
            for (pool, name) in [(readers, "read"), (writers, "write")] {
                waiting.add(Double(pool.waitingCount), labels: [("kind", name)])
            }
            return [waiting] + processMetrics()
        }
    }

    /// Who has sent a request. Called where the request is handled, since the connection is asked.
    public func client(_ headers: HTTPFields, _ context: EdgeContext) -> EdgeClient {
        EdgeClient(
            name: configuration.trustedProxies.clientName(headers, peer: context.channel.remoteAddress),
            presence: context.presence)
    }

    /// A router with what surrounds each request and the paths for those who watch the server.
    ///
    /// - Parameter isReady: Whether requests can be answered; called on a thread that may block.
    public func router(isReady: @escaping @Sendable () -> Bool) -> EdgeRouter {
        let router = EdgeRouter(context: EdgeContext.self)
        router.add(middleware: EdgeMiddleware(self))
        router.resource("/healthz", [.get: { _, _ in Self.state(.ok, "ok") }])
        router.resource(
            "/readyz",
            [
                .get: { _, _ in
                    let isReady = try await readers.run { _ in isReady() }
                    return isReady ? Self.state(.ok, "ready") : Self.state(.serviceUnavailable, "starting")
                }
            ])
        router.resource("/metrics", [.get: metricsResponse])
        return router
    }

    @Sendable private func metricsResponse(_ request: Request, _ context: EdgeContext) async throws -> Response {
        let isProxied = IPNetworks.isProxied(request.headers)
        if isProxied || !configuration.metricsNetworks.contains(context.channel.remoteAddress) {
            try access.check(request.headers)
        }
        let telemetry = telemetry
        let text = try await readers.run { _ in telemetry.text() }
        return Response(
            status: .ok, headers: [.contentType: MetricRegistry.mediaType, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    private static func state(_ status: HTTPResponse.Status, _ word: String) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: "{\"status\":\"\(word)\"}")))
    }

    /// The application, for `run` or for tests.
    ///
    /// - Parameter prompt: What is asked before the router.
    /// - Parameter onListening: Called with the port once connections are accepted.
    public func application(
        _ router: EdgeRouter, prompt: PromptResponder? = nil,
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) -> Application<RouterResponder<EdgeContext>> {
        var address = ApplicationConfiguration()
        address.address = .hostname(configuration.host, port: configuration.port)
        let idleTimeout = TimeAmount(configuration.requestTimeout)
        let server = HTTPServerBuilder { responder in
            ConnectionChannel(HTTP1Channel(responder: responder)) { logger in
                PromptAnswering(prompt ?? .none, self, idleTimeout: idleTimeout, logger)
            }
        }
        return Application(
            router: router, server: server, configuration: address,
            services: [deadlines],
            onServerRunning: { channel in await onListening(channel.localAddress?.port ?? 0) }, logger: logger)
    }

    /// Serves until SIGTERM or SIGINT, then ends what runs, within the configured time.
    ///
    /// - Parameter prompt: What is asked before the router.
    /// - Parameter services: Run as long as the server does, and end after it.
    public func run(
        _ router: EdgeRouter, prompt: PromptResponder? = nil, with services: [any Service] = [],
        onListening: @escaping @Sendable (Int) async -> Void
    ) async throws {
        var group = ServiceGroupConfiguration(
            services: services + [application(router, prompt: prompt, onListening: onListening)],
            gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        group.maximumGracefulShutdownDuration = configuration.shutdownTimeout
        let result = await Result { try await ServiceGroup(configuration: group).run() }
        await readers.shutDown()
        await writers.shutDown()
        try result.get()
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
