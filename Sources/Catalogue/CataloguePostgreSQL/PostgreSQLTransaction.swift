import Catalogue
import SQLDatabase

/// The writes of a transaction, which holds the lock under which changes are numbered.
///
/// Writes are collected in memory and sent in the end, or when they are many. What is to be known for them is asked one by
/// one, or for many Items at once by `anticipate`.
final class PostgreSQLTransaction: ItemStoreTransaction {
    let transaction: WriteTransaction
    /// Saved at the end if it `hasChanged`.
    private(set) var state: PostgreSQLState
    private var stateHasChanged = false
    /// The newest change's number; `nil`: not asked for yet.
    private var lastNumber: SequenceNumber?
    private var isOver = false

    /// Collections that were asked for; `nil` inside: there is no such one.
    private var collections: [CollectionNumber: KnownCollection?] = [:]
    /// Current versions by id, as far as they are known; `nil` inside: there is no such Item.
    private var keys: [CollectionNumber: [ByteString: SequenceNumber?]] = [:]
    /// The collections that dictionaries belong to, of those asked for.
    private var dictionaries: [Int64: CollectionNumber] = [:]
    /// Bodies of versions that were anticipated.
    private var bodies: [SequenceNumber: Row] = [:]

    // MARK: Writes that have not been sent

    private var versions: [NewVersion] = []
    /// Positions in `versions`.
    private var places: [SequenceNumber: Int] = [:]
    private var frameByteCount = 0
    /// Of all versions, sent or not.
    private(set) var versionCount = 0
    /// Versions in the database that have ended.
    private var ends: [(version: SequenceNumber, at: SequenceNumber)] = []
    private var removals: [[DatabaseValue]] = []

    /// At which writes are sent before the end.
    private static let sentCount = 16_384
    private static let sentByteCount = 32 << 20
    /// Up to so many rows are inserted rather than copied.
    private static let insertedCount = 16

    private struct KnownCollection {
        var count: ItemCount
        var countHasChanged = false
    }

    private struct NewVersion {
        let sequence: SequenceNumber
        let collection: CollectionNumber
        let id: String
        let body: NewBody
        var removedAt: SequenceNumber?
    }

    /// Waits for the lock, and takes it.
    init(_ transaction: WriteTransaction, patience: Duration) throws {
        self.transaction = transaction
        let patience = Int(patience / .milliseconds(1))
        // A server that acknowledges what it has not stored would give out numbers twice after a crash. And plans for tables
        // that were small, or whose size is not known yet, must not read all of them for each batch.
        let rows = try transaction.rows(
            """
            SELECT \(PostgreSQLState.columns), CASE current_setting('synchronous_commit')
                WHEN 'off' THEN set_config('synchronous_commit', 'on', true) END
            FROM catalogue_state
            WHERE id = 1 AND set_config('lock_timeout', '\(patience)', true) IS NOT NULL
                AND set_config('enable_seqscan', 'off', true) IS NOT NULL
            FOR UPDATE
            """)
        guard let row = rows.first else { throw PostgreSQLState.damaged }
        state = try PostgreSQLState(row)
    }

    /// Must be called after the last use.
    func end() { isOver = true }

    func perform<Result>(_ operation: () throws -> Result) throws -> Result {
        precondition(!isOver, "A transaction was used after its end")
        return try catalogueErrors(operation)
    }

    private func last() throws -> SequenceNumber {
        if let lastNumber { return lastNumber }
        // A statement of its own: one that has waited for the lock does not see what was committed meanwhile.
        let number = try transaction.rows("SELECT \(PostgreSQLReader.last) AS last").first?.integer(0) ?? 0
        lastNumber = number
        return number
    }

    private func next() throws -> SequenceNumber {
        let number = try last() + 1
        lastNumber = number
        return number
    }

