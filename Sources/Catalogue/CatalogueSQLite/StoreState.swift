import Catalogue

/// The only row of the table `state`.
struct StoreState {
    /// The sequence of the newest change.
    var last: SequenceNumber
    /// Removals up to it have left no versions behind.
    var purged: SequenceNumber
    /// The highest sequence of rows that may lack a checksum: those of stores from before there were any.
    var unchecked: SequenceNumber
    /// Whether the store is a backup to which nothing has been written.
    var isBackup: Bool
    /// The checksums of the collections' numbers and ids, combined by XOR: tells when one is missing.
    var collections: Int64
    /// Tells this store from all others.
    var identity: String
    /// The same for a store and all its copies.
    var origin: String

    static let columns = "last, purged, unchecked, is_backup, collections, identity, origin, checksum"

    /// Reads the current row of a statement that selects `columns`.
    ///
    /// - Throws: `storeDamaged`.
    init(_ statement: Statement) throws {
        self.init(unchecked: statement)
        guard statement.hasChecksum(checksum, at: 7) else { throw Self.damaged }
    }

    /// The same, without comparing the checksum.
    init(unchecked statement: Statement) {
        last = statement.integer(0)
        purged = statement.integer(1)
        unchecked = statement.integer(2)
        isBackup = statement.integer(3) != 0
        collections = statement.integer(4)
        identity = statement.text(5)
        origin = statement.text(6)
    }

    static let damaged = CatalogueError(
        .storeDamaged, "The catalogue's database is damaged: it has lost count of its changes.")

    var checksum: Int64 {
        var (identity, origin) = (identity, origin)
        return identity.withUTF8 { identity in
            origin.withUTF8 { origin in
                RowChecksum.of(
                    .state, (last, purged, unchecked &* 2 &+ (isBackup ? 1 : 0), collections),
                    UnsafeRawBufferPointer(identity), UnsafeRawBufferPointer(origin))
            }
        }
    }

    /// Replaces the row.
    func save(on connection: OpaquePointer) throws {
        try save(Statement(Self.update, on: connection))
    }

    static let update = """
        UPDATE state SET last = ?1, purged = ?2, unchecked = ?3, is_backup = ?4, collections = ?5, identity = ?6,
            origin = ?7, checksum = ?8
        """

    /// - Parameter update: Made of `update`.
    func save(_ update: Statement) throws {
        update.bind(last, at: 1)
        update.bind(purged, at: 2)
        update.bind(unchecked, at: 3)
        update.bind(isBackup ? 1 : 0, at: 4)
        update.bind(collections, at: 5)
        update.bind(checksum, at: 8)
        var (identity, origin) = (identity, origin)
        try identity.withUTF8 { identity in
            try origin.withUTF8 { origin in
                update.bind(text: identity, at: 6)
                update.bind(text: origin, at: 7)
                try update.run()
            }
        }
    }

    static func load(on connection: OpaquePointer) throws -> StoreState {
        let statement = try Statement("SELECT \(columns) FROM state", on: connection)
        defer { statement.reset() }
        guard try statement.step() else { throw damaged }
        return try StoreState(statement)
    }
}
