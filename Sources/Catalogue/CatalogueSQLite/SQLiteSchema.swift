import Catalogue
import GRDB

/// The tables of `SQLiteItemStore` and their migrations.
enum SQLiteSchema {
    /// "tera": distinguishes our files from other SQLite databases.
    static let applicationID: Int32 = 0x7465_7261

    /// Rejects databases of other applications.
    static func recognise(_ db: Database) throws {
        let applicationID = try Int32.fetchOne(db, sql: "PRAGMA application_id")
        // A crash during the creation of the store leaves at most GRDB's empty table of migrations.
        let isNew = try !Bool.fetchOne(
            db, sql: "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE tbl_name <> 'grdb_migrations')")!
        guard applicationID == Self.applicationID || (applicationID == 0 && isNew) else {
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
        return migrator
    }

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
}