    /// - Returns: `nil` when there is no such collection.
    private func known(_ number: CollectionNumber) throws -> KnownCollection? {
        if let known = collections[number] { return known }
        let row = try transaction.rows(
            """
            SELECT c.number, n.collection, n.sequence, n.items, n.digest, n.checksum, \(PostgreSQLReader.last) AS last
            FROM (SELECT CAST(? AS BIGINT) AS number) AS asked
                LEFT JOIN catalogue_collections AS c ON c.number = asked.number
                LEFT JOIN LATERAL (
                    SELECT * FROM catalogue_item_counts WHERE collection = c.number ORDER BY sequence DESC LIMIT 1) AS n
                    ON true
            """, number
        ).first
        if lastNumber == nil, let row { lastNumber = row.integer(6) }
        var known: KnownCollection?
        if let row, !row.isNull(0) {
            // Writing goes on where the count is damaged; a check names it.
            known = KnownCollection(count: ItemCount(row, at: 1) ?? ItemCount(items: nil, digest: 0))
        }
        collections[number] = .some(known)
        return known
    }

    private func requireCollection(_ number: CollectionNumber) throws {
        guard try known(number) != nil else { throw CatalogueError.noSuchCollection(number) }
    }

    private func note(_ id: String, _ sequence: SequenceNumber?, in collection: CollectionNumber) {
        keys[collection, default: [:]].updateValue(sequence, forKey: ByteString(id))
    }

    private func count(_ items: Int64, _ digest: Int64, in collection: CollectionNumber) {
        guard var known = collections[collection] ?? nil else { return }
        known.count.items = known.count.items.map { $0 + items }
        known.count.digest ^= digest
        known.countHasChanged = true
        collections[collection] = known
    }
}

// MARK: - Collections

extension PostgreSQLTransaction {
    func collection(id: String) throws -> StoredCollection? {
        try perform {
            guard !id.utf8.contains(0) else { return nil }
            return try transaction.rows(StoredCollection.query, id).first.map { StoredCollection($0, at: 0) }
        }
    }

    func putCollection(id: String, body: [UInt8]) throws -> StoredCollection {
        try perform {
            try StoredID.withBytes(of: id) { _ in }
            let sequence = try next()
            let number: CollectionNumber
            if let row = try transaction.rows("SELECT number FROM catalogue_collections WHERE id = ?", id).first {
                number = row.integer(0)
                // Writing it again repairs a damaged one.
                try transaction.execute(
                    "UPDATE catalogue_collections SET sequence = ?, checksum = ? WHERE number = ?",
                    sequence, RowChecksum.collection(number, sequence, id), number)
            } else {
                // The records of removals stay, so that no number is used twice.
                number = try transaction.value(
                    "SELECT coalesce(max(collection), 0) + 1 AS number FROM catalogue_collection_changes")
                try transaction.execute(
                    "INSERT INTO catalogue_collections (number, sequence, checksum, id) VALUES (?, ?, ?, ?)",
                    number, sequence, RowChecksum.collection(number, sequence, id), id)
                collections[number] = KnownCollection(count: .zero, countHasChanged: true)
                state.collections ^= RowChecksum.collectionName(number, id)
                stateHasChanged = true
            }
            try recordChange(sequence, of: number, id: id, body: body)
            return StoredCollection(number: number, id: id, sequence: sequence, body: body)
        }
    }

    func removeCollection(_ number: CollectionNumber) throws -> SequenceNumber {
        try perform {
            let row = try transaction.rows(
                "DELETE FROM catalogue_collections WHERE number = ? RETURNING id", number
            ).first
            guard let row else { throw CatalogueError.noSuchCollection(number) }
            collections[number] = .some(nil)
            keys[number] = nil
            state.collections ^= RowChecksum.collectionName(number, row.text(0))
            stateHasChanged = true
            let sequence = try next()
            try recordChange(sequence, of: number, id: row.text(0), body: nil)
            return sequence
        }
    }

