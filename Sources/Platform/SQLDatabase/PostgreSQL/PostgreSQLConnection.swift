import CPostgreSQL
import NIOPosix

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A connection to PostgreSQL through libpq, which is used without blocking in it, so that deadlines and cancellations
/// have effect at any time.
///
/// A connection whose statement was cancelled is not used again: the request to cancel may arrive late, and would hit the
/// next statement.
final class PostgreSQLConnection: DatabaseConnection {
    let handle: OpaquePointer
    let wakePipe: WakePipe
    let prepares: Bool
    /// On whose behalf it works.
    private var call: Call?
    private var mode = TransactionMode.read
    /// Names of prepared statements.
    private var prepared = StatementCache<StatementKey, String>()
    private var preparedCount = 0
    /// Other clients of a pooler may have statements of a simpler name.
    private let namePrefix = String(UInt64.random(in: 0...(.max)), radix: 36)
    private var translations = StatementCache<String, SQLText>()
    /// When the server was asked to cancel, the instant until which its end is waited for.
    private var cancelled: ContinuousClock.Instant?
    /// In place of the call's deadline, while the transaction ends.
    private var finalDeadline: ContinuousClock.Instant?
    /// Whether libpq and the server are where they should be.
    private(set) var isIntact = true
    /// Prepared statements are dropped with their connection, because poolers do not know of SQL that drops them.
    var isFull: Bool { prepared.values.count >= prepared.capacity }
    var isUsable: Bool { isIntact && !isFull }
    private var isClosed = false

    private struct StatementKey: Hashable {
        let sql: String
        let types: [UInt32]
    }

    /// How long a statement is waited for that was cancelled, and the end of a transaction.
    private static let patience = Duration.seconds(5)

    // MARK: Connecting

    /// Connects. Blocks, for 10 seconds at most for each of the URL's hosts unless the URL says otherwise.
    ///
    /// - Parameter isPrimary: Whether it must be a server that can be written to.
    init(_ url: PostgreSQLURL, isPrimary: Bool, prepares: Bool, _ call: Call) throws {
        wakePipe = try WakePipe()
        self.prepares = prepares
        let timeout = min(10, max(2, call.remaining.map { Int($0.seconds.rounded(.up)) } ?? 10))
        var parameters = [
            "application_name": "terrabyte", "connect_timeout": "\(timeout)", "keepalives_idle": "30",
            "keepalives_interval": "10", "keepalives_count": "3", "tcp_user_timeout": "30000",
            "target_session_attrs": isPrimary ? "read-write" : "any",
        ]
        parameters.merge(url.parameters) { $1 }
        parameters["client_encoding"] = "UTF8"
        guard let handle = Self.connect(parameters) else {
            throw DatabaseError(.other, "There is no memory for a connection.")
        }
        do {
            try Self.check(handle, url)
        } catch {
            PQfinish(handle)
            throw error
        }
        self.handle = handle
        PQsetNoticeProcessor(handle, { _, _ in }, nil)
        PQsetnonblocking(handle, 1)
        self.call = call
    }

    private static func connect(_ parameters: [String: String]) -> OpaquePointer? {
        let names = parameters.keys.sorted()
        let keywords = names.map { strdup($0) } + [nil]
        let values = names.map { strdup(parameters[$0]!) } + [nil]
        defer { for text in keywords + values { free(text) } }
        return keywords.map { UnsafePointer($0) }.withUnsafeBufferPointer { keywords in
            values.map { UnsafePointer($0) }.withUnsafeBufferPointer { values in
                PQconnectdbParams(keywords.baseAddress, values.baseAddress, 0)
            }
        }
    }

