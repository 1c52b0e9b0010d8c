import Catalogue
import GRDB
import GRDBSQLite

/// A read connection and its statements.
///
/// `@unchecked Sendable`: neither this type nor SQLite's connection has a lock; `SQLiteReaderPool` and `SQLiteSnapshot`
/// ensure that one thread uses it at a time.
final class SQLiteReader: @unchecked Sendable {
    let connection: OpaquePointer
    private let statements: Statements
    /// Whether it reads one snapshot of the database until it is closed.
    private var isPinned = false

    /// Rows read per snapshot. A snapshot keeps the log from being emptied.
    static let rowsPerSnapshot = 1024

    init(path: String, configuration: SQLiteItemStore.Configuration) throws {
        var connection: OpaquePointer?
        // Not SQLITE_OPEN_READONLY: the first connection after a crash has to recover the log.
        let code = sqlite3_open_v2(path, &connection, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nil)
        guard code == SQLITE_OK, let connection else {
            let error = DatabaseError(code, on: connection)
            sqlite3_close_v2(connection)
            throw CatalogueError(error)
        }
        self.connection = connection
        do {
            sqlite3_extended_result_codes(connection, 1)
            sqlite3_busy_timeout(connection, Int32(configuration.patienceSeconds * 1000))
            // Memory maps are off: each connection's map would count separately as resident memory, and cover 2 GiB at
            // most.
            try Statement("PRAGMA query_only = 1", on: connection).run()
            try Statement("PRAGMA temp_store = MEMORY", on: connection).run()
            try Statement("PRAGMA cache_size = -\(configuration.readerCacheByteCount >> 10)", on: connection).run()
            statements = try Statements(on: connection)
        } catch {
            sqlite3_close_v2(connection)
            throw error
        }
    }

    deinit {
        // The statements are finalised after this; only then does SQLite really close.
        sqlite3_close_v2(connection)
    }

    private struct Statements {
        let begin, commit, last, lastCollection, key, body: Statement

        init(on connection: OpaquePointer) throws {
            begin = try Statement("BEGIN", on: connection)
            commit = try Statement("COMMIT", on: connection)
            last = try Statement("SELECT last FROM state", on: connection)
            lastCollection = try Statement("SELECT max(sequence) FROM collection_change", on: connection)
            key = try Statement(
                """
                SELECT sequence FROM item_key
                WHERE collection = ?1 AND id = ?2 AND EXISTS (SELECT 1 FROM collection WHERE number = ?1)
                """, on: connection)
            body = try Statement(
                "SELECT body, dictionary, links_offset FROM item WHERE sequence = ?", on: connection)
        }
    }

    /// Pins the current snapshot of the database until the connection is closed; the log grows meanwhile.
    func pin() throws {
        try statements.begin.run()
        // The snapshot begins with the first read.
        _ = try lastSequence()
        isPinned = true
    }

    /// Runs `body` on one snapshot of the database.
    func snapshot<Result>(_ body: () throws -> Result) throws -> Result {
        if isPinned { return try body() }
        try statements.begin.run()
        // A read transaction has nothing to lose: after a failed COMMIT, the connection is closed at worst.
        defer { try? statements.commit.run() }
        return try body()
    }
}

// MARK: - Single values

extension SQLiteReader {
    func lastSequence() throws -> SequenceNumber { try integer(statements.last) ?? 0 }

    func lastCollectionSequence() throws -> SequenceNumber { try integer(statements.lastCollection) ?? 0 }

    func sequence(of id: String, in collection: CollectionNumber) throws -> SequenceNumber? {
        var id = id
        return try id.withUTF8 { utf8 in
            statements.key.bind(collection, at: 1)
            statements.key.bind(text: utf8, at: 2)
            return try integer(statements.key)
        }
    }

    private func integer(_ statement: Statement) throws -> Int64? {
        defer { statement.reset() }
        return try statement.step() ? statement.integer(0) : nil
    }
}

// MARK: - Bodies

