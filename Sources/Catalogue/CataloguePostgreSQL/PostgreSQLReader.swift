import Catalogue
import SQLDatabase
import Synchronization

/// Reads a store, its newest state or a snapshot.
///
/// Each function reads rows into memory before it hands them on, so that what it calls may use the database, too.
final class PostgreSQLReader: ItemStoreReader {
    let source: RowSource
    /// Recently read dictionaries by number, which never change.
    private let dictionaries = Mutex<[Int64: [UInt8]]>([:])

    private static let dictionaryCount = 64
    /// Rows of one statement, unless bodies are long.
    static let rowsAtOnce = 4_096
    /// Bodies of one statement when nothing is known about their sizes.
    static let bodiesAtOnce = 256
    /// PostgreSQL sorts so much in memory.
    static let bytesAtOnce = 2 << 20
    /// Of statements that read the keys of all Items.
    private static let countingTimeout = Duration.seconds(1_800)

    init(_ source: RowSource) {
        self.source = source
    }

    // MARK: Collections

    func collections(reusing known: [StoredCollection]) throws -> [StoredCollection] {
        // Each write has another sequence.
        let known = Dictionary(known.map { ($0.sequence, $0) }) { first, _ in first }
        let rows = try source.rows(
            """
            SELECT \(PostgreSQLState.columns.prefixed("s")), c.number, c.sequence, c.checksum, c.id,
                p.collection, p.checksum, p.id, p.body
            FROM catalogue_state AS s LEFT JOIN catalogue_collections AS c ON true
                LEFT JOIN catalogue_collection_changes AS p
                    ON p.sequence = c.sequence AND p.body IS NOT NULL AND NOT p.sequence = ANY(CAST(? AS BIGINT[]))
            ORDER BY c.id
            """, [.array(known.keys.sorted())])
        guard let first = rows.first else { throw PostgreSQLState.damaged }
        let state = try PostgreSQLState(first)
        let found = rows.filter { !$0.isNull(4) }
        let digest = found.reduce(0) { $0 ^ RowChecksum.collectionName($1.integer(4), $1.text(7)) }
        guard digest == state.collections else { throw Self.damagedList }
        return found.map { row in
            if let collection = known[row.integer(5)], collection.number == row.integer(4) { return collection }
            return StoredCollection(row, at: 4)
        }
    }

    static let damagedList = CatalogueError(
        .storeDamaged, "The list of Collections in the catalogue's database is damaged.")

    func collection(id: String) throws -> StoredCollection? {
        try source.rows(StoredCollection.query, [.text(id)]).first.map { StoredCollection($0, at: 0) }
    }

    func lastCollectionSequence() throws -> SequenceNumber {
        try source.rows("SELECT max(sequence) AS last FROM catalogue_collection_changes").first?.integer(0) ?? 0
    }

    // MARK: Items

    func sequence(of id: String, in collection: CollectionNumber) throws -> SequenceNumber? {
        // PostgreSQL's texts have no NUL, and so have ids.
        guard !id.utf8.contains(0) else { return nil }
        let row = try source.rows(
            """
            SELECT sequence, key_checksum FROM catalogue_item_versions
            WHERE collection = ? AND id = ? AND removed_at IS NULL
                AND EXISTS (SELECT 1 FROM catalogue_collections WHERE number = ?)
            """, [.integer(collection), .text(id), .integer(collection)]
        ).first
        guard let row else { return nil }
        let sequence = row.integer(0)
        guard row.integer(1) == RowChecksum.key(collection, sequence, id) else { throw CatalogueError.damagedKey(id) }
        return sequence
    }

    func withBodies(_ sequences: [SequenceNumber], _ body: (Int, StoredBody) throws -> Void) throws {
        var (start, count) = (0, Self.bodiesAtOnce)
        while start < sequences.count {
            let part = start..<min(start + count, sequences.count)
            let rows = try source.rows(
                """
                SELECT sequence, \(StoredBody.columns) FROM catalogue_item_versions
                WHERE sequence = ANY(CAST(? AS BIGINT[]))
                """, [.array(sequences[part])])
            let found = Dictionary(rows.map { ($0.integer(0), $0) }) { first, _ in first }
            for index in part {
                guard let row = found[sequences[index]] else { continue }
                try StoredBody.withBody(row, at: 1, sequence: sequences[index]) { try body(index, $0) }
            }
            start = part.upperBound
            count = Self.count(after: rows, bodyAt: 1)
        }
    }

