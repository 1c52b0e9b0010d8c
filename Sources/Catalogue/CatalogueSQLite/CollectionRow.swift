import Catalogue

/// A row of the table `collection`.
struct CollectionRow {
    let number: CollectionNumber
    let id: String
    var sequence: SequenceNumber
    /// The number of Items; `nil`: unknown, since they were written before they were counted.
    var itemCount: Int64?
    /// The checksums of the Items' keys, combined by XOR: tells when one is missing.
    var digest: Int64
    private(set) var isSound = true

    static let columns = "number, id, sequence, items, digest, checksum"

    /// Reads the current row of a statement that selects `columns` first.
    init(_ statement: Statement) {
        number = statement.integer(0)
        id = statement.text(1)
        sequence = statement.integer(2)
        itemCount = statement.isNull(3) ? nil : statement.integer(3)
        digest = statement.integer(4)
        isSound = statement.hasChecksum(checksum, at: 5)
    }

    /// A new collection.
    init(number: CollectionNumber, id: String, sequence: SequenceNumber) {
        self.number = number
        self.id = id
        self.sequence = sequence
        itemCount = 0
        digest = 0
    }

    var checksum: Int64 {
        var id = id
        return id.withUTF8 {
            RowChecksum.of(.collection, (number, sequence, itemCount ?? -1, digest), UnsafeRawBufferPointer($0))
        }
    }

    /// What the row adds to `StoreState.collections`.
    var nameChecksum: Int64 {
        var id = id
        return id.withUTF8 { RowChecksum.collectionName(number, UnsafeRawBufferPointer($0)) }
    }

    /// - Throws: `storeDamaged` for a row with a wrong checksum.
    func sound() throws -> CollectionRow {
        guard isSound else {
            throw CatalogueError(
                .storeDamaged, "The entry of the Collection \"\(id)\" in the catalogue's database is damaged.")
        }
        return self
    }

    static func load(_ number: CollectionNumber, on connection: OpaquePointer) throws -> CollectionRow? {
        let statement = try Statement("SELECT \(columns) FROM collection WHERE number = ?", on: connection)
        statement.bind(number, at: 1)
        defer { statement.reset() }
        return try statement.step() ? CollectionRow(statement) : nil
    }

    /// All of them, by a scan of the table that no damaged index misleads. To be called in a transaction: a write between the
    /// rows and what they amount to would pass for damage.
    ///
    /// - Parameter expected: What they amount to, in a transaction that has not saved its `StoreState` yet.
    /// - Throws: `storeDamaged` when one is missing.
    static func loadAll(on connection: OpaquePointer, expecting expected: Int64? = nil) throws -> [CollectionRow] {
        let statement = try Statement("SELECT \(columns) FROM collection NOT INDEXED ORDER BY number", on: connection)
        defer { statement.reset() }
        var rows: [CollectionRow] = []
        while try statement.step() { rows.append(CollectionRow(statement)) }
        let digest = rows.reduce(0) { $0 ^ $1.nameChecksum }
        guard try expected ?? StoreState.load(on: connection).collections == digest else {
            throw CatalogueError(.storeDamaged, "The list of Collections in the catalogue's database is damaged.")
        }
        return rows
    }

    /// Replaces what may change, and the checksum.
    func save(on connection: OpaquePointer) throws {
        let update = try Statement(
            "UPDATE collection SET sequence = ?2, items = ?3, digest = ?4, checksum = ?5 WHERE number = ?1",
            on: connection)
        update.bind(number, at: 1)
        update.bind(sequence, at: 2)
        if let itemCount { update.bind(itemCount, at: 3) }
        update.bind(digest, at: 4)
        update.bind(checksum, at: 5)
        try update.run()
    }
}
