import Access
import HTTPTypes
public import Hummingbird
import HummingbirdCore
public import Logging
import NIOCore
public import ServiceLifecycle
public import Telemetry

/// One HTTP server: the resources that its interfaces share.
public struct EdgeServer: Sendable {
    public let configuration: EdgeConfiguration
    public let deadlines: Deadlines
    /// For calls that read.
    public let readers: BlockingPool
    /// For calls that write: they wait for each other and for the disk, which readers should not.
    public let writers: BlockingPool
    /// For calls that watch the server: all other threads may wait for a database that is away.
    public let monitors: BlockingPool
    public let logger: Logger
    /// All that the process measures.
    public let telemetry: MetricRegistry
    /// Asked in turn who sends a request.
    public var authenticators: [any Authenticator]
    /// Whether an operator token is configured.
    let hasOperator: Bool
    let metrics: EdgeMetrics
    let rateLimiter: RateLimiter?
    let connections: ConnectionLimits
    /// Responses that clients have not read.
    let unsent: UnsentBytes
    /// Request bodies.
    let received: ByteLedger

    private static let monitorCount = 4

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
        let unsent = UnsentBytes(
            limit: configuration.maximumUnsentByteCount, perClient: configuration.maximumUnsentByteCountPerClient)
        let received = ByteLedger(
            limit: configuration.maximumReceivedByteCount,
            perClient: max(configuration.maximumReceivedByteCount / 2, configuration.maximumBodyByteCount))
        let connections = ConnectionLimits(
            limit: configuration.maximumConnections, perClient: configuration.maximumConnectionsPerClient)
        (self.unsent, self.received, self.connections) = (unsent, received, connections)
        let (readers, writers) = (
            BlockingPool(limits, deadlines: deadlines, unsent: unsent), BlockingPool(limits, deadlines: deadlines)
        )
        (self.readers, self.writers) = (readers, writers)
        var monitoring = limits
        monitoring.threadCount = Self.monitorCount
        monitors = BlockingPool(monitoring, deadlines: deadlines)
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
            var held = MetricFamily(
                "terrabyte_http_held_bytes", .gauge,
                help: "Bytes in memory: responses that clients have not read, and request bodies.")
            held.add(Double(unsent.large.total + unsent.small.total), labels: [("kind", "unsent")])
            held.add(Double(received.total), labels: [("kind", "received")])
            let open = MetricFamily(
                "terrabyte_http_connections", .gauge, help: "Open connections.", value: Double(connections.servedCount))
            let refused = MetricFamily(
                "terrabyte_http_connections_refused_total", .counter, help: "Connections beyond a limit.",
                value: Double(connections.refusalCount))
            return [waiting, held, open, refused] + processMetrics()
        }
    }

    /// The client to which the limits and turns of a request apply. Called on the request's event loop, because it
    /// reads from the connection.
    func client(_ headers: HTTPFields, _ principal: Principal, _ context: EdgeContext) -> EdgeClient {
        let connection = context.connection?.value
        let name =
            principal.fairnessKey ?? (IPNetworks.isProxied(headers) ? nil : connection?.clientName)
            ?? configuration.trustedProxies.clientName(headers, peer: context.channel.remoteAddress)
        return EdgeClient(name: name, presence: connection?.presence)
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
        // Connections that come while others are accepted; beyond them, the system makes clients try again after a second.
        address.backlog = 4_096
        address.availableConnectionsDelegate = ConnectionGate(limits: connections)
        let (shared, connections) = (connectionConfiguration, connections)
        let server = HTTPServerBuilder { ConnectionChannel($0, shared) }
        return Application(
            responder: EdgeResponder(self, table), server: server, configuration: address,
            services: isAlone ? [deadlines] : [],
            onServerRunning: { channel in
                if let usage = descriptorUsage() { connections.adapt(toDescriptors: usage.limit, open: usage.open) }
                await onListening(channel.localAddress?.port ?? 0)
            }, logger: logger)
    }

    /// The application as a service whose errors are sentences.
    ///
    /// - Parameter onListening: Called with the port once connections are accepted.
    public func server(
        _ table: RouteTable, onListening: @escaping @Sendable (Int) async -> Void
    ) -> some Service {
        EdgeService(edge: self, table: table, onListening: onListening)
    }

    private var connectionConfiguration: ConnectionConfiguration {
        let proxies = configuration.trustedProxies
        return ConnectionConfiguration(
            headTimeout: TimeAmount(configuration.headTimeout), bodyTimeout: TimeAmount(configuration.requestTimeout),
            idleTimeout: TimeAmount(configuration.idleTimeout), sendTimeout: TimeAmount(configuration.sendTimeout),
            responseTimeout: TimeAmount(configuration.responseTimeout),
            shutdownTimeout: TimeAmount(configuration.shutdownTimeout), limits: connections, metrics: metrics,
            logger: logger, isProxy: { proxies.contains($0) })
    }

    /// Waits for the calls that run and ends the threads.
    public func shutDown() async {
        await readers.shutDown()
        await writers.shutDown()
        await monitors.shutDown()
    }
}
