import GRDBSQLite
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A connection to a SQLite file in WAL mode, through SQLite's C API.
///
/// What differs from SQLite's defaults makes it behave as PostgreSQL does: foreign keys are checked, `LIKE` respects case,
/// texts in double quotes are names, and there is a collation `"C"`.
final class SQLiteConnection: DatabaseConnection {
    private let handle: OpaquePointer
    private var statements = StatementCache<String, SQLiteStatement>()
    /// Read by SQLite's callbacks.
    private let progress = Progress()
    private let log = Log()
    private var isOpen = true

    /// The call on whose behalf SQLite works, for its callbacks.
    private final class Progress {
        var call: Call?
        /// In place of the call's, while the log is emptied.
        var deadline: ContinuousClock.Instant?
        var mustStop: Bool {
            if let deadline { return ContinuousClock.now >= deadline }
            return call.map { $0.isCancelled || $0.isOverdue } ?? false
        }
    }

    /// Instructions of SQLite's machine between two looks at the deadline: well below a millisecond.
    private static let instructionCount: Int32 = 10_000

    /// - Parameter creates: Whether the file is made if there is none, for the eyes of its owner only.
    init(path: String, isWriter: Bool, creates: Bool, _ call: Call) throws {
        var handle: OpaquePointer?
        if creates { Self.createFile(path) }
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        let code = sqlite3_open_v2(path, &handle, flags, nil)
        guard code == SQLITE_OK, let handle else {
            let error = DatabaseError(sqlite: code, handle, opening: path)
            sqlite3_close_v2(handle)
            throw error
        }
        self.handle = handle
        progress.call = call
        let context = Unmanaged.passUnretained(progress).toOpaque()
        sqlite3_busy_handler(
            handle,
            { context, count in
                let progress = Unmanaged<Progress>.fromOpaque(context!).takeUnretainedValue()
                guard !progress.mustStop else { return 0 }
                // SQLite's own handler soon sleeps 100 ms, and meets others' pauses hardly ever.
                blockThread(for: .milliseconds(count < 10 ? 1 : 5))
                return 1
            }, context)
        sqlite3_progress_handler(
            handle, Self.instructionCount,
            { Unmanaged<Progress>.fromOpaque($0!).takeUnretainedValue().mustStop ? 1 : 0 }, context)
        // In place of the automatic checkpoints.
        sqlite3_wal_hook(
            handle,
            { context, _, _, pageCount in
                Unmanaged<Log>.fromOpaque(context!).takeUnretainedValue().pageCount = Int(pageCount)
                return SQLITE_OK
            }, Unmanaged.passUnretained(log).toOpaque())
        sqlite3_create_collation_v2(
            handle, "C", SQLITE_UTF8, nil,
            { _, leftCount, left, rightCount, right in
                let left = UnsafeRawBufferPointer(start: left, count: Int(leftCount))
                let right = UnsafeRawBufferPointer(start: right, count: Int(rightCount))
                if left.lexicographicallyPrecedes(right) { return -1 }
                return right.lexicographicallyPrecedes(left) ? 1 : 0
            }, nil)
        _disableDoubleQuotedStringLiterals(handle)
        do {
            for pragma in [
                "journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "case_sensitive_like = ON",
                "trusted_schema = OFF", "journal_size_limit = 67108864",
                isWriter ? "query_only = OFF" : "query_only = ON",
            ] {
                _ = try SQLiteStatement("PRAGMA \(pragma)", on: handle).run([]) { _ in }
            }
        } catch {
            let named = DatabaseError(sqlite: sqlite3_extended_errcode(handle), handle, opening: path)
            closeHandle()
            throw call.isCancelled ? CancellationError() : named
        }
        progress.call = nil
    }

    deinit { close() }

    private static let creation = Mutex(())

    /// Makes an empty file if there is none; SQLite's other files get the same mode, and SQLite says what is wrong.
    ///
    /// A file that is there is not opened: closing it would take away the locks of all connections of this process, and the
    /// next program that closes the file would delete the log that they write to.
    ///
    /// Source: [How To Corrupt An SQLite Database File, section 2.2](https://www.sqlite.org/howtocorrupt.html).
    private static func createFile(_ path: String) {
        creation.withLock { _ in
            let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { return }
            #if canImport(Glibc)
                _ = Glibc.close(descriptor)
            #else
                _ = Darwin.close(descriptor)
            #endif
        }
    }

    // MARK: Transactions

    var isUsable: Bool { isOpen }
    func isAlive() -> Bool { isOpen }

    func begin(_ mode: TransactionMode, _ call: Call) throws {
        progress.call = call
        switch mode {
        case .read, .statement, .snapshot: try control("BEGIN")
        case .write: try control("BEGIN IMMEDIATE")
        }
    }

    func commit() throws {
        // What is ready to be stored is not interrupted any more.
        progress.call = nil
        do { try control("COMMIT") } catch {
            rollback()
            throw error
        }
        emptyLog()
    }

    // MARK: The log

