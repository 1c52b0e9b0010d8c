public import Logging
public import SQLDatabase
import ServiceLifecycle
import ServiceModule

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Work that one node at a time does, and another one after its death.
///
///     switch try await leases.withLease("export:/data", every: .seconds(3600), { lease in … }) {
///     case .done: // here, now
///     case .held(let remaining), .notDue(let remaining): // ask again after that
///     }
public struct WorkLeases: Sendable {
    public static let defaultDuration = Duration.seconds(60)

    /// What came of the wish to do something.
    public enum Turn<Result: Sendable>: Sendable {
        case done(Result)
        /// Another node does it, and has its lease for as long at least.
        case held(remaining: Duration)
        /// It was done not long ago, and is due after the remaining time.
        case notDue(remaining: Duration)
    }

    /// `nil`: there are no other nodes.
    private let database: Database?
    private let duration: Duration
    private let logger: Logger
    /// Of this process.
    private let holder: String

    /// - Parameters:
    ///   - database: Of all nodes, with the table of `LeaseTable`.
    ///   - duration: For which a dead node's work is left undone. Leases are renewed every third of it.
    public init(in database: Database, for duration: Duration, logger: Logger) {
        self.init(database, duration, logger)
    }

    /// Without other nodes: all work is done here, whenever it is asked for, and nothing is stored.
    public init(alone logger: Logger) {
        self.init(nil, .zero, logger)
    }

    private init(_ database: Database?, _ duration: Duration, _ logger: Logger) {
        self.database = database
        self.duration = duration
        self.logger = logger
        holder = Self.processName()
    }

    /// Whether there may be other nodes.
    public var isShared: Bool { database != nil }

    /// Runs `body` unless another node does so, or somebody has been done with it not long ago.
    ///
    /// The lease is released when `body` ends, also when the task is cancelled or the server stops, which `body` learns from
    /// the keeper. Only when it returns, the interval to the next time begins: after an error, another node tries.
    ///
    /// - Parameters:
    ///   - name: Of the work, for all nodes; not used twice at the same time in one process.
    ///   - interval: From the end of the work to its next beginning, on whichever node.
    /// - Throws: `DatabaseError` when the lease cannot be taken; errors of `body`.
    public func withLease<Result: Sendable>(
        _ name: String, every interval: Duration = .zero, _ body: @Sendable (LeaseKeeper) async throws -> Result
    ) async throws -> Turn<Result> {
        guard let database else { return .done(try await run(LeaseKeeper(alone: logger), body)) }
        let start = ContinuousClock.now
        let outcome = try await database.write(.readCommitted) { [holder, duration] in
            try $0.takeLease(name, by: holder, for: duration, every: interval)
        }
        switch outcome {
        case .held(_, let remaining): return .held(remaining: remaining)
        case .notDue(let remaining): return .notDue(remaining: remaining)
        case .taken(let lease):
            logger.debug("Lease taken", metadata: ["lease.name": "\(name)", "lease.token": "\(lease.token)"])
            let keeper = LeaseKeeper(lease, in: database, for: duration, since: start, logger)
            do {
                let result = try await run(keeper, body)
                await release(lease, in: database, isDone: true)
                return .done(result)
            } catch {
                await release(lease, in: database, isDone: false)
                throw error
            }
        }
    }

    private func run<Result: Sendable>(
        _ keeper: LeaseKeeper, _ body: @Sendable (LeaseKeeper) async throws -> Result
    ) async throws -> Result {
        try await withTaskCancellationOrGracefulShutdownHandler {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await keeper.keep() }
                defer { group.cancelAll() }
                return try await body(keeper)
            }
        } onCancelOrGracefulShutdown: {
            keeper.stop()
        }
    }

    /// In a task of its own, since this one may have been cancelled. What fails here ends by itself, later.
    private func release(_ lease: Lease, in database: Database, isDone: Bool) async {
        let release = Task {
            try await database.write(.readCommitted, timeout: .seconds(2)) {
                try $0.releaseLease(lease, isDone: isDone)
            }
        }
        if case .failure(let error) = await release.result {
            logger.warning(
                "A lease cannot be released; it ends by itself",
                metadata: ["lease.name": "\(lease.name)", "error": "\(error)"])
        }
    }

    /// The machine, the process, and what tells it from an earlier one with the same numbers.
    private static func processName() -> String {
        "\(HostName.current)/\(getpid())/\(String(UInt32.random(in: 0...UInt32.max), radix: 16))"
    }
}
