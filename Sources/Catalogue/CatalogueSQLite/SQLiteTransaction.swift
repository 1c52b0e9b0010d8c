import Catalogue
import GRDB

/// The writes between `BEGIN IMMEDIATE` and `COMMIT`.
final class SQLiteTransaction: ItemStoreTransaction {
    private let statements: Statements
    let connection: OpaquePointer
    /// The row of state, to be saved at the end if it `hasChanged`.
    private var state: StoreState
    private var hasChanged = false
    /// Changes to the counts of collections' Items: see `CollectionRow`.
    private var counts: [CollectionNumber: (items: Int64, digest: Int64)] = [:]
    private var last: SequenceNumber {
        get { state.last }
        set {
            state.last = newValue
            state.isBackup = false
            hasChanged = true
        }
    }
    private var isOver = false
    /// The SQLite error that makes the transaction unfit to commit, even if the caller catches it: SQLite may have
    /// stopped between two statements that belong together, or have rolled back already.
    private var failure: (any Error)?

    // The last lookup; most writes concern the same collection.
    private var knownCollection: CollectionNumber = 0
    private var knownDictionary: Int64 = 0

    init(_ statements: Statements, on connection: OpaquePointer) throws {
        self.statements = statements
        self.connection = connection
        defer { statements.loadState.reset() }
        guard try statements.loadState.step() else { throw StoreState.damaged }
        state = try StoreState(statements.loadState)
    }

    /// Must be called before the commit.
    func finish() throws {
        if let failure { throw failure }
        guard hasChanged else { return }
        for (number, count) in counts where count != (0, 0) {
            guard var row = try CollectionRow.load(number, on: connection)?.sound() else { continue }
            // Those of Items from before they were counted are unknown.
            guard let itemCount = row.itemCount else { continue }
            row.itemCount = itemCount + count.items
            row.digest ^= count.digest
            try row.save(on: connection)
        }
        try state.save(statements.saveState)
    }

    /// Records that versions up to a sequence have been purged.
    func recordPurge(through sequence: SequenceNumber) {
        state.purged = sequence
        hasChanged = true
    }

    /// Records that all rows have checksums.
    func recordChecksums() {
        state.unchecked = 0
        hasChanged = true
    }

    /// Rows up to this sequence may lack a checksum.
    var uncheckedThrough: SequenceNumber { state.unchecked }

    private func count(_ items: Int64, _ digest: Int64, in collection: CollectionNumber) {
        let known = counts[collection] ?? (0, 0)
        counts[collection] = (known.items + items, known.digest ^ digest)
    }

    /// Must be called after the last use.
    func end() { isOver = true }

    /// Runs one operation, which takes effect completely or spoils the transaction.
    func perform<Result>(_ operation: () throws -> Result) throws -> Result {
        precondition(!isOver, "A transaction was used after its end")
        if let failure { throw failure }
        do {
            return try operation()
        } catch let error as DatabaseError {
            let error = CatalogueError(error)
            failure = error
            throw error
        }
    }
}

// MARK: - Collections

extension SQLiteTransaction {
    func collection(id: String) throws -> StoredCollection? {
        try perform { try SQLiteReader.collection(id: id, on: connection, expecting: state.collections) }
    }

    func putCollection(id: String, body: [UInt8]) throws -> StoredCollection {
        try perform {
            try StoredID.withBytes(of: id) { utf8 in
                let number = try putRow(id: id, utf8)
                try body.withUnsafeBytes { try recordChange(of: number, id: utf8, body: $0) }
                return StoredCollection(number: number, id: id, sequence: last, body: body)
            }
        }
    }

    /// Inserts or updates a collection's row for the next sequence.
    private func putRow(id: String, _ utf8: UnsafeBufferPointer<UInt8>) throws -> CollectionNumber {
        if let existing = try SQLiteReader.collection(id: id, on: connection, expecting: state.collections),
            var row = try CollectionRow.load(existing.number, on: connection)
        {
            // Writing it again repairs a damaged one, except for the count of its Items.
            if !row.isSound { row.itemCount = nil }
            row.sequence = last + 1
            try row.save(on: connection)
            return row.number
        }
        let insert = try Statement(
            "INSERT INTO collection (id, sequence) VALUES (?, ?) RETURNING number", on: connection)
        insert.bind(text: utf8, at: 1)
        insert.bind(last + 1, at: 2)
        guard try insert.step() else { throw DatabaseError(resultCode: .SQLITE_INTERNAL) }
        let row = CollectionRow(number: insert.integer(0), id: id, sequence: last + 1)
        insert.reset()
        try row.save(on: connection)
        state.collections ^= row.nameChecksum
        return row.number
    }

    func removeCollection(_ number: CollectionNumber) throws -> SequenceNumber {
        try perform {
            counts[number] = nil
            let delete = try Statement("DELETE FROM collection WHERE number = ? RETURNING id", on: connection)
            delete.bind(number, at: 1)
            guard try delete.step() else { throw CatalogueError.noSuchCollection(number) }
            var id = delete.text(0)
            delete.reset()
            knownCollection = 0
            state.collections ^= CollectionRow(number: number, id: id, sequence: 0).nameChecksum
            try id.withUTF8 { try recordChange(of: number, id: $0, body: nil) }
            return last
        }
    }