    /// Pages of the write-ahead log from which on it is brought into the database: 4 MB.
    private static let logPageCount = 1_000
    /// How long readers are waited for once it is four times as long.
    private static let logPatience = Duration.milliseconds(100)

    /// SQLite's automatic checkpoints stop at the oldest reader, and with a reader at any time never reach the end,
    /// without which the log grows. A moment without a new snapshot is enough.
    private func emptyLog() {
        guard log.pageCount >= Self.logPageCount else { return }
        progress.deadline = .now
        defer { progress.deadline = nil }
        sqlite3_wal_checkpoint_v2(handle, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
        guard log.pageCount >= log.tooLong else { return }
        progress.deadline = .now + Self.logPatience
        let code = sqlite3_wal_checkpoint_v2(handle, nil, SQLITE_CHECKPOINT_RESTART, nil, nil)
        // A reader that holds its snapshot for long must not slow down each write.
        log.tooLong = code == SQLITE_OK ? 4 * Self.logPageCount : 2 * log.pageCount
    }

    private final class Log {
        /// After the last commit.
        var pageCount = 0
        var tooLong = 4 * SQLiteConnection.logPageCount
    }

    func rollback() {
        progress.call = nil
        // Some errors have rolled back already.
        guard sqlite3_get_autocommit(handle) == 0 else { return }
        do { try control("ROLLBACK") } catch { close() }
    }

    func close() {
        guard isOpen else { return }
        closeHandle()
    }

    private func closeHandle() {
        isOpen = false
        for statement in statements.removeAll() { statement.finalize() }
        sqlite3_close_v2(handle)
    }

    // MARK: Statements

    func run(_ sql: String, _ values: [DatabaseValue], streams: Bool, onRow: (Row) throws -> Void) throws -> Int {
        let statement = try statement(sql)
        do {
            return try statement.run(values, onRow: onRow)
        } catch {
            throw interpreted(error)
        }
    }

    func run(_ sql: String, batch: [[DatabaseValue]]) throws -> Int {
        let statement = try statement(sql)
        do {
            return try batch.reduce(0) { count, values in
                try progress.call?.check()
                return try count + statement.run(values) { _ in }
            }
        } catch {
            throw interpreted(error)
        }
    }

    func run(_ statements: [(sql: String, values: [DatabaseValue])]) throws -> Int {
        try statements.reduce(0) { count, statement in
            try progress.call?.check()
            return try count + run(statement.sql, statement.values, streams: false) { _ in }
        }
    }

    func copy(into table: String, _ columns: [String], next: () throws -> [DatabaseValue]?) throws -> Int {
        let places = Array(repeating: "?", count: columns.count).joined(separator: ", ")
        let statement = try statement("INSERT INTO \(table) (\(columns.joined(separator: ", "))) VALUES (\(places))")
        var count = 0
        do {
            while let values = try next() {
                try progress.call?.check()
                count += try statement.run(values) { _ in }
            }
            return count
        } catch {
            throw interpreted(error)
        }
    }

    private func control(_ sql: String) throws {
        do { _ = try statement(sql).run([]) { _ in } } catch { throw interpreted(error) }
    }

    private func statement(_ sql: String) throws -> SQLiteStatement {
        if let statement = statements[sql] { return statement }
        let text = try SQLText(sql, for: .sqlite)
        let statement: SQLiteStatement
        do {
            statement = try SQLiteStatement(text.text, on: handle)
        } catch {
            throw interpreted(error)
        }
        for dropped in statements.insert(statement, for: sql) { dropped.finalize() }
        return statement
    }

    /// Adds what SQLite does not say: that the call was interrupted, and the name of a unique constraint.
    private func interpreted(_ error: any Error) -> any Error {
        guard var error = error as? DatabaseError else { return error }
        if let call = progress.call, call.isCancelled || call.isOverdue,
            error.kind == .cancelled || error.kind == .busy
        {
            return error.kind == .busy && !call.isCancelled ? error : call.interruption
        }
        if error.kind == .uniqueViolation, error.constraint == nil, let table = error.table {
            error.constraint = uniqueConstraint(of: table, error.columns)
        }
        return error
    }

    /// The name that the index over the columns has, or that PostgreSQL would give to it.
    private func uniqueConstraint(of table: String, _ columns: [String]) -> String? {
        let indices = "SELECT name, origin FROM pragma_index_list(?) WHERE \"unique\" = 1"
        let names = "SELECT name FROM pragma_index_info(?) ORDER BY seqno"
        var found: (name: String, origin: String)?
        do {
            var candidates: [(String, String)] = []
            _ = try statement(indices).run([.text(table)]) { try candidates.append(($0["name"], $0["origin"])) }
            for (name, origin) in candidates where found == nil {
                var indexed: [String] = []
                _ = try statement(names).run([.text(name)]) { try indexed.append($0["name"]) }
                if indexed == columns { found = (name, origin) }
            }
        } catch {
            return nil
        }
        switch found {
        // A row number is no index.
        case nil, (_, "pk")?: return "\(table)_pkey"
        case (_, "u")?: return "\(table)_\(columns.joined(separator: "_"))_key"
        case (let name, _)?: return name
        }
    }
}
