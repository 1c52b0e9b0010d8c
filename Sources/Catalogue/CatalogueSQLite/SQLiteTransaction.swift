import Catalogue
import GRDB

/// The writes between `BEGIN IMMEDIATE` and `COMMIT`.
final class SQLiteTransaction: ItemStoreTransaction {
    private let statements: Statements
    let connection: OpaquePointer
    private let first: SequenceNumber
    private var last: SequenceNumber
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
        guard try statements.loadState.step() else {
            throw CatalogueError(.storeDamaged, "The catalogue has lost count of its changes.")
        }
        first = statements.loadState.integer(0)
        last = first
    }

    /// Must be called before the commit.
    func finish() throws {
        if let failure { throw failure }
        guard last != first else { return }
        statements.saveState.bind(last, at: 1)
        try statements.saveState.run()
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
        try perform { try SQLiteReader.collection(id: id, on: connection) }
    }

    func putCollection(id: String, body: [UInt8]) throws -> StoredCollection {
        try perform {
            try StoredID.withBytes(of: id) { utf8 in
                let put = try Statement(
                    """
                    INSERT INTO collection (id, sequence) VALUES (?, ?)
                    ON CONFLICT (id) DO UPDATE SET sequence = excluded.sequence RETURNING number
                    """, on: connection)
                put.bind(text: utf8, at: 1)
                put.bind(last + 1, at: 2)
                guard try put.step() else { throw DatabaseError(resultCode: .SQLITE_INTERNAL) }
                let number = put.integer(0)
                put.reset()
                try body.withUnsafeBytes { try recordChange(of: number, id: utf8, body: $0) }
                return StoredCollection(number: number, id: id, sequence: last, body: body)
            }
        }
    }

    func removeCollection(_ number: CollectionNumber) throws -> SequenceNumber {
        try perform {
            let delete = try Statement("DELETE FROM collection WHERE number = ? RETURNING id", on: connection)
            delete.bind(number, at: 1)
            guard try delete.step() else { throw CatalogueError.noSuchCollection(number) }
            var id = delete.text(0)
            delete.reset()
            knownCollection = 0
            try id.withUTF8 { try recordChange(of: number, id: $0, body: nil) }
            return last
        }
    }

    private func recordChange(
        of number: CollectionNumber, id: UnsafeBufferPointer<UInt8>, body: UnsafeRawBufferPointer?
    ) throws {
        let insert = try Statement(
            "INSERT INTO collection_change (sequence, collection, id, body) VALUES (?, ?, ?, ?)", on: connection)
        insert.bind(last + 1, at: 1)
        insert.bind(number, at: 2)
        insert.bind(text: id, at: 3)
        if let body { try insert.bind(blob: body, at: 4) }
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
            return try body(StoredBody(statements.body, at: 0))
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
                try key.run()
                guard key.changes == 1 else { throw CatalogueError.itemExists(id) }
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
                try key.run()
                guard key.changes == 1 else { throw try notCurrent(id, utf8, in: collection) }
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
        return try statements.key.step() ? statements.key.integer(0) : nil
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
            loadState = try statement("SELECT last FROM state")
            saveState = try statement("UPDATE state SET last = ?")
            collectionExists = try statement("SELECT 1 FROM collection WHERE number = ?")
            dictionaryExists = try statement("SELECT 1 FROM dictionary WHERE number = ? AND collection = ?")
            key = try statement("SELECT sequence FROM item_key WHERE collection = ? AND id = ?")
            insertKey = try statement(
                "INSERT INTO item_key (collection, id, sequence) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")
            updateKey = try statement(
                "UPDATE item_key SET sequence = ?4 WHERE collection = ?1 AND id = ?2 AND sequence = ?3")
            deleteKey = try statement("DELETE FROM item_key WHERE collection = ? AND id = ? AND sequence = ?")
            body = try statement("SELECT body, dictionary, links_offset FROM item WHERE sequence = ?")
            insertItem = try statement(
                "INSERT INTO item (sequence, collection, dictionary, links_offset, body) VALUES (?, ?, ?, ?, ?)")
            insertRemoval = try statement(
                "INSERT INTO removal (sequence, collection, removed, replaced) VALUES (?, ?, ?, ?)")
        }
    }
}
