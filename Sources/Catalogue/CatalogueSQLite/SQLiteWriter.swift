import Catalogue
import GRDB
import GRDBSQLite
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The only writing connection of a store.
///
/// `@unchecked Sendable`: `statements` are used only on `queue`, which runs one access at a time.
final class SQLiteWriter: @unchecked Sendable {
    private let queue: DatabaseQueue
    private let statements: SQLiteTransaction.Statements
    private let log: SQLiteLog

    /// - Parameter mayBeNew: Whether an empty database becomes a store.
    init(path: String, mayBeNew: Bool, configuration: SQLiteItemStore.Configuration) throws {
        let log = SQLiteLog(maximumByteCount: configuration.logByteCount, pageByteCount: configuration.pageByteCount)
        self.log = log
        let patience = configuration.patienceSeconds * 1000
        var options = GRDB.Configuration()
        options.label = "terrabyte.catalogue.writer"
        options.foreignKeysEnabled = false
        // SQLite's own handler soon sleeps 100 ms at a time, and then hardly ever hits the gap between two transactions
        // of a bulk load.
        options.busyMode = .callback { tries in
            usleep(1000)
            return tries < (log.isBeingEmptied ? SQLiteLog.patienceMilliseconds : patience)
        }
        options.prepareDatabase { db in
            try SQLiteSchema.recognise(db, mayBeNew: mayBeNew)
            try db.execute(
                sql: """
                    PRAGMA page_size = \(configuration.pageByteCount);
                    PRAGMA journal_mode = WAL;
                    PRAGMA synchronous = FULL;
                    PRAGMA cache_size = -\(configuration.writerCacheByteCount >> 10);
                    PRAGMA journal_size_limit = \(configuration.logByteCount);
                    PRAGMA temp_store = MEMORY;
                    -- Debian's SQLite overwrites what is deleted with zeros, which makes a purge write it all.
                    PRAGMA secure_delete = OFF;
                    """)
        }
        (queue, statements) = try Self.alone(inDirectoryOf: path) {
            let queue = try DatabaseQueue(path: path, configuration: options)
            try SQLiteSchema.migrate(queue)
            let statements = try queue.unsafeRead { db in
                log.follow(db.sqliteConnection!)
                return try SQLiteTransaction.Statements(on: db.sqliteConnection!)
            }
            return (queue, statements)
        }
    }

    /// Prevents other processes from opening a store in the directory meanwhile. One that is being created is no
    /// catalogue yet to others, and SQLite reports it as locked without waiting.
    private static func alone<Result>(inDirectoryOf path: String, _ body: () throws -> Result) throws -> Result {
        let directory = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { if descriptor >= 0 { close(descriptor) } }
        // Some network file systems do not lock directories; the risk is small enough to continue.
        while descriptor >= 0, flock(descriptor, LOCK_EX) != 0, errno == EINTR {}
        return try catalogueErrors(body)
    }

    /// Runs `body` in a transaction that is on disk when this returns.
    func write<Result>(_ body: (SQLiteTransaction) throws -> Result) throws -> Result {
        try queue.writeWithoutTransaction { db in
            let connection = db.sqliteConnection!
            do {
                var result: Result?
                try db.inTransaction(.immediate) {
                    let transaction = try SQLiteTransaction(statements, on: connection)
                    defer { transaction.end() }
                    result = try body(transaction)
                    try transaction.finish()
                    return .commit
                }
                log.emptyIfLarge(connection)
                return result!
            } catch let error as DatabaseError {
                throw CatalogueError(error, systemError: sqlite3_system_errno(connection))
            }
        }
    }

    /// Makes SQLite report a full disk above that size; for tests.
    func limitSize(toByteCount byteCount: Int) throws {
        try queue.writeWithoutTransaction { db in
            let pageByteCount = try Int.fetchOne(db, sql: "PRAGMA page_size")!
            try db.execute(sql: "PRAGMA max_page_count = \(max(1, byteCount / pageByteCount))")
        }
    }
}

/// Checkpoints the write-ahead log into the database periodically, and limits its growth.
///
/// SQLite's automatic checkpoints stop at the oldest reader and leave the rest to the next one. With many readers they
/// never reach the end, without which the log does not restart from its beginning.
final class SQLiteLog: Sendable {
    /// Maximum wait for readers when the log has become far too long. They hold their snapshots for milliseconds; only
    /// a backup or a check holds one for longer.
    static let patienceMilliseconds = 100

    private let maximumPageCount: Int
    private let pageCount = Atomic(0)
    /// Log length above which it is emptied even if writers have to wait.
    private let tooLong: Atomic<Int>
    private let beingEmptied = Atomic(false)

    var isBeingEmptied: Bool { beingEmptied.load(ordering: .relaxed) }

    init(maximumByteCount: Int, pageByteCount: Int) {
        maximumPageCount = max(1, maximumByteCount / pageByteCount)
        tooLong = Atomic(4 * maximumPageCount)
    }

    /// Receives the log's length at each commit of the connection. The log must live as long as the connection.
    func follow(_ connection: OpaquePointer) {
        let callback: @convention(c) (UnsafeMutableRawPointer?, OpaquePointer?, UnsafePointer<CChar>?, Int32) -> Int32 =
            {
                log, _, _, pageCount in
                Unmanaged<SQLiteLog>.fromOpaque(log!).takeUnretainedValue()
                    .pageCount.store(Int(pageCount), ordering: .relaxed)
                return SQLITE_OK
            }
        sqlite3_wal_hook(connection, callback, Unmanaged.passUnretained(self).toOpaque())
    }

    /// Errors are left to the next attempt: committed data is safe in the log.
    func emptyIfLarge(_ connection: OpaquePointer) {
        let pageCount = pageCount.load(ordering: .relaxed)
        guard pageCount >= maximumPageCount else { return }
        sqlite3_wal_checkpoint_v2(connection, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
        guard pageCount >= tooLong.load(ordering: .relaxed) else { return }
        beingEmptied.store(true, ordering: .relaxed)
        defer { beingEmptied.store(false, ordering: .relaxed) }
        let code = sqlite3_wal_checkpoint_v2(connection, nil, SQLITE_CHECKPOINT_RESTART, nil, nil)
        // A reader holds a snapshot for long: it must not slow down each write.
        tooLong.store(code == SQLITE_OK ? 4 * maximumPageCount : 2 * pageCount, ordering: .relaxed)
    }
}
