public import Logging
import NIOPosix
import Synchronization

/// A SQLite file or a PostgreSQL database, used through the same SQL.
///
///     let name: String = try await database.write { transaction in
///         try transaction.execute("INSERT INTO jobs (name) VALUES (?)", "export")
///         return try transaction.value("SELECT name FROM jobs")
///     }
///
/// The closures run on threads of the database's own, may run several times, and therefore do nothing but read and write
/// with their transaction. Threads that may block use the functions of the same names that are not asynchronous.
public final class Database: Sendable {
    public let configuration: DatabaseConfiguration
    public var kind: DatabaseKind { configuration.location.kind }
    let logger: Logger
    let notifications: NotificationHub
    let counters = DatabaseCounters()

    private let writers: ConnectionPool
    private let readers: ConnectionPool
    /// For reads that may lag.
    private let replicas: [ConnectionPool]
    private let nextReplica = Atomic(0)
    /// One for each connection, so that none waits for a thread.
    private let threads: NIOThreadPool
    private let users = ThreadSet()

    /// Connects when it is used, not now.
    public init(_ configuration: DatabaseConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        let (idleTimeout, age) = (configuration.idleTimeout, configuration.maximumAge)
        let prepares = configuration.preparesStatements
        let creates = configuration.createsFile
        let counters = counters
        switch configuration.location {
        case .sqlite(let path):
            func pool(_ size: Int, isWriter: Bool) -> ConnectionPool {
                ConnectionPool("sqlite:\(path)", size: size, idleTimeout: idleTimeout, maximumAge: .seconds(1 << 31)) {
                    try SQLiteConnection(path: path, isWriter: isWriter, creates: creates, $0)
                }
            }
            writers = pool(1, isWriter: true)
            readers = pool(configuration.poolSize, isWriter: false)
            replicas = []
            notifications = NotificationHub()
        case .postgreSQL(let url):
            func pool(_ url: PostgreSQLURL, isPrimary: Bool) -> ConnectionPool {
                ConnectionPool("\(url)", size: configuration.poolSize, idleTimeout: idleTimeout, maximumAge: age) {
                    call in
                    defer { counters.connections.wrappingAdd(1, ordering: .relaxed) }
                    return try PostgreSQLConnection(url, isPrimary: isPrimary, prepares: prepares, call)
                }
            }
            writers = pool(url, isPrimary: true)
            readers = writers
            replicas = configuration.replicas.map { pool($0, isPrimary: false) }
            notifications = NotificationHub(PostgreSQLListener(configuration.listenURL ?? url, logger: logger))
        }
        let pools = (configuration.location.kind == .sqlite ? [writers, readers] : [writers]) + replicas
        threads = NIOThreadPool(numberOfThreads: pools.map(\.size).reduce(0, +))
        threads.start()
    }

    deinit { close() }

    /// Closes connections, now or when their transactions end. Calls that follow fail.
    public func close() {
        for pool in [writers, readers] + replicas { pool.close() }
        notifications.close()
        threads.shutdownGracefully { _ in }
    }

    // MARK: Reading

    /// Reads one consistent state of the database.
    ///
    /// - Parameters:
    ///   - mayLag: Whether a state before the latest writes will do, so that a standby may be read.
    ///   - timeout: With all attempts; `nil`: that of the configuration.
    ///   - body: May run several times.
    /// - Throws: `DatabaseError`; `CancellationError`; errors of `body`.
    @discardableResult
    public func read<Result: Sendable>(
        mayLag: Bool = false, timeout: Duration? = nil, _ body: @escaping @Sendable (ReadTransaction) throws -> Result
    ) async throws -> Result {
        let call = Call(timeout: timeout ?? configuration.timeout)
        return try await asynchronously(call, { self.pool(mayLag, attempts: $0) }) { lease, pool in
            try self.attempt(lease, pool, .read, call, ReadTransaction.init) { try body($0) }
        }
    }

    /// As above, on the calling thread, which blocks.
    @discardableResult
    public func read<Result>(
        mayLag: Bool = false, timeout: Duration? = nil, _ body: (ReadTransaction) throws -> Result
    ) throws -> Result {
        let call = Call(timeout: timeout ?? configuration.timeout)
        return try blocking(call, { pool(mayLag, attempts: $0) }) { lease, pool in
            try attempt(lease, pool, .read, call, ReadTransaction.init, body)
        }
    }

