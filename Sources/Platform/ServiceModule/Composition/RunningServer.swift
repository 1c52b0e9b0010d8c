import HTTPEdge
import Synchronization

/// A server as its modules see it, from its composition on.
public final class RunningServer: Sendable {
    /// Names of the services that it runs, dependencies first.
    public let serviceNames: [String]
    private let state = Mutex<(port: Int?, readiness: [ReadinessCheck])>((nil, []))

    init(serviceNames: [String]) {
        self.serviceNames = serviceNames
    }

    /// On which connections are accepted; `nil`: not yet.
    public internal(set) var port: Int? {
        get { state.withLock { $0.port } }
        set { state.withLock { $0.port = newValue } }
    }

    /// Of all services, once the server is complete.
    var readiness: [ReadinessCheck] {
        get { state.withLock { $0.readiness } }
        set { state.withLock { $0.readiness = newValue } }
    }

    /// Whether all services can respond. May block, as their checks do.
    public var isReady: Bool { port != nil && readiness.allSatisfy { $0.missing() == nil } }
}