    private static func check(_ handle: OpaquePointer, _ url: PostgreSQLURL) throws(DatabaseError) {
        guard PQstatus(handle) == CONNECTION_OK else {
            let words = String(cString: PQerrorMessage(handle)).trimmingNewlines
            let isFinal = [
                "authentication failed", "pg_hba.conf", "does not exist", "no password supplied",
                "certificate verify failed", "does not match host name",
            ].contains { words.contains($0) }
            // A socket's file that is missing is a server that is about to start.
            let isMissingFile = words.contains("No such file or directory")
            throw DatabaseError(
                .unavailable, "The database \(url) cannot be reached; see the URL, the server and its pg_hba.conf.",
                detail: words
            ).with(isFinal && !isMissingFile ? .none : .reconnecting)
        }
        let version = PQserverVersion(handle) / 10_000
        guard version >= 15 else {
            throw DatabaseError(
                .unavailable, "The database \(url) is of PostgreSQL \(version); version 15 or newer is needed.")
        }
        let encoding = PQparameterStatus(handle, "server_encoding").map { String(cString: $0) } ?? ""
        guard encoding == "UTF8" else {
            throw DatabaseError(
                .unavailable,
                "The database \(url) has the encoding \(encoding); create it with ENCODING 'UTF8' TEMPLATE template0.")
        }
    }

    deinit { close() }