    /// The rows of one statement that reads, on the calling thread, which blocks: quicker than a transaction.
    ///
    /// - Parameter timeout: As of `read`.
    public func rows(_ sql: String, values: [DatabaseValue] = [], timeout: Duration? = nil) throws -> [Row] {
        let call = Call(timeout: timeout ?? configuration.timeout)
        return try blocking(call, { _ in readers }) { lease, pool in
            try attempt(lease, pool, .statement, call, ReadTransaction.init) { try $0.rows(sql, values: values) }
        }
    }

    /// The present state of the database, for as long as the result lives. Blocks the calling thread.
    public func snapshot() throws -> DatabaseSnapshot {
        let connection = try readers.connect(Call(timeout: configuration.timeout))
        return try DatabaseSnapshot(connection, kind)
    }

    // MARK: Writing

    /// Reads and writes in one transaction.
    ///
    /// - Parameters:
    ///   - timeout: With all attempts; `nil`: that of the configuration.
    ///   - body: May run several times. What it throws rolls the transaction back.
    /// - Throws: `DatabaseError`; `CancellationError`; errors of `body`.
    @discardableResult
    public func write<Result: Sendable>(
        _ isolation: TransactionIsolation = .serializable, timeout: Duration? = nil,
        _ body: @escaping @Sendable (WriteTransaction) throws -> Result
    ) async throws -> Result {
        let call = Call(timeout: timeout ?? configuration.timeout)
        return try await asynchronously(call, { _ in self.writers }) { lease, pool in
            try self.attempt(lease, pool, .write(isolation), call, WriteTransaction.init) { try body($0) }
        }
    }

    /// As above, on the calling thread, which blocks.
    @discardableResult
    public func write<Result>(
        _ isolation: TransactionIsolation = .serializable, timeout: Duration? = nil,
        _ body: (WriteTransaction) throws -> Result
    ) throws -> Result {
        let call = Call(timeout: timeout ?? configuration.timeout)
        return try blocking(call, { _ in writers }) { lease, pool in
            try attempt(lease, pool, .write(isolation), call, WriteTransaction.init, body)
        }
    }

    // MARK: Measuring

    public var statistics: DatabaseStatistics {
        var pools = [("write", writers.counts), ("read", readers.counts)]
        if kind == .postgreSQL { pools = [("primary", writers.counts)] }
        for (number, replica) in replicas.enumerated() { pools.append(("replica-\(number + 1)", replica.counts)) }
        return DatabaseStatistics(
            pools: pools.map { name, counts in
                DatabaseStatistics.Pool(
                    name: name, idleCount: counts.idle, busyCount: counts.busy, waitingCount: counts.waiting)
            }, connectionCount: counters.connections.load(ordering: .relaxed),
            retryCount: counters.retries.load(ordering: .relaxed),
            failureCount: counters.failures.load(ordering: .relaxed))
    }

    // MARK: Attempts

    /// Standbys in turn; the primary after the first failure.
    private func pool(_ mayLag: Bool, attempts: Int) -> ConnectionPool {
        guard mayLag, !replicas.isEmpty, attempts == 0 else { return readers }
        return replicas[nextReplica.wrappingAdd(1, ordering: .relaxed).newValue & .max % replicas.count]
    }

    private func asynchronously<Result: Sendable>(
        _ call: Call, _ pool: (Int) -> ConnectionPool,
        _ body: @escaping @Sendable (ConnectionPool.Lease, ConnectionPool) throws -> Result
    ) async throws -> Result {
        try await withTaskCancellationHandler {
            var policy = RetryPolicy(reconnectTimeout: configuration.reconnectTimeout)
            while true {
                let pool = pool(policy.attempts)
                do {
                    let lease = try await pool.acquire(call)
                    return try await withCheckedThrowingContinuation { continuation in
                        threads.submit { state in
                            continuation.resume(
                                with: Swift.Result {
                                    defer { pool.release(lease) }
                                    guard case .active = state else { throw Self.closedError }
                                    return try body(lease, pool)
                                })
                        }
                    }
                } catch let error as DatabaseError {
                    let wait = try self.wait(after: error, pool, &policy, call)
                    if wait > .zero { try await Task.sleep(for: wait) }
                }
            }
        } onCancel: {
            call.cancel()
        }
    }

