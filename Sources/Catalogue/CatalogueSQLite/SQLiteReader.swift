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
    /// Rows up to this sequence may lack a checksum.
    let uncheckedThrough: SequenceNumber
    /// Whether it reads one snapshot of the database: until it is closed, or inside of `snapshot`.
    private var isPinned = false
    /// The file as it was opened, if it is read as one that does not change; see `isCurrent`.
    private let unchanging: DatabaseFile?

    /// Rows read per snapshot. A snapshot keeps the log from being emptied.
    static let rowsPerSnapshot = 1024

    enum Access {
        /// Reads, but may recover the log after a crash.
        case readWrite
        /// Needs no permission to write, and no space.
        case readOnly
    }

    let access: Access

    init(path: String, access: Access, configuration: SQLiteItemStore.Configuration) throws {
        self.access = access
        var connection: OpaquePointer?
        let code: Int32
        switch access {
        case .readWrite:
            unchanging = nil
            // Not SQLITE_OPEN_READONLY: the first connection after a crash has to recover the log.
            code = sqlite3_open_v2(path, &connection, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nil)
        case .readOnly:
            let file = DatabaseFile(path)
            unchanging = file.isInUse ? nil : file
            code = sqlite3_open_v2(
                Self.readOnlyURI(path, isImmutable: !file.isInUse), &connection,
                SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, nil)
        }
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
            // The first read: it fails where the log can only be read with permission to write.
            uncheckedThrough = try StoreState.load(on: connection).unchecked
        } catch {
            sqlite3_close_v2(connection)
            throw error
        }
    }

    /// A database that no process has open is read without files beside it, which could not be made; one that is in use
    /// needs those that are there.
    private static func readOnlyURI(_ path: String, isImmutable: Bool) -> String {
        let allowed = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/".utf8)
        let escaped = path.utf8.map { byte -> String in
            if allowed.contains(byte) { return String(UnicodeScalar(byte)) }
            return "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
        return "file:\(escaped)?mode=ro" + (isImmutable ? "&immutable=1" : "")
    }

    /// Whether it sees what has been written since it was opened. One that reads the file as if it did not change does not.
    var isCurrent: Bool { unchanging.map { $0 == DatabaseFile($0.path) } ?? true }

    deinit {
        // The statements are finalised after this; only then does SQLite really close.
        sqlite3_close_v2(connection)
    }

    private struct Statements {
        let begin, commit, last, lastCollection, key, body: Statement

        init(on connection: OpaquePointer) throws {
            begin = try Statement("BEGIN", on: connection)
            commit = try Statement("COMMIT", on: connection)
            last = try Statement("SELECT \(StoreState.columns) FROM state", on: connection)
            lastCollection = try Statement("SELECT max(sequence) FROM collection_change", on: connection)
            key = try Statement(
                """
                SELECT sequence, checksum FROM item_key
                WHERE collection = ?1 AND id = ?2 AND EXISTS (SELECT 1 FROM collection WHERE number = ?1)
                """, on: connection)
            body = try Statement(
                "SELECT \(StoredBody.columns) FROM item WHERE sequence = ?", on: connection)
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
        isPinned = true
        // A read transaction has nothing to lose: after a failed COMMIT, the connection is closed at worst.
        defer {
            isPinned = false
            try? statements.commit.run()
        }
        return try body()
    }
}

// MARK: - Single values

extension SQLiteReader {
    func state() throws -> StoreState {
        defer { statements.last.reset() }
        guard try statements.last.step() else { throw StoreState.damaged }
        return try StoreState(statements.last)
    }

    func lastSequence() throws -> SequenceNumber { try state().last }

    func lastCollectionSequence() throws -> SequenceNumber { try integer(statements.lastCollection) ?? 0 }

    func sequence(of id: String, in collection: CollectionNumber) throws -> SequenceNumber? {
        var id = id
        return try id.withUTF8 { utf8 in
            statements.key.bind(collection, at: 1)
            statements.key.bind(text: utf8, at: 2)
            defer { statements.key.reset() }
            guard try statements.key.step() else { return nil }
            let sequence = statements.key.integer(0)
            let checksum = RowChecksum.key(collection, sequence, UnsafeRawBufferPointer(utf8))
            guard statements.key.hasChecksum(checksum, at: 1, mayLack: sequence <= uncheckedThrough) else {
                throw CatalogueError.damagedKey(String(decoding: utf8, as: UTF8.self))
            }
            return sequence
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
        let isFound: Bool
        do {
            isFound = try statement.step()
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT {
            // Damage of this Item, and of no other that can be read.
            return try body(StoredBody(damage: "The Item's place in the catalogue's database is damaged."))
        }
        guard isFound else { return }
        try body(StoredBody(statement, sequence: sequence, uncheckedThrough: uncheckedThrough))
    }
}

extension StoredBody {
    static let columns = "body, dictionary, links_offset, collection, checksum"

    /// Reads `columns`, which come first, and compares the checksum.
    init(_ statement: Statement, sequence: SequenceNumber, uncheckedThrough: SequenceNumber) {
        let read = StoredBody(
            frame: statement.bytes(0), dictionary: statement.integer(1),
            linksOffset: Int(statement.integer(2)))
        let checksum = RowChecksum.item(sequence, statement.integer(3), read)
        guard statement.hasChecksum(checksum, at: 4, mayLack: sequence <= uncheckedThrough) else {
            self.init(damage: "The Item's checksum is wrong: it is damaged.")
            return
        }
        self = read
    }
}

// MARK: - Collections and dictionaries

extension SQLiteReader {
    func collections(reusing known: [StoredCollection] = []) throws -> [StoredCollection] {
        // Each write has another sequence.
        let known = Dictionary(known.map { ($0.sequence, $0) }) { first, _ in first }
        return try snapshot {
            try CollectionRow.loadAll(on: connection)
                .sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
                .map { row in
                    if let collection = known[row.sequence], collection.number == row.number { return collection }
                    return try Self.collection(row, on: connection)
                }
        }
    }

    func collection(id: String) throws -> StoredCollection? {
        // It is of several rows, which would differ if a write came in between.
        try snapshot { try Self.collection(id: id, on: connection) }
    }

    func dictionary(_ number: Int64) throws -> [UInt8]? {
        let statement = try Statement(
            "SELECT collection, bytes, checksum FROM dictionary WHERE number = ?", on: connection)
        statement.bind(number, at: 1)
        defer { statement.reset() }
        guard try statement.step() else { return nil }
        let bytes = statement.bytes(1)
        guard statement.hasChecksum(RowChecksum.dictionary(number, statement.integer(0), bytes), at: 2) else {
            throw CatalogueError(
                .storeDamaged, "The compression dictionary \(number) is damaged, which Items need to be read.")
        }
        return Array(bytes)
    }

    func latestDictionary(of collection: CollectionNumber) throws -> (number: Int64, bytes: [UInt8])? {
        let statement = try Statement(
            "SELECT number FROM dictionary WHERE collection = ? ORDER BY number DESC LIMIT 1", on: connection)
        statement.bind(collection, at: 1)
        defer { statement.reset() }
        guard try statement.step() else { return nil }
        let number = statement.integer(0)
        return try dictionary(number).map { (number, $0) }
    }

    /// - Parameter expected: See `CollectionRow.loadAll`.
    static func collection(
        id: String, on connection: OpaquePointer, expecting expected: Int64? = nil
    ) throws -> StoredCollection? {
        var id = id
        let row = try id.withUTF8 { utf8 -> CollectionRow? in
            let statement = try Statement(
                "SELECT \(CollectionRow.columns) FROM collection WHERE id = ?", on: connection)
            statement.bind(text: utf8, at: 1)
            defer { statement.reset() }
            return try statement.step() ? CollectionRow(statement) : nil
        }
        // A damaged index hides rows.
        let found =
            try row
            ?? CollectionRow.loadAll(on: connection, expecting: expected).first { $0.id.utf8.elementsEqual(id.utf8) }
        return try found.map { try collection($0, on: connection) }
    }

    /// Also for a row that is damaged.
    private static func collection(_ row: CollectionRow, on connection: OpaquePointer) throws -> StoredCollection {
        let statement = try Statement(
            "SELECT collection, id, body, checksum FROM collection_change WHERE sequence = ?", on: connection)
        statement.bind(row.sequence, at: 1)
        defer { statement.reset() }
        guard row.isSound, try statement.step(), statement.integer(0) == row.number,
            statement.text(1).utf8.elementsEqual(row.id.utf8), !statement.isNull(2),
            statement.hasCollectionChecksum(sequence: row.sequence)
        else {
            return StoredCollection(number: row.number, id: row.id, sequence: row.sequence, body: [], isDamaged: true)
        }
        return StoredCollection(
            number: row.number, id: row.id, sequence: row.sequence, body: Array(statement.bytes(2)))
    }
}

extension Statement {
    /// For a row of `collection_change` with the columns `collection`, `id`, `body`, `checksum` from `column` on.
    func hasCollectionChecksum(sequence: SequenceNumber, at column: Int32 = 0) -> Bool {
        let body = isNull(column + 2) ? nil : bytes(column + 2)
        return hasChecksum(
            RowChecksum.collectionChange(sequence, integer(column), bytes(column + 1), body), at: column + 3)
    }
}