    private func recordChange(
        of number: CollectionNumber, id: UnsafeBufferPointer<UInt8>, body: UnsafeRawBufferPointer?
    ) throws {
        let insert = try Statement(
            "INSERT INTO collection_change (sequence, collection, id, body, checksum) VALUES (?, ?, ?, ?, ?)",
            on: connection)
        insert.bind(last + 1, at: 1)
        insert.bind(number, at: 2)
        insert.bind(text: id, at: 3)
        if let body { try insert.bind(blob: body, at: 4) }
        insert.bind(RowChecksum.collectionChange(last + 1, number, UnsafeRawBufferPointer(id), body), at: 5)
        try insert.run()
        last += 1
    }

    func addDictionary(_ bytes: [UInt8], for collection: CollectionNumber) throws -> Int64 {
        try perform {
            try checkExists(collection)
            let insert = try Statement(
                "INSERT INTO dictionary (collection, bytes) VALUES (?, ?) RETURNING number", on: connection)
            insert.bind(collection, at: 1)
            return try bytes.withUnsafeBytes { bytes in
                try insert.bind(blob: bytes, at: 2)
                guard try insert.step() else { throw DatabaseError(resultCode: .SQLITE_INTERNAL) }
                let number = insert.integer(0)
                insert.reset()
                let update = try Statement("UPDATE dictionary SET checksum = ? WHERE number = ?", on: connection)
                update.bind(RowChecksum.dictionary(number, collection, bytes), at: 1)
                update.bind(number, at: 2)
                try update.run()
                return number
            }
        }
    }

    private func checkExists(_ collection: CollectionNumber) throws {
        guard collection != knownCollection else { return }
        statements.collectionExists.bind(collection, at: 1)
        defer { statements.collectionExists.reset() }
        guard try statements.collectionExists.step() else { throw CatalogueError.noSuchCollection(collection) }
        knownCollection = collection
        knownDictionary = 0
    }

    private func check(_ body: NewBody, in collection: CollectionNumber) throws {
        guard body.dictionary != 0, body.dictionary != knownDictionary else { return }
        statements.dictionaryExists.bind(body.dictionary, at: 1)
        statements.dictionaryExists.bind(collection, at: 2)
        defer { statements.dictionaryExists.reset() }
        guard try statements.dictionaryExists.step() else {
            throw CatalogueError(.invalid, "The collection has no compression dictionary \(body.dictionary).")
        }
        knownDictionary = body.dictionary
    }
}

// MARK: - Items

extension SQLiteTransaction {
    func sequence(of id: String, in collection: CollectionNumber) throws -> SequenceNumber? {
        try perform {
            guard try exists(collection) else { return nil }
            var id = id
            return try id.withUTF8 { try sequence(ofBytes: $0, in: collection) }
        }
    }

    func withBody<Result>(_ sequence: SequenceNumber, _ body: (StoredBody) throws -> Result) throws -> Result? {
        try perform {
            statements.body.bind(sequence, at: 1)
            defer { statements.body.reset() }
            guard try statements.body.step() else { return nil }
            return try body(
                StoredBody(statements.body, sequence: sequence, uncheckedThrough: state.unchecked))
        }
    }

    func insert(_ id: String, _ body: NewBody, in collection: CollectionNumber) throws -> SequenceNumber {
        try perform {
            try StoredID.withBytes(of: id) { utf8 in
                try checkExists(collection)
                try check(body, in: collection)
                let key = statements.insertKey
                key.bind(collection, at: 1)
                key.bind(text: utf8, at: 2)
                key.bind(last + 1, at: 3)
                let checksum = RowChecksum.key(collection, last + 1, UnsafeRawBufferPointer(utf8))
                key.bind(checksum, at: 4)
                try key.run()
                guard key.changes == 1 else { throw CatalogueError.itemExists(id) }
                count(1, checksum, in: collection)
                return try append(body, in: collection)
            }
        }
    }

    func replace(
        _ replaced: SequenceNumber, _ id: String, _ body: NewBody, in collection: CollectionNumber
    ) throws -> SequenceNumber {
        try perform {
            try StoredID.withBytes(of: id) { utf8 in
                try checkExists(collection)
                try check(body, in: collection)
                let key = statements.updateKey
                key.bind(collection, at: 1)
                key.bind(text: utf8, at: 2)
                key.bind(replaced, at: 3)
                key.bind(last + 2, at: 4)  // The removal takes the number in between.
                let checksum = RowChecksum.key(collection, last + 2, UnsafeRawBufferPointer(utf8))
                key.bind(checksum, at: 5)
                try key.run()
                guard key.changes == 1 else { throw try notCurrent(id, utf8, in: collection) }
                let old = RowChecksum.key(collection, replaced, UnsafeRawBufferPointer(utf8))
                count(0, checksum ^ old, in: collection)
                try appendRemoval(of: replaced, in: collection, isReplaced: true)
                return try append(body, in: collection)
            }
        }
    }