    private func blocking<Result>(
        _ call: Call, _ pool: (Int) -> ConnectionPool, _ body: (ConnectionPool.Lease, ConnectionPool) throws -> Result
    ) throws -> Result {
        guard !users.containsCurrent else {
            throw DatabaseError(
                .misuse,
                "A transaction was begun inside the closure of another one; use that one's transaction for all of it.")
        }
        var policy = RetryPolicy(reconnectTimeout: configuration.reconnectTimeout)
        while true {
            let pool = pool(policy.attempts)
            do {
                let lease = try pool.acquireBlocking(call)
                defer { pool.release(lease) }
                return try body(lease, pool)
            } catch let error as DatabaseError {
                let wait = try self.wait(after: error, pool, &policy, call)
                if wait > .zero { blockThread(for: wait) }
            }
        }
    }

    /// - Returns: How long to wait before the next attempt.
    /// - Throws: The error, when it is final.
    private func wait(
        after error: DatabaseError, _ pool: ConnectionPool, _ policy: inout RetryPolicy, _ call: Call
    ) throws -> Duration {
        if error.remedy == .reconnecting || error.kind == .connectionLost { pool.distrustAll() }
        guard let wait = policy.wait(after: error, remaining: call.remaining)?.jittered else {
            counters.failures.wrappingAdd(1, ordering: .relaxed)
            throw error
        }
        counters.retries.wrappingAdd(1, ordering: .relaxed)
        let isFirstLoss = error.remedy == .reconnecting && policy.attempts == 1
        logger.log(
            level: isFirstLoss ? .notice : .debug, "A transaction is tried again",
            metadata: ["database.error": "\(error.kind.rawValue)", "database.attempt": "\(policy.attempts)"])
        return wait
    }

    private func attempt<Transaction: ReadTransaction, Result>(
        _ lease: ConnectionPool.Lease, _ pool: ConnectionPool, _ mode: TransactionMode, _ call: Call,
        _ make: (any DatabaseConnection, DatabaseKind, Call) -> Transaction, _ body: (Transaction) throws -> Result
    ) throws -> Result {
        try call.check()
        let connection = try pool.connection(of: lease, call)
        users.insertCurrent()
        defer {
            users.removeCurrent()
            call.onCancel(nil)
        }
        try connection.begin(mode, call)
        let transaction = make(connection, kind, call)
        let result: Result
        do {
            result = try body(transaction)
            try transaction.end()
        } catch {
            connection.rollback()
            try? transaction.end()
            guard transaction.isRepeatable else { throw Self.final(error) }
            // What the closure made of it does not matter where another attempt may succeed.
            if let failure = transaction.failure as? DatabaseError, failure.remedy != .none { throw failure }
            throw error
        }
        do { try connection.commit() } catch { throw transaction.isRepeatable ? error : Self.final(error) }
        if let transaction = transaction as? WriteTransaction, !transaction.notifications.isEmpty {
            notifications.deliver(transaction.notifications)
        }
        return result
    }

    /// The error of a transaction that is not tried again.
    private static func final(_ error: any Error) -> any Error { (error as? DatabaseError)?.with(.none) ?? error }

    private static let closedError = DatabaseError(.unavailable, "The database was closed; the program is ending.")
}

final class DatabaseCounters: Sendable {
    let connections = Atomic(0)
    let retries = Atomic(0)
    let failures = Atomic(0)
}

/// What a database does and has done.
public struct DatabaseStatistics: Sendable {
    public struct Pool: Sendable {
        public let name: String
        public let idleCount, busyCount, waitingCount: Int
    }

    public let pools: [Pool]
    /// Connections that were opened, since the start.
    public let connectionCount: Int
    /// Attempts at transactions after the first.
    public let retryCount: Int
    /// Transactions that ended with an error of the database.
    public let failureCount: Int
}
