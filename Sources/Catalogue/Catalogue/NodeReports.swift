public import Logging
public import ServiceLifecycle
import Synchronization

/// Reports a server to the others on the same store while it runs, and reads what its readiness is known from.
///
/// On a thread of its own: a long catching up must not look like a node that is gone, and following does not wait for it.
public struct NodeReports: Service {
    private let engine: CatalogueEngine
    private let logger: Logger
    private let pace: Duration
    private let id: String
    private let node: @Sendable () -> NodeState?

    /// - Parameters:
    ///   - id: Of the node.
    ///   - node: Its state; may block. `nil`: it does not serve yet.
    public init(engine: CatalogueEngine, logger: Logger, id: String, node: @escaping @Sendable () -> NodeState?) {
        self.init(engine: engine, logger: logger, pace: NodeState.reportPace, id: id, node: node)
    }

    init(
        engine: CatalogueEngine, logger: Logger, pace: Duration, id: String, node: @escaping @Sendable () -> NodeState?
    ) {
        self.engine = engine
        self.logger = logger
        self.pace = pace
        self.id = id
        self.node = node
    }

    public func run() async throws {
        let thread = MaintenanceThread("reports", logger: logger)
        let isRefused = Atomic(false)
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await thread.attempt("read the Collections") { _ in engine.checkCollections() }
                await thread.attempt("report") { _ in try report(isRefused) }
                try? await Task.sleep(for: pace)
            }
        }
        await thread.finally("withdraw the report") {
            guard engine.storeResponds else { return }
            try engine.store.withdraw(node: id)
        }
    }

    /// - Parameter isRefused: Whether there is no permission to report, which is logged once.
    private func report(_ isRefused: borrowing Atomic<Bool>) throws {
        guard !isRefused.load(ordering: .relaxed), let state = node() else { return }
        do {
            try engine.store.report(state)
        } catch let error as CatalogueError where error.code == .storeBusy {
            // Following says so.
        } catch let error as CatalogueError where error.code == .notWritable {
            isRefused.store(true, ordering: .relaxed)
            logger.warning(
                "The node cannot report itself: others do not know of it, and may purge what it still finds",
                metadata: ["error": "\(error)"])
        }
    }
}