    func isAlive() -> Bool {
        // An idle server says nothing, unless it stops.
        var descriptor = pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0)
        return isIntact && PQstatus(handle) == CONNECTION_OK && poll(&descriptor, 1, 0) == 0
    }

    func close() {
        isIntact = false
        guard !isClosed else { return }
        isClosed = true
        PQfinish(handle)
    }

    // MARK: Transactions

    func begin(_ mode: TransactionMode, _ call: Call) throws {
        (self.mode, self.call, finalDeadline) = (mode, call, nil)
        let wakePipe = wakePipe
        wakePipe.drain()
        call.onCancel { wakePipe.wake() }
        let kind =
            switch mode {
            case .statement: ""
            case .read, .snapshot: "REPEATABLE READ READ ONLY"
            case .write(.serializable): "SERIALIZABLE READ WRITE"
            case .write(.readCommitted): "READ COMMITTED READ WRITE"
            }
        if case .statement = mode { return }
        var sql = "BEGIN ISOLATION LEVEL \(kind)"
        // In case this process is no longer there to cancel. In one message, and for this transaction only, so that
        // poolers do not matter.
        if let remaining = call.remaining {
            let limit = (remaining + Self.patience).milliseconds
            sql += "; SET LOCAL statement_timeout = \(limit); SET LOCAL idle_in_transaction_session_timeout = \(limit)"
        } else if case .snapshot = mode {
            sql += "; SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0"
        }
        try control(sql)
    }

    func commit() throws {
        if case .statement = mode {
            call = nil
            return
        }
        finalDeadline = .now + Self.patience + (call?.remaining ?? .zero)
        do {
            try control("COMMIT")
        } catch var error as DatabaseError where error.kind == .connectionLost {
            error.mayHaveCommitted = true
            if case .write = mode { error.remedy = .none }
            throw error
        } catch {
            rollback()
            throw error
        }
        call = nil
    }

    func rollback() {
        guard isIntact, cancelled == nil, PQstatus(handle) == CONNECTION_OK else {
            isIntact = false
            return
        }
        if case .statement = mode {
            call = nil
            return
        }
        finalDeadline = .now + Self.patience
        do { try control("ROLLBACK") } catch { isIntact = false }
        call = nil
    }

    /// Runs statements without parameters and results.
    func control(_ sql: String) throws {
        try sent(PQsendQuery(handle, sql))
        try finish(sql) { _ in }
    }

    // MARK: Statements

    func run(_ sql: String, _ values: [DatabaseValue], streams: Bool, onRow: (Row) throws -> Void) throws -> Int {
        let statement = try translation(of: sql)
        guard values.count == statement.parameterCount else {
            throw DatabaseError(.invalidStatement, parameters: values.count, of: statement.parameterCount, sql)
        }
        let parameters = PostgreSQLParameters(values)
        try send(statement, parameters)
        if streams { PQsetSingleRowMode(handle) }
        var columns: Row.Columns?
        var (count, failure) = (0, (any Error)?.none)
        try finish(sql) { result in
            switch PQresultStatus(result) {
            case PGRES_TUPLES_OK, PGRES_SINGLE_TUPLE:
                // What follows a failure is read and dropped.
                guard failure == nil else { return }
                do {
                    let names = columns ?? Self.columns(of: result)
                    columns = names
                    let types = names.names.indices.map { PQftype(result, Int32($0)) }
                    for row in 0..<PQntuples(result) {
                        try onRow(Row(columns: names, values: Self.values(result, row, names.names, types)))
                    }
                } catch { failure = error }
                count += Self.changedCount(result)
            case PGRES_COMMAND_OK: count += Self.changedCount(result)
            case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
                isIntact = false
                throw DatabaseError(.invalidStatement, "COPY is not a statement of the common subset; use copy(into:).")
            default: break
            }
        }
        if let failure { throw failure }
        return count
    }

    func translation(of sql: String) throws(DatabaseError) -> SQLText {
        if let text = translations[sql] { return text }
        let text = try SQLText(sql, for: .postgreSQL)
        _ = translations.insert(text, for: sql)
        return text
    }

    private func send(_ statement: SQLText, _ parameters: PostgreSQLParameters) throws {
        let name = prepares && !isFull ? try prepare(statement.text, parameters.types) : nil
        try sent(
            parameters.withPointers { count, types, values, lengths, formats in
                if let name {
                    PQsendQueryPrepared(handle, name, count, values, lengths, formats, 1)
                } else {
                    PQsendQueryParams(handle, statement.text, count, types, values, lengths, formats, 1)
                }
            })
    }

    /// - Returns: The name of the prepared statement.
    func prepare(_ sql: String, _ types: [UInt32]) throws -> String {
        let key = StatementKey(sql: sql, types: types)
        if let name = prepared[key] { return name }
        preparedCount += 1
        let name = "\(namePrefix)_\(preparedCount)"
        try sent(PQsendPrepare(handle, name, sql, Int32(types.count), types))
        try finish(sql) { _ in }
        _ = prepared.insert(name, for: key)
        return name
    }

    private static func columns(of result: OpaquePointer) -> Row.Columns {
        Row.Columns((0..<PQnfields(result)).map { String(cString: PQfname(result, $0)) })
    }

    private static func values(
        _ result: OpaquePointer, _ row: Int32, _ names: [String], _ types: [UInt32]
    ) throws(DatabaseError) -> [DatabaseValue] {
        var values: [DatabaseValue] = []
        values.reserveCapacity(names.count)
        for (index, type) in types.enumerated() {
            if PQgetisnull(result, row, Int32(index)) != 0 {
                values.append(.null)
                continue
            }
            let bytes = UnsafeRawBufferPointer(
                start: PQgetvalue(result, row, Int32(index)), count: Int(PQgetlength(result, row, Int32(index))))
            values.append(try DatabaseValue(postgreSQL: bytes, type, column: names[index]))
        }
        return values
    }

    static func changedCount(_ result: OpaquePointer) -> Int {
        // PostgreSQL counts what SELECT returns, too.
        let status = String(cString: PQcmdStatus(result))
        return status.hasPrefix("SELECT") ? 0 : Int(String(cString: PQcmdTuples(result))) ?? 0
    }

    // MARK: Waiting

    /// - Parameter code: What a function of libpq that sends has returned: 0 is an error.
    func sent(_ code: Int32) throws {
        guard code != 0 else { throw lost() }
    }

    /// Sends what is left, and reads the results of what was sent.
    ///
    /// - Throws: The first error of a result, after all of them have been read; errors of `body`.
    func finish(_ sql: String?, _ body: (OpaquePointer) throws -> Void) throws {
        try flush()
        var failure: DatabaseError?
        while let result = try nextResult() {
            defer { PQclear(result) }
            if PQresultStatus(result) == PGRES_FATAL_ERROR || PQresultStatus(result) == PGRES_BAD_RESPONSE {
                failure = failure ?? error(result, sql)
            } else {
                try body(result)
            }
        }
        try checkInterruption()
        if let failure { throw failure }
    }

    /// - Returns: The error of a result, after what follows from it for the connection.
    func error(_ result: OpaquePointer, _ sql: String?) -> DatabaseError {
        var error = DatabaseError(result, statement: sql)
        if error.remedy == .preparing { isIntact = false }
        if case .write = mode, error.kind == .readOnly { error = error.with(.reconnecting) }
        if error.remedy == .reconnecting || PQstatus(handle) != CONNECTION_OK { isIntact = false }
        return error
    }

    /// Between parts of what is sent.
    func checkCall() throws {
        guard cancelled == nil else { return try checkInterruption() }
        if finalDeadline == nil { try call?.check() }
    }

    /// The statement may have ended before the request to cancel it came.
    func checkInterruption() throws {
        guard cancelled != nil else { return }
        isIntact = false
        if let call { throw call.interruption }
    }

    /// - Returns: `nil` after the last one of a statement.
    func nextResult() throws -> OpaquePointer? {
        while PQisBusy(handle) != 0 {
            try wait(for: POLLIN)
            guard PQconsumeInput(handle) != 0 else { throw lost() }
        }
        return PQgetResult(handle)
    }

    func flush() throws {
        while true {
            switch PQflush(handle) {
            case 0: return
            case 1:
                // Reads, too: the server may wait for that before it reads.
                if try wait(for: POLLIN | POLLOUT) & Int16(POLLIN) != 0, PQconsumeInput(handle) == 0 { throw lost() }
            default: throw lost()
            }
        }
    }

    /// Waits for the socket; cancels the statement when the call is.
    ///
    /// - Returns: What the socket is ready for.
    @discardableResult
    func wait(for events: Int32) throws -> Int16 {
        while true {
            if let call, finalDeadline == nil, cancelled == nil, call.isCancelled || call.isOverdue { cancel() }
            let deadline = cancelled ?? finalDeadline ?? call?.deadline
            var timeout: Int32 = -1
            if let deadline {
                let remaining = ContinuousClock.now.duration(to: deadline)
                if remaining <= .zero, cancelled != nil || finalDeadline != nil {
                    isIntact = false
                    if cancelled != nil, let call { throw call.interruption }
                    throw DatabaseError.connectionLost("the server did not respond in time")
                }
                timeout = Int32(min(max(0, remaining.milliseconds), 1 << 30))
            }
            var descriptors = [
                pollfd(fd: PQsocket(handle), events: Int16(events), revents: 0),
                pollfd(fd: wakePipe.readEnd, events: Int16(POLLIN), revents: 0),
            ]
            let count = poll(&descriptors, 2, timeout)
            if count < 0, errno != EINTR { throw lost() }
            if count > 0, descriptors[1].revents != 0 { wakePipe.drain() }
            if count > 0, descriptors[0].revents != 0 { return descriptors[0].revents }
        }
    }

    /// Waits for the server to say something, or to be woken.
    ///
    /// - Returns: `false` when the time was over first.
    func waitForInput(_ timeout: Duration) throws -> Bool {
        var descriptors = [
            pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0),
            pollfd(fd: wakePipe.readEnd, events: Int16(POLLIN), revents: 0),
        ]
        let count = poll(&descriptors, 2, Int32(timeout.milliseconds))
        if count < 0, errno != EINTR { throw lost() }
        if count > 0, descriptors[1].revents != 0 { wakePipe.drain() }
        if count > 0, descriptors[0].revents != 0, PQconsumeInput(handle) == 0 { throw lost() }
        return count != 0
    }

    func setCall(_ call: Call?) { self.call = call }

    /// Asks the server to cancel, on another thread: it takes a connection, which may block.
    private func cancel() {
        cancelled = .now + Self.patience
        guard let request = PQgetCancel(handle) else { return }
        let box = CancelRequest(pointer: request)
        NIOThreadPool.singleton.submit { _ in box.send() }
    }

    /// - Returns: The error of a connection that is of no use any more.
    private func lost() -> any Error {
        isIntact = false
        if cancelled != nil, let call { return call.interruption }
        return DatabaseError.connectionLost(String(cString: PQerrorMessage(handle)))
    }
}

/// libpq's request to cancel.
///
/// `@unchecked Sendable`: libpq allows it on any thread, and it is sent and freed once.
private struct CancelRequest: @unchecked Sendable {
    let pointer: OpaquePointer

    func send() {
        var message = [CChar](repeating: 0, count: 256)
        _ = PQcancel(pointer, &message, 256)
        PQfreeCancel(pointer)
    }
}
