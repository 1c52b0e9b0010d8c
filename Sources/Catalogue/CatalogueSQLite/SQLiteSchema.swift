import Catalogue
import GRDB

/// The tables of `SQLiteItemStore` and their migrations.
enum SQLiteSchema {
    /// "tera": distinguishes our files from other SQLite databases.
    static let applicationID: Int32 = 0x7465_7261

    /// Rejects databases of other applications.
    ///
    /// - Parameter mayBeNew: Whether an empty database is accepted.
    static func recognise(_ db: Database, mayBeNew: Bool) throws {
        let applicationID = try Int32.fetchOne(db, sql: "PRAGMA application_id")
        // A crash during the creation of the store leaves at most GRDB's empty table of migrations.
        let isNew = try !Bool.fetchOne(
            db, sql: "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE tbl_name <> 'grdb_migrations')")!
        guard applicationID == Self.applicationID || (mayBeNew && applicationID == 0 && isNew) else {
            throw CatalogueError(.storeUnsupported, "The file is a database, but not a catalogue.")
        }
    }

    /// Creates or migrates the tables.
    static func migrate(_ queue: DatabaseQueue) throws {
        let migrator = migrator
        func isSuperseded() throws -> Bool { try queue.read { try migrator.hasBeenSuperseded($0) } }
        let newer = CatalogueError(.storeUnsupported, "The catalogue was written by a newer version of terrabyte.")
        guard try !isSuperseded() else { throw newer }
        do {
            try migrator.migrate(queue)
        } catch {
            // Another process may have been faster.
            guard try queue.read({ try migrator.hasCompletedMigrations($0) }) else { throw error }
        }
    }

    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { db in
            // PRAGMA takes no parameters; this one is part of the transaction.
            try db.execute(sql: "PRAGMA application_id = \(applicationID)")
            try db.execute(sql: version1)
        }
        migrator.registerMigration("2 checksums") { db in
            try db.execute(sql: version2)
            try addChecksums(on: db.sqliteConnection!)
        }
        return migrator
    }

    /// - Throws: `storeUnsupported` for a database that would have to be changed to be read.
    static func requireCurrent(_ reader: SQLiteReader) throws {
        let statement = try Statement("SELECT count(*), max(identifier) FROM grdb_migrations", on: reader.connection)
        defer { statement.reset() }
        _ = try statement.step()
        let known = migrator.migrations
        guard statement.text(1) == known.last, statement.integer(0) == known.count else {
            throw CatalogueError(
                .storeUnsupported,
                statement.integer(0) > known.count
                    ? "The catalogue was written by a newer version of terrabyte."
                    : "The catalogue was written by an earlier version: open it once with permission to write.")
        }
    }

    /// The statements that made the tables, as SQLite keeps them: to be compared with those of a file.
    static func expectedStatements() throws -> [String] {
        let queue = try DatabaseQueue()
        try migrator.migrate(queue)
        return try queue.read { try String.fetchAll($0, sql: statements) }
    }

    static let statements = "SELECT type || name || ifnull(sql, '') FROM sqlite_schema ORDER BY 1"

    private static let version1 = """
        -- One row. `last` is the newest change's sequence; removals up to `purged` have left no versions behind.
        -- `identity` tells this store from all others.
        CREATE TABLE state (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            last INTEGER NOT NULL,
            purged INTEGER NOT NULL,
            identity TEXT NOT NULL
        );
        INSERT INTO state VALUES (1, 0, 0, lower(hex(randomblob(16))));

        -- The collections that there are. AUTOINCREMENT: no number is used twice.
        CREATE TABLE collection (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            sequence INTEGER NOT NULL
        );

        -- Every write of a collection; `body` is NULL where it was removed.
        CREATE TABLE collection_change (
            sequence INTEGER PRIMARY KEY,
            collection INTEGER NOT NULL,
            id TEXT NOT NULL,
            body BLOB
        );
        CREATE INDEX collection_change_collection ON collection_change (collection);

        CREATE TABLE dictionary (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            collection INTEGER NOT NULL,
            bytes BLOB NOT NULL
        );
        CREATE INDEX dictionary_collection ON dictionary (collection);

        -- Every version of every Item, until purged. In the order of writing: a bulk load appends, and following
        -- is a scan.
        CREATE TABLE item (
            sequence INTEGER PRIMARY KEY,
            collection INTEGER NOT NULL,
            dictionary INTEGER NOT NULL,
            links_offset INTEGER NOT NULL,
            body BLOB NOT NULL
        );

        -- The current versions. Those of a removed collection stay until purged, but are not to be found.
        CREATE TABLE item_key (
            collection INTEGER NOT NULL,
            id TEXT NOT NULL,
            sequence INTEGER NOT NULL,
            PRIMARY KEY (collection, id)
        ) WITHOUT ROWID;

        -- The end of the version `removed`; `replaced` is 1 where the next sequence is the version in its place.
        CREATE TABLE removal (
            sequence INTEGER PRIMARY KEY,
            collection INTEGER NOT NULL,
            removed INTEGER NOT NULL,
            replaced INTEGER NOT NULL
        );
        """

    /// Rows of Items, keys and removals from before have no checksum until `addChecksums` of the store: there may be
    /// tens of millions. All others get theirs here.
    private static let version2 = """
        ALTER TABLE state ADD COLUMN unchecked INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE state ADD COLUMN is_backup INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE state ADD COLUMN collections INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE state ADD COLUMN origin TEXT NOT NULL DEFAULT '';
        ALTER TABLE state ADD COLUMN checksum INTEGER;
        UPDATE state SET unchecked = last, origin = identity;
        ALTER TABLE collection ADD COLUMN items INTEGER;
        ALTER TABLE collection ADD COLUMN digest INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE collection ADD COLUMN checksum INTEGER;
        ALTER TABLE collection_change ADD COLUMN checksum INTEGER;
        ALTER TABLE dictionary ADD COLUMN checksum INTEGER;
        ALTER TABLE item ADD COLUMN checksum INTEGER;
        ALTER TABLE item_key ADD COLUMN checksum INTEGER;
        ALTER TABLE removal ADD COLUMN checksum INTEGER;
        """

    private static func addChecksums(on connection: OpaquePointer) throws {
        func update(_ table: String, _ key: String, _ columns: String, _ checksum: (Statement) -> Int64) throws {
            let rows = try Statement("SELECT \(key), \(columns) FROM \(table)", on: connection)
            let update = try Statement("UPDATE \(table) SET checksum = ? WHERE \(key) = ?", on: connection)
            var checksums: [(key: Int64, checksum: Int64)] = []
            while try rows.step() { checksums.append((rows.integer(0), checksum(rows))) }
            for row in checksums {
                update.bind(row.checksum, at: 1)
                update.bind(row.key, at: 2)
                try update.run()
            }
        }
        try update("dictionary", "number", "collection, bytes") {
            RowChecksum.dictionary($0.integer(0), $0.integer(1), $0.bytes(2))
        }
        try update("collection_change", "sequence", "collection, id, body") {
            RowChecksum.collectionChange(
                $0.integer(0), $0.integer(1), $0.bytes(2), $0.isNull(3) ? nil : $0.bytes(3))
        }
        var digest: Int64 = 0
        let collections = try Statement("SELECT \(CollectionRow.columns) FROM collection", on: connection)
        var rows: [CollectionRow] = []
        while try collections.step() { rows.append(CollectionRow(collections)) }
        for row in rows {
            try row.save(on: connection)
            digest ^= row.nameChecksum
        }
        let statement = try Statement(
            "SELECT last, purged, unchecked, is_backup, collections, identity, origin FROM state", on: connection)
        guard try statement.step() else { throw StoreState.damaged }
        var state = StoreState(unchecked: statement)
        statement.reset()
        state.collections = digest
        try state.save(on: connection)
    }
}
