import Logging
import NIOCore

/// What all connections of a server share.
struct ConnectionConfiguration: Sendable {
    /// From the first byte of a head to its last, and until a new connection's first byte.
    var headTimeout = TimeAmount.seconds(15)
    /// From the end of a head to the end of its body.
    var bodyTimeout = TimeAmount.seconds(60)
    /// Between two requests.
    var idleTimeout = TimeAmount.seconds(60)
    /// See `SendingWindow`.
    var sendTimeout = TimeAmount.seconds(30)
    /// For sending a response whose length is known.
    var responseTimeout = TimeAmount.seconds(600)
    /// For responses under way when the server stops.
    var shutdownTimeout = TimeAmount.seconds(20)
    /// `nil`: as many connections as there are.
    var limits: ConnectionLimits?
    var metrics: EdgeMetrics?
    var logger = Logger(label: "connection") { _ in SwiftLogNoOpLogHandler() }
    /// Whether an address is that of a proxy, whose connections are not counted together.
    var isProxy: @Sendable (_ address: String) -> Bool = { _ in false }

    /// How often deadlines are checked.
    var tick: TimeAmount {
        let shortest = min(headTimeout, bodyTimeout, idleTimeout, sendTimeout)
        return min(.seconds(1), max(.milliseconds(50), .nanoseconds(shortest.nanoseconds / 4)))
    }
}

/// Why a response does not reach its client.
enum CutReason: String, Sendable, CaseIterable {
    case clientGone = "client gone"
    case tooSlow = "client reads too slowly"
    case shutdown = "server stops"
    case failed = "response failed"

    var logLevel: Logger.Level {
        switch self {
        case .clientGone: .info
        case .tooSlow, .shutdown: .warning
        case .failed: .error
        }
    }

    /// For metrics.
    var label: String {
        switch self {
        case .clientGone: "client_gone"
        case .tooSlow: "too_slow"
        case .shutdown: "shutdown"
        case .failed: "failed"
        }
    }
}