    private func recordChange(
        _ sequence: SequenceNumber, of number: CollectionNumber, id: String, body: [UInt8]?
    ) throws {
        try transaction.execute(
            "INSERT INTO catalogue_collection_changes (sequence, collection, checksum, id, body) VALUES (?, ?, ?, ?, ?)",
            values: [
                .integer(sequence), .integer(number),
                .integer(RowChecksum.collectionChange(sequence, number, id, body)), .text(id),
                body.map { .bytes($0) } ?? .null,
            ])
    }

    func addDictionary(_ bytes: [UInt8], for collection: CollectionNumber) throws -> Int64 {
        try perform {
            try requireCollection(collection)
            let number: Int64 = try transaction.value(
                "SELECT nextval(pg_get_serial_sequence('catalogue_dictionaries', 'number')) AS number")
            let checksum = bytes.withUnsafeBytes { RowChecksum.dictionary(number, collection, $0) }
            try transaction.execute(
                "INSERT INTO catalogue_dictionaries (number, collection, checksum, bytes) VALUES (?, ?, ?, ?)",
                number, collection, checksum, bytes)
            dictionaries[number] = collection
            return number
        }
    }

    private func check(_ body: NewBody, in collection: CollectionNumber) throws {
        guard body.dictionary != 0 else { return }
        if dictionaries[body.dictionary] == nil {
            dictionaries[body.dictionary] =
                try transaction.rows(
                    "SELECT collection FROM catalogue_dictionaries WHERE number = ?", body.dictionary
                ).first?.integer(0) ?? 0
        }
        guard dictionaries[body.dictionary] == collection else {
            throw CatalogueError(.invalid, "The collection has no compression dictionary \(body.dictionary).")
        }
    }
}

// MARK: - Items

extension PostgreSQLTransaction {
    func anticipate(_ ids: [String], in collection: CollectionNumber, reading: Bool) throws {
        try perform {
            guard try known(collection) != nil else { return }
            let unknown = ids.filter { keys[collection]?[ByteString($0)] == nil && !$0.utf8.contains(0) }
            guard !unknown.isEmpty else { return }
            let rows = try transaction.rows(
                Self.keysQuery(reading: reading), values: [.array(unknown), .integer(collection)])
            for id in unknown { note(id, nil, in: collection) }
            for row in rows {
                note(row.text(0), try Self.soundSequence(row, of: row.text(0), in: collection), in: collection)
                if reading { bodies[row.integer(1)] = row }
            }
        }
    }

    /// Finds each id by itself: with `id = ANY(…)`, PostgreSQL reads all Items of a Collection of which its statistics do
    /// not know yet.
    static func keysQuery(reading: Bool) -> String {
        """
        SELECT v.id, v.sequence, v.key_checksum\(reading ? ", " + StoredBody.columns : "")
        FROM unnest(CAST(? AS TEXT[])) AS wanted (wanted_id) CROSS JOIN LATERAL (
            SELECT * FROM catalogue_item_versions
            WHERE collection = ? AND id = wanted_id AND removed_at IS NULL LIMIT 1) AS v
        """
    }

    /// - Parameter row: Has the id, the sequence and the checksum of both.
    private static func soundSequence(
        _ row: Row, of id: String, in collection: CollectionNumber
    ) throws -> SequenceNumber {
        let sequence = row.integer(1)
        guard row.integer(2) == RowChecksum.key(collection, sequence, id) else { throw CatalogueError.damagedKey(id) }
        return sequence
    }

    func sequence(of id: String, in collection: CollectionNumber) throws -> SequenceNumber? {
        try perform { try current(id, in: collection) }
    }

    private func current(_ id: String, in collection: CollectionNumber) throws -> SequenceNumber? {
        guard try known(collection) != nil, !id.utf8.contains(0) else { return nil }
        if let sequence = keys[collection]?[ByteString(id)] { return sequence }
        let row = try transaction.rows(
            """
            SELECT id, sequence, key_checksum FROM catalogue_item_versions
            WHERE collection = ? AND id = ? AND removed_at IS NULL
            """, collection, id
        ).first
        let sequence = try row.map { try Self.soundSequence($0, of: id, in: collection) }
        note(id, sequence, in: collection)
        return sequence
    }

