import Catalogue
import SQLDatabase

extension PostgreSQLReader {
    /// See `ItemStore.integrityCheck`.
    func integrityCheck() throws -> [String] {
        var check = IntegrityCheck(reader: self)
        check.run()
        return check.faults
    }

    /// See `ItemStore.structureCheck`.
    func structureCheck() throws -> [String] {
        var check = IntegrityCheck(reader: self)
        check.checkStructure()
        return check.faults
    }
}

/// Compares the checksums of all rows, and what the tables say about each other.
private struct IntegrityCheck {
    private(set) var faults: [String] = []
    private let reader: PostgreSQLReader
    /// Whether a statement has failed: a snapshot takes no more then.
    private var isOver = false
    private var dictionaries: Set<Int64> = [0]
    private var collections: [CollectionNumber: String] = [:]
    /// What current versions of Items amount to, by collection.
    private var counts: [CollectionNumber: ItemCount] = [:]

    private static let maximumFaultCount = 100

    init(reader: PostgreSQLReader) { self.reader = reader }

    mutating func run() {
        checkStructure()
        attempt { try $0.checkCollections() }
        attempt { try $0.checkDictionaries() }
        attempt { try $0.checkSequences() }
        attempt { try $0.checkItems() }
        attempt { try $0.checkRemovals() }
        attempt { try $0.checkCounts() }
    }

    private mutating func report(_ fault: String) {
        if faults.count < Self.maximumFaultCount, !faults.contains(fault) { faults.append(fault) }
    }

    private mutating func attempt(_ part: (inout IntegrityCheck) throws -> Void) {
        guard !isOver else { return }
        do {
            try part(&self)
        } catch let error as CatalogueError {
            if error.cause != nil { isOver = true }
            report(error.description)
        } catch {
            isOver = true
            report("\(error)")
        }
    }

    /// Reports a fault for each row of a statement.
    private mutating func report(_ sql: String, _ fault: (Row) -> String) throws {
        for row in try reader.source.rows("\(sql) LIMIT \(Self.maximumFaultCount)") { report(fault(row)) }
    }

    mutating func checkStructure() {
        attempt { check in
            let rows = try check.reader.source.rows(
                PostgreSQLSchema.columnsQuery, [.array(PostgreSQLSchema.tables)])
            if rows.map({ $0.text(0) }) != PostgreSQLSchema.columns {
                check.report("The tables of the catalogue's database are not those that this program has made.")
            }
        }
        attempt { check in
            let (state, last) = (try check.reader.state(), try check.reader.lastSequence())
            if state.purged > last {
                check.report(
                    "The newest changes are missing: the last is \(last), purged were those to \(state.purged).")
            }
        }
    }

    private mutating func checkCollections() throws {
        let changes = try reader.source.rows(
            "SELECT sequence, collection, id, body, checksum FROM catalogue_collection_changes")
        for row in changes {
            let body = row.isNull(3) ? nil : row.bytes(3)
            let checksum = RowChecksum.collectionChange(row.integer(0), row.integer(1), row.text(2), body)
            if row.integer(4) != checksum {
                report("The Collection \"\(row.text(2))\" is damaged: a checksum is wrong.")
            }
        }
        for row in try reader.source.rows("SELECT number, sequence, id, checksum FROM catalogue_collections") {
            collections[row.integer(0)] = row.text(2)
            if row.integer(3) != RowChecksum.collection(row.integer(0), row.integer(1), row.text(2)) {
                report("The entry of the Collection \"\(row.text(2))\" is damaged.")
            }
        }
        try report(
            """
            SELECT id FROM catalogue_collections AS c WHERE NOT EXISTS (
                SELECT 1 FROM catalogue_collection_changes AS put
                WHERE put.sequence = c.sequence AND put.collection = c.number AND put.id = c.id
                    AND put.body IS NOT NULL)
            """
        ) { "The collection \($0.text(0)) has lost its content." }
        _ = try reader.collections(reusing: [])
    }

    private mutating func checkDictionaries() throws {
        for row in try reader.source.rows("SELECT number, collection, bytes, checksum FROM catalogue_dictionaries") {
            dictionaries.insert(row.integer(0))
            let checksum = row.bytes(2).withUnsafeBytes { RowChecksum.dictionary(row.integer(0), row.integer(1), $0) }
            if row.integer(3) != checksum {
                report("The compression dictionary \(row.integer(0)) is damaged, which Items need to be read.")
            }
        }
    }