extension SQLiteReader {
    func withBodies(_ sequences: [SequenceNumber], _ body: (Int, StoredBody) throws -> Void) throws {
        if sequences.count == 1 {
            return try withBody(sequences[0]) { try body(0, $0) }
        }
        for start in stride(from: 0, to: sequences.count, by: Self.rowsPerSnapshot) {
            try snapshot {
                for index in start..<min(start + Self.rowsPerSnapshot, sequences.count) {
                    try withBody(sequences[index]) { try body(index, $0) }
                }
            }
        }
    }

    private func withBody(_ sequence: SequenceNumber, _ body: (StoredBody) throws -> Void) throws {
        let statement = statements.body
        statement.bind(sequence, at: 1)
        defer { statement.reset() }
        guard try statement.step() else { return }
        try body(StoredBody(statement, at: 0))
    }
}

extension StoredBody {
    /// Reads the columns `body`, `dictionary`, `links_offset`, starting at the given one.
    init(_ statement: Statement, at column: Int32) {
        self.init(
            frame: statement.bytes(column),
            dictionary: statement.integer(column + 1),
            linksOffset: Int(statement.integer(column + 2)))
    }
}

// MARK: - Collections and dictionaries

extension SQLiteReader {
    func collections(reusing known: [StoredCollection] = []) throws -> [StoredCollection] {
        guard !known.isEmpty else { return try Self.collections("ORDER BY c.id", on: connection) { _ in } }
        // Each write has another sequence.
        let known = Dictionary(known.map { ($0.sequence, $0) }) { first, _ in first }
        return try snapshot {
            let list = try Statement("SELECT sequence FROM collection ORDER BY id", on: connection)
            let one = try Statement(
                """
                SELECT put.sequence, c.number, c.id, put.body
                FROM collection_change AS put JOIN collection AS c ON c.number = put.collection WHERE put.sequence = ?
                """, on: connection)
            defer { list.reset() }
            var collections: [StoredCollection] = []
            while try list.step() {
                let sequence = list.integer(0)
                if let collection = known[sequence] {
                    collections.append(collection)
                    continue
                }
                one.bind(sequence, at: 1)
                defer { one.reset() }
                if try one.step() { collections.append(StoredCollection(one)) }
            }
            return collections
        }
    }

    func collection(id: String) throws -> StoredCollection? {
        try Self.collection(id: id, on: connection)
    }

    func dictionary(_ number: Int64) throws -> [UInt8]? {
        let statement = try Statement("SELECT bytes FROM dictionary WHERE number = ?", on: connection)
        statement.bind(number, at: 1)
        return try statement.step() ? Array(statement.bytes(0)) : nil
    }

    func latestDictionary(of collection: CollectionNumber) throws -> (number: Int64, bytes: [UInt8])? {
        let statement = try Statement(
            "SELECT number, bytes FROM dictionary WHERE collection = ? ORDER BY number DESC LIMIT 1", on: connection)
        statement.bind(collection, at: 1)
        return try statement.step() ? (statement.integer(0), Array(statement.bytes(1))) : nil
    }

    static func collection(id: String, on connection: OpaquePointer) throws -> StoredCollection? {
        var id = id
        return try id.withUTF8 { utf8 in
            try collections("WHERE c.id = ?", on: connection) { $0.bind(text: utf8, at: 1) }.first
        }
    }

    private static func collections(
        _ condition: String, on connection: OpaquePointer, bind: (Statement) -> Void
    ) throws -> [StoredCollection] {
        let statement = try Statement(
            """
            SELECT c.sequence, c.number, c.id, put.body
            FROM collection AS c JOIN collection_change AS put ON put.sequence = c.sequence \(condition)
            """, on: connection)
        bind(statement)
        defer { statement.reset() }
        var collections: [StoredCollection] = []
        while try statement.step() { collections.append(StoredCollection(statement)) }
        return collections
    }
}

extension StoredCollection {
    /// Reads the columns `sequence`, `number`, `id`, `body`.
    init(_ statement: Statement) {
        self.init(
            number: statement.integer(1), id: statement.text(2), sequence: statement.integer(0),
            body: Array(statement.bytes(3)))
    }
}
