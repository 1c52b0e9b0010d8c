import Access
import HTTPTypes
public import Hummingbird
import HummingbirdCore
public import Logging
import NIOCore
public import Telemetry

/// One HTTP server: the resources that its interfaces share.
public struct EdgeServer: Sendable {
    public let configuration: EdgeConfiguration
    public let deadlines: Deadlines
    /// For calls that read.
    public let readers: BlockingPool
    /// For calls that write: they wait for each other and for the disk, which readers should not.
    public let writers: BlockingPool
    public let logger: Logger
    /// All that the process measures.
    public let telemetry: MetricRegistry
    /// Asked in turn who sends a request.
    public var authenticators: [any Authenticator]
    /// Whether an operator token is configured.
    let hasOperator: Bool
    let metrics: EdgeMetrics
    let rateLimiter: RateLimiter?

    public init(
        configuration: EdgeConfiguration, operatorToken: String?, logger: Logger,
        telemetry: MetricRegistry = MetricRegistry()
    ) {
        self.configuration = configuration
        self.logger = logger
        deadlines = Deadlines()
        let limits = BlockingPool.Limits(
            threadCount: configuration.threadCount, waitingCount: configuration.maximumWaitingCount,
            waitingCountOfOne: configuration.maximumWaitingCountPerClient)
        let (readers, writers) = (
            BlockingPool(limits, deadlines: deadlines), BlockingPool(limits, deadlines: deadlines)
        )
        (self.readers, self.writers) = (readers, writers)
        let operators = OperatorAuthenticator(token: operatorToken)
        hasOperator = operators.hasToken
        authenticators = [operators, MonitoringAuthenticator(networks: configuration.metricsNetworks)]
        rateLimiter = RateLimiter(perSecond: configuration.requestsPerSecond, burst: configuration.requestBurst)
        self.telemetry = telemetry
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

    /// The client to which the limits and turns of a request apply. Called on the request's event loop, because it
    /// reads from the connection.
    func client(_ headers: HTTPFields, _ principal: Principal, _ context: EdgeContext) -> EdgeClient {
        EdgeClient(
            name: principal.fairnessKey
                ?? configuration.trustedProxies.clientName(headers, peer: context.channel.remoteAddress),
            presence: context.presence)
    }

    /// The application, to be run as a service or in tests. `deadlines` has to run beside it, unless `isAlone`.
    ///
    /// - Parameters:
    ///   - isAlone: Whether it runs its background services itself.
    ///   - onListening: Called with the port once connections are accepted.
    public func application(
        _ table: RouteTable, isAlone: Bool = true, onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) -> Application<EdgeResponder> {
        var address = ApplicationConfiguration()
        address.address = .hostname(configuration.host, port: configuration.port)
        let idleTimeout = TimeAmount(configuration.requestTimeout)
        let server = HTTPServerBuilder { responder in
            ConnectionChannel(HTTP1Channel(responder: responder), idleTimeout: idleTimeout)
        }
        return Application(
            responder: EdgeResponder(self, table), server: server, configuration: address,
            services: isAlone ? [deadlines] : [],
            onServerRunning: { channel in await onListening(channel.localAddress?.port ?? 0) }, logger: logger)
    }

    /// Waits for the calls that run and ends the threads.
    public func shutDown() async {
        await readers.shutDown()
        await writers.shutDown()
    }
}