    /// Rows of the next statement, by the sizes of those of the last one.
    static func count(after rows: [Row], bodyAt column: Int) -> Int {
        guard !rows.isEmpty else { return bodiesAtOnce }
        let byteCount = rows.reduce(0) { $0 + $1.byteCount(column) }
        return min(max(16, bytesAtOnce / max(1, byteCount / rows.count)), rowsAtOnce)
    }

    @discardableResult
    func forEachItem(
        in collection: CollectionNumber, _ body: (String, SequenceNumber) throws -> Void
    ) throws -> Int {
        var (last, damagedCount) = ("", 0)
        while true {
            let rows = try source.rows(
                """
                SELECT id, sequence, key_checksum FROM catalogue_item_versions
                WHERE collection = ? AND id > ? AND removed_at IS NULL ORDER BY id LIMIT \(Self.rowsAtOnce)
                """, [.integer(collection), .text(last)])
            for row in rows {
                let (id, sequence) = (row.text(0), row.integer(1))
                if row.integer(2) == RowChecksum.key(collection, sequence, id) {
                    try body(id, sequence)
                } else {
                    damagedCount += 1
                }
                last = id
            }
            guard rows.count == Self.rowsAtOnce else { return damagedCount }
        }
    }

    func names(of sequences: Set<SequenceNumber>) throws -> [SequenceNumber: ItemName] {
        guard !sequences.isEmpty else { return [:] }
        let rows = try source.rows(
            """
            SELECT v.sequence, c.id, v.id
            FROM catalogue_item_versions AS v JOIN catalogue_collections AS c ON c.number = v.collection
            WHERE v.sequence = ANY(CAST(? AS BIGINT[])) AND v.removed_at IS NULL
            """, [.array(sequences.sorted())])
        return Dictionary(rows.map { ($0.integer(0), ItemName(collection: $0.text(1), id: $0.text(2))) }) { $1 }
    }

    // MARK: Dictionaries

    func dictionary(_ number: Int64) throws -> [UInt8]? {
        if let known = dictionaries.withLock({ $0[number] }) { return known }
        let row = try source.rows(
            "SELECT collection, bytes, checksum FROM catalogue_dictionaries WHERE number = ?", [.integer(number)]
        ).first
        guard let row else { return nil }
        let bytes = row.bytes(1)
        let checksum = bytes.withUnsafeBytes { RowChecksum.dictionary(number, row.integer(0), $0) }
        guard checksum == row.integer(2) else {
            throw CatalogueError(
                .storeDamaged, "The compression dictionary \(number) is damaged, which Items need to be read.")
        }
        dictionaries.withLock { known in
            if known.count >= Self.dictionaryCount { known.removeAll() }
            known[number] = bytes
        }
        return bytes
    }

    func latestDictionary(of collection: CollectionNumber) throws -> (number: Int64, bytes: [UInt8])? {
        let row = try source.rows(
            "SELECT number FROM catalogue_dictionaries WHERE collection = ? ORDER BY number DESC LIMIT 1",
            [.integer(collection)]
        ).first
        guard let number = row?.integer(0) else { return nil }
        return try dictionary(number).map { (number, $0) }
    }

    // MARK: State

    static let last = """
        coalesce(greatest(
            (SELECT max(sequence) FROM catalogue_item_versions),
            (SELECT max(sequence) FROM catalogue_removals),
            (SELECT max(sequence) FROM catalogue_collection_changes)), 0)
        """

    func lastSequence() throws -> SequenceNumber {
        try source.rows("SELECT \(Self.last) AS last").first?.integer(0) ?? 0
    }

    func state() throws -> PostgreSQLState {
        guard let row = try source.rows("SELECT \(PostgreSQLState.columns) FROM catalogue_state WHERE id = 1").first
        else { throw PostgreSQLState.damaged }
        return try PostgreSQLState(row)
    }

    func itemCounts() throws -> [CollectionNumber: Int] {
        let rows = try source.rows(
            """
            SELECT n.collection, n.sequence, n.items, n.digest, n.checksum
            FROM catalogue_collections AS c, LATERAL (
                SELECT * FROM catalogue_item_counts WHERE collection = c.number ORDER BY sequence DESC LIMIT 1) AS n
            """)
        var counts: [CollectionNumber: Int] = [:]
        for row in rows {
            let count = ItemCount(row, at: 0)
            if let items = count?.items { counts[row.integer(0)] = Int(items) }
        }
        return counts
    }