    func withBody<Result>(_ sequence: SequenceNumber, _ body: (StoredBody) throws -> Result) throws -> Result? {
        let row: Row? = try perform {
            guard places[sequence] == nil else { return nil }
            if let known = bodies[sequence] { return known }
            return try transaction.rows(
                """
                SELECT '', sequence, key_checksum, \(StoredBody.columns) FROM catalogue_item_versions
                WHERE sequence = ?
                """, sequence
            ).first
        }
        if let place = places[sequence] {
            let new = versions[place].body
            return try new.frame.withUnsafeBytes {
                try body(StoredBody(frame: $0, dictionary: new.dictionary, linksOffset: new.linksOffset))
            }
        }
        return try row.map { try StoredBody.withBody($0, at: 3, sequence: sequence, body) }
    }

    func insert(_ id: String, _ body: NewBody, in collection: CollectionNumber) throws -> SequenceNumber {
        try perform {
            try StoredID.withBytes(of: id) { _ in }
            try requireCollection(collection)
            try check(body, in: collection)
            guard try current(id, in: collection) == nil else { throw CatalogueError.itemExists(id) }
            let sequence = try next()
            try append(sequence, id, body, in: collection)
            count(1, RowChecksum.key(collection, sequence, id), in: collection)
            return sequence
        }
    }

    func replace(
        _ replaced: SequenceNumber, _ id: String, _ body: NewBody, in collection: CollectionNumber
    ) throws -> SequenceNumber {
        try perform {
            try StoredID.withBytes(of: id) { _ in }
            try requireCollection(collection)
            try check(body, in: collection)
            try requireCurrent(replaced, id, in: collection)
            let removal = try next()
            let sequence = try next()
            finish(replaced, at: removal, in: collection, isReplaced: true)
            try append(sequence, id, body, in: collection)
            let digest = RowChecksum.key(collection, replaced, id) ^ RowChecksum.key(collection, sequence, id)
            count(0, digest, in: collection)
            return sequence
        }
    }

    func remove(
        _ removed: SequenceNumber, _ id: String, in collection: CollectionNumber
    ) throws -> SequenceNumber {
        try perform {
            try StoredID.withBytes(of: id) { _ in }
            try requireCollection(collection)
            try requireCurrent(removed, id, in: collection)
            let removal = try next()
            finish(removed, at: removal, in: collection, isReplaced: false)
            note(id, nil, in: collection)
            count(-1, RowChecksum.key(collection, removed, id), in: collection)
            return removal
        }
    }

    private func requireCurrent(_ sequence: SequenceNumber, _ id: String, in collection: CollectionNumber) throws {
        switch try current(id, in: collection) {
        case nil: throw CatalogueError.noSuchItem(id)
        case sequence: return
        default: throw CatalogueError.notCurrent(id)
        }
    }

    private func append(
        _ sequence: SequenceNumber, _ id: String, _ body: NewBody, in collection: CollectionNumber
    ) throws {
        if versions.count >= Self.sentCount || frameByteCount >= Self.sentByteCount { try send() }
        versionCount += 1
        places[sequence] = versions.count
        versions.append(NewVersion(sequence: sequence, collection: collection, id: id, body: body))
        frameByteCount += body.frame.count
        note(id, sequence, in: collection)
    }

    /// Records the end of a version.
    private func finish(
        _ version: SequenceNumber, at removal: SequenceNumber, in collection: CollectionNumber, isReplaced: Bool
    ) {
        if let place = places[version] {
            versions[place].removedAt = removal
        } else {
            ends.append((version, removal))
        }
        let replaced: Int64 = isReplaced ? 1 : 0
        removals.append(
            [removal, collection, version, replaced, RowChecksum.removal(removal, collection, version, replaced)]
                .map { .integer($0) })
    }
}