    private mutating func checkSequences() throws {
        try report(
            """
            SELECT sequence FROM catalogue_removals AS r
            WHERE EXISTS (SELECT 1 FROM catalogue_item_versions AS v WHERE v.sequence = r.sequence)
            UNION ALL SELECT sequence FROM catalogue_collection_changes AS c
            WHERE EXISTS (SELECT 1 FROM catalogue_item_versions AS v WHERE v.sequence = c.sequence)
                OR EXISTS (SELECT 1 FROM catalogue_removals AS r WHERE r.sequence = c.sequence)
            """
        ) { "Two changes have the sequence \($0.integer(0))." }
    }

    /// Reads all versions in their order.
    private mutating func checkItems() throws {
        var (after, count) = (SequenceNumber.min, PostgreSQLReader.bodiesAtOnce)
        while faults.count < Self.maximumFaultCount {
            let rows = try reader.source.rows(
                """
                SELECT sequence, \(StoredBody.columns), id, key_checksum, removed_at FROM catalogue_item_versions
                WHERE sequence > ? ORDER BY sequence LIMIT ?
                """, [.integer(after), .integer(Int64(count))])
            for row in rows { checkItem(row) }
            guard rows.count == count, let last = rows.last else { return }
            after = last.integer(0)
            count = PostgreSQLReader.count(after: rows, bodyAt: 1)
        }
    }

    private mutating func checkItem(_ row: Row) {
        let (sequence, collection, id) = (row.integer(0), row.integer(4), row.text(6))
        // The rest of a removed collection awaits the purge, and versions that have ended are never read again.
        guard let name = collections[collection], row.isNull(8) else { return }
        let key = RowChecksum.key(collection, sequence, id)
        var known = counts[collection] ?? .zero
        known.items = known.items.map { $0 + 1 }
        known.digest ^= key
        counts[collection] = known
        if row.integer(7) != key {
            report("The entry of the Item \"\(id)\" of the Collection \"\(name)\" is damaged.")
        }
        StoredBody.withBody(row, at: 1, sequence: sequence) { body in
            if body.damage != nil { report("The Item \"\(id)\" of the Collection \"\(name)\" is damaged.") }
        }
        if !dictionaries.contains(row.integer(2)) {
            report("The Item \"\(id)\" of the Collection \"\(name)\" needs the missing dictionary \(row.integer(2)).")
        }
    }

    private mutating func checkRemovals() throws {
        var after = SequenceNumber.min
        while faults.count < Self.maximumFaultCount {
            let rows = try reader.source.rows(
                """
                SELECT sequence, collection, removed, replaced, checksum FROM catalogue_removals
                WHERE sequence > ? ORDER BY sequence LIMIT \(PostgreSQLReader.rowsAtOnce)
                """, [.integer(after)])
            for row in rows {
                let checksum = RowChecksum.removal(row.integer(0), row.integer(1), row.integer(2), row.integer(3))
                if row.integer(4) != checksum {
                    report("The record of an Item's removal with the sequence \(row.integer(0)) is damaged.")
                }
            }
            guard rows.count == PostgreSQLReader.rowsAtOnce, let last = rows.last else { break }
            after = last.integer(0)
        }
        try report(
            """
            SELECT v.sequence, v.id FROM catalogue_item_versions AS v
            WHERE v.removed_at IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM catalogue_removals AS r WHERE r.sequence = v.removed_at AND r.removed = v.sequence)
            """
        ) { "The version \($0.integer(0)) of the Item \"\($0.text(1))\" has ended, and no change says so." }
        try report(
            """
            SELECT v.sequence, v.id FROM catalogue_removals AS r
                JOIN catalogue_item_versions AS v ON v.sequence = r.removed
            WHERE v.removed_at IS DISTINCT FROM r.sequence
            """
        ) { "The version \($0.integer(0)) of the Item \"\($0.text(1))\" is both current and removed." }
    }

    private mutating func checkCounts() throws {
        // Without all Items, their number is unknown.
        guard faults.count < Self.maximumFaultCount else { return }
        let rows = try reader.source.rows(
            """
            SELECT c.number, n.collection, n.sequence, n.items, n.digest, n.checksum
            FROM catalogue_collections AS c LEFT JOIN LATERAL (
                SELECT * FROM catalogue_item_counts WHERE collection = c.number ORDER BY sequence DESC LIMIT 1) AS n
                ON true
            """)
        for row in rows {
            let name = collections[row.integer(0)] ?? ""
            guard let expected = ItemCount(row, at: 1) else {
                report("The number of Items of the Collection \"\(name)\" is damaged.")
                continue
            }
            let found = counts[row.integer(0)] ?? .zero
            guard let items = expected.items, items != found.items || expected.digest != found.digest else { continue }
            report(
                "The Collection \"\(name)\" has \(found.items ?? 0) entries of Items that are not those of its \(items) Items."
            )
        }
    }
}