    func itemSizes(in collection: CollectionNumber, atMost count: Int) throws -> (items: Int, bytes: Int) {
        let rows = try source.rows(
            """
            SELECT count(*), CAST(coalesce(sum(octet_length(body)), 0) AS BIGINT)
            FROM (SELECT body FROM catalogue_item_versions WHERE collection = ? AND removed_at IS NULL LIMIT ?) AS v
            """, [.integer(collection), .integer(Int64(count))], timeout: Self.countingTimeout)
        return rows.first.map { (Int($0.integer(0)), Int($0.integer(1))) } ?? (0, 0)
    }

    func statistics() throws -> StoreStatistics {
        let rows = try source.rows(
            """
            SELECT \(PostgreSQLState.columns.prefixed("s")), \(Self.last) AS last, c.id, c.number,
                (SELECT count(*) FROM catalogue_item_versions WHERE collection = c.number AND removed_at IS NULL)
            FROM catalogue_state AS s LEFT JOIN catalogue_collections AS c ON true
            ORDER BY c.id
            """, timeout: Self.countingTimeout)
        guard let first = rows.first else { throw PostgreSQLState.damaged }
        let state = try PostgreSQLState(first)
        return StoreStatistics(
            collections: rows.filter { !$0.isNull(6) }.map {
                .init(id: $0.text(5), number: $0.integer(6), itemCount: Int($0.integer(7)))
            }, lastSequence: first.integer(4), purgedSequence: state.purged)
    }
}

/// The number of a collection's Items after a transaction.
struct ItemCount {
    /// `nil`: unknown.
    var items: Int64?
    /// The checksums of the Items' keys, combined by XOR: tells when one is missing.
    var digest: Int64

    static let zero = ItemCount(items: 0, digest: 0)

    init(items: Int64?, digest: Int64) {
        (self.items, self.digest) = (items, digest)
    }

    /// - Parameter column: The first of `collection`, `sequence`, `items`, `digest`, `checksum`.
    /// - Returns: `nil` for a row that is damaged, or not there.
    init?(_ row: Row, at column: Int) {
        let items = row.isNull(column + 2) ? nil : row.integer(column + 2)
        let digest = row.integer(column + 3)
        let checksum = RowChecksum.itemCount(row.integer(column), row.integer(column + 1), items, digest)
        guard !row.isNull(column), row.integer(column + 4) == checksum else { return nil }
        self.init(items: items, digest: digest)
    }
}

extension StoredCollection {
    /// Of one, by its id.
    static let query = """
        SELECT c.number, c.sequence, c.checksum, c.id, p.collection, p.checksum, p.id, p.body
        FROM catalogue_collections AS c LEFT JOIN catalogue_collection_changes AS p
            ON p.sequence = c.sequence AND p.body IS NOT NULL
        WHERE c.id = ?
        """

    /// - Parameter column: The first of those that `query` selects.
    init(_ row: Row, at column: Int) {
        let (number, sequence, id) = (row.integer(column), row.integer(column + 1), row.text(column + 3))
        let body = row.bytes(column + 7)
        let isSound =
            row.integer(column + 2) == RowChecksum.collection(number, sequence, id)
            && !row.isNull(column + 7) && row.integer(column + 4) == number
            && row.text(column + 6).utf8.elementsEqual(id.utf8)
            && row.integer(column + 5) == RowChecksum.collectionChange(sequence, number, id, body)
        self.init(number: number, id: id, sequence: sequence, body: body, isDamaged: !isSound)
    }
}

extension StoredBody {
    static let columns = "body, dictionary, links_offset, collection, checksum"

    /// Lends the body of a row that has `columns` from `column` on, after comparing its checksum.
    static func withBody<Result>(
        _ row: Row, at column: Int, sequence: SequenceNumber, _ body: (StoredBody) throws -> Result
    ) rethrows -> Result {
        try row.bytes(column).withUnsafeBytes { frame in
            let read = StoredBody(
                frame: frame, dictionary: row.integer(column + 1), linksOffset: Int(row.integer(column + 2)))
            guard row.integer(column + 4) == RowChecksum.item(sequence, row.integer(column + 3), read) else {
                return try body(StoredBody(damage: "The Item's checksum is wrong: it is damaged."))
            }
            return try body(read)
        }
    }
}

extension Row {
    /// The length of a byte string.
    func byteCount(_ column: Int) -> Int {
        guard case .bytes(let bytes) = values[column] else { return 0 }
        return bytes.count
    }
}

extension String {
    /// The columns of a list, of the table `table`.
    func prefixed(_ table: String) -> String {
        split(separator: ",").map { "\(table).\($0.drop { $0 == " " })" }.joined(separator: ", ")
    }
}