// MARK: - Sending

extension PostgreSQLTransaction {
    private static let versionColumns = [
        "sequence", "collection", "removed_at", "dictionary", "links_offset", "key_checksum", "checksum", "id", "body",
    ]
    private static let removalColumns = ["sequence", "collection", "removed", "replaced", "checksum"]

    /// Sends what has been collected. Must be called before the commit.
    func finish() throws {
        try perform {
            var statements: [(sql: String, values: [DatabaseValue])] = []
            for (number, known) in collections {
                guard let known, known.countHasChanged else { continue }
                let (sequence, count) = (try last(), known.count)
                statements.append(
                    (
                        "INSERT INTO catalogue_item_counts (collection, sequence, items, digest, checksum) VALUES (?, ?, ?, ?, ?)",
                        [
                            .integer(number), .integer(sequence), count.items.map { .integer($0) } ?? .null,
                            .integer(count.digest),
                            .integer(RowChecksum.itemCount(number, sequence, count.items, count.digest)),
                        ]
                    ))
            }
            if stateHasChanged { statements.append(state.update) }
            try send(with: statements)
        }
    }

    /// - Parameter statements: To be sent in the same go.
    private func send(with statements: [(sql: String, values: [DatabaseValue])] = []) throws {
        var batch: [(sql: String, values: [DatabaseValue])] = []
        // First, so that no Item has two current versions for a moment.
        if !ends.isEmpty {
            batch.append(
                (
                    """
                    UPDATE catalogue_item_versions AS v SET removed_at = ended.at
                    FROM unnest(CAST(? AS BIGINT[]), CAST(? AS BIGINT[])) AS ended (version, at)
                    WHERE v.sequence = ended.version
                    """, [.array(ends.map(\.version)), .array(ends.map(\.at))]
                ))
        }
        let isCopied = versions.count > Self.insertedCount || removals.count > Self.insertedCount
        if isCopied {
            try transaction.execute(batch)
            batch = []
            if !versions.isEmpty {
                try transaction.copy(
                    into: "catalogue_item_versions", Self.versionColumns,
                    rows: versions.lazy.map { Self.values(of: $0) })
            }
            if !removals.isEmpty {
                try transaction.copy(into: "catalogue_removals", Self.removalColumns, rows: removals)
            }
        } else {
            let insert = Self.insert(into: "catalogue_item_versions", Self.versionColumns)
            batch += versions.map { (insert, Self.values(of: $0)) }
            let insertRemoval = Self.insert(into: "catalogue_removals", Self.removalColumns)
            batch += removals.map { (insertRemoval, $0) }
        }
        try transaction.execute(batch + statements)
        versions.removeAll(keepingCapacity: true)
        places.removeAll(keepingCapacity: true)
        frameByteCount = 0
        (ends, removals, bodies) = ([], [], [:])
    }

    private static func insert(into table: String, _ columns: [String]) -> String {
        let places = Array(repeating: "?", count: columns.count).joined(separator: ", ")
        return "INSERT INTO \(table) (\(columns.joined(separator: ", "))) VALUES (\(places))"
    }

    private static func values(of version: NewVersion) -> [DatabaseValue] {
        let (sequence, collection, body) = (version.sequence, version.collection, version.body)
        return [
            .integer(sequence), .integer(collection), version.removedAt.map { .integer($0) } ?? .null,
            .integer(body.dictionary), .integer(Int64(body.linksOffset)),
            .integer(RowChecksum.key(collection, sequence, version.id)),
            .integer(RowChecksum.item(sequence, collection, body.frame, body.dictionary, body.linksOffset)),
            .text(version.id), .bytes(body.frame),
        ]
    }

    /// Records that versions up to a sequence have been purged.
    func recordPurge(through sequence: SequenceNumber) {
        state.purged = sequence
        stateHasChanged = true
    }
}