    func remove(
        _ removed: SequenceNumber, _ id: String, in collection: CollectionNumber
    ) throws -> SequenceNumber {
        try perform {
            try StoredID.withBytes(of: id) { utf8 in
                try checkExists(collection)
                let key = statements.deleteKey
                key.bind(collection, at: 1)
                key.bind(text: utf8, at: 2)
                key.bind(removed, at: 3)
                try key.run()
                guard key.changes == 1 else { throw try notCurrent(id, utf8, in: collection) }
                count(-1, RowChecksum.key(collection, removed, UnsafeRawBufferPointer(utf8)), in: collection)
                try appendRemoval(of: removed, in: collection, isReplaced: false)
                return last
            }
        }
    }

    private func append(_ body: NewBody, in collection: CollectionNumber) throws -> SequenceNumber {
        let item = statements.insertItem
        item.bind(last + 1, at: 1)
        item.bind(collection, at: 2)
        item.bind(body.dictionary, at: 3)
        item.bind(Int64(body.linksOffset), at: 4)
        try body.frame.withUnsafeBytes { frame in
            try item.bind(blob: frame, at: 5)
            let stored = StoredBody(frame: frame, dictionary: body.dictionary, linksOffset: body.linksOffset)
            item.bind(RowChecksum.item(last + 1, collection, stored), at: 6)
            try item.run()
        }
        last += 1
        return last
    }

    private func appendRemoval(
        of removed: SequenceNumber, in collection: CollectionNumber, isReplaced: Bool
    ) throws {
        let removal = statements.insertRemoval
        removal.bind(last + 1, at: 1)
        removal.bind(collection, at: 2)
        removal.bind(removed, at: 3)
        removal.bind(isReplaced ? 1 : 0, at: 4)
        removal.bind(RowChecksum.removal(last + 1, collection, removed, isReplaced ? 1 : 0), at: 5)
        try removal.run()
        last += 1
    }

    private func exists(_ collection: CollectionNumber) throws -> Bool {
        do {
            try checkExists(collection)
            return true
        } catch let error as CatalogueError where error.code == .noSuchCollection {
            return false
        }
    }

    private func sequence(
        ofBytes id: UnsafeBufferPointer<UInt8>, in collection: CollectionNumber
    ) throws -> SequenceNumber? {
        statements.key.bind(collection, at: 1)
        statements.key.bind(text: id, at: 2)
        defer { statements.key.reset() }
        guard try statements.key.step() else { return nil }
        let sequence = statements.key.integer(0)
        let checksum = RowChecksum.key(collection, sequence, UnsafeRawBufferPointer(id))
        guard statements.key.hasChecksum(checksum, at: 1, mayLack: sequence <= state.unchecked) else {
            throw CatalogueError.damagedKey(String(decoding: id, as: UTF8.self))
        }
        return sequence
    }

    private func notCurrent(
        _ id: String, _ utf8: UnsafeBufferPointer<UInt8>, in collection: CollectionNumber
    ) throws -> CatalogueError {
        try sequence(ofBytes: utf8, in: collection) == nil ? .noSuchItem(id) : .notCurrent(id)
    }
}

// MARK: - Statements

extension SQLiteTransaction {
    /// Prepared once for the connection.
    struct Statements {
        let loadState, saveState, collectionExists, dictionaryExists: Statement
        let key, insertKey, updateKey, deleteKey: Statement
        let body, insertItem, insertRemoval: Statement

        init(on connection: OpaquePointer) throws {
            func statement(_ sql: String) throws -> Statement { try Statement(sql, on: connection) }
            loadState = try statement("SELECT \(StoreState.columns) FROM state")
            saveState = try statement(StoreState.update)
            collectionExists = try statement("SELECT 1 FROM collection WHERE number = ?")
            dictionaryExists = try statement("SELECT 1 FROM dictionary WHERE number = ? AND collection = ?")
            key = try statement("SELECT sequence, checksum FROM item_key WHERE collection = ? AND id = ?")
            insertKey = try statement(
                "INSERT INTO item_key (collection, id, sequence, checksum) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING")
            updateKey = try statement(
                "UPDATE item_key SET sequence = ?4, checksum = ?5 WHERE collection = ?1 AND id = ?2 AND sequence = ?3")
            deleteKey = try statement("DELETE FROM item_key WHERE collection = ? AND id = ? AND sequence = ?")
            body = try statement("SELECT \(StoredBody.columns) FROM item WHERE sequence = ?")
            insertItem = try statement(
                """
                INSERT INTO item (sequence, collection, dictionary, links_offset, body, checksum)
                VALUES (?, ?, ?, ?, ?, ?)
                """)
            insertRemoval = try statement(
                "INSERT INTO removal (sequence, collection, removed, replaced, checksum) VALUES (?, ?, ?, ?, ?)")
        }
    }
}
