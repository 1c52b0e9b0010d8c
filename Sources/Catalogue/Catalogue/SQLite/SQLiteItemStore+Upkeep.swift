import GRDB

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension SQLiteItemStore {
    /// Checks the database's structure and ours in it; reads all of it.
    ///
    /// Works on one view of the store: others read and write meanwhile, but the log grows until the end.
    ///
    /// - Returns: What is wrong, in sentences, the first hundred; empty if all is well.
    public func integrityCheck() throws -> [String] {
        // A connection of its own: it fills its cache with pages that nobody else will ask for.
        do {
            return try catalogueErrors {
                try SQLiteReader(path: path, configuration: configuration).integrityCheck()
            }
        } catch let error as CatalogueError where error.code == .storeDamaged {
            return [error.description]
        }
    }

    /// Copies the store, as it is at one moment, to `path`, in place of what is there.
    ///
    /// Others read and write meanwhile; the log grows until the end. The copy is on disk when this returns. It has an
    /// identity of its own, since it may go its own way: put in this store's place, it must not be taken for this one
    /// by those who have followed this one further.
    ///
    /// - Throws: `storeBusy` when there is a store at `path` that is open, or was when its process died.
    public func backup(to path: String) throws {
        // Its log would be taken for that of the copy.
        guard byteCount(ofFile: path + "-wal") == 0 else {
            throw CatalogueError(.storeBusy, "The catalogue that the backup would replace is in use.")
        }
        let partial = path + ".partial"
        func removePartial() { for suffix in ["", "-wal", "-shm", "-journal"] { unlink(partial + suffix) } }
        removePartial()
        try catalogueErrors {
            do {
                var options = GRDB.Configuration()
                options.foreignKeysEnabled = false
                options.busyMode = .timeout(Double(configuration.patienceSeconds))
                let target = try DatabaseQueue(path: partial, configuration: options)
                options.readonly = true
                // All pages in one step: with several, each write between them makes SQLite start again.
                try DatabaseQueue(path: self.path, configuration: options).backup(to: target)
                try target.write { try $0.execute(sql: "UPDATE state SET identity = lower(hex(randomblob(16)))") }
                try target.close()
            } catch {
                removePartial()
                throw error
            }
        }
        guard rename(partial, path) == 0, synchronizeDirectory(of: path) else {
            let reason = String(cString: strerror(errno))
            removePartial()
            throw CatalogueError(.storeFailed, "The backup cannot be given its name: \(reason).")
        }
    }

    /// Counts what there is. Reads the keys of all Items: about a second for ten million.
    public func statistics() throws -> Statistics {
        var statistics = try readers.withReader { try $0.statistics() }
        statistics.logByteCount = byteCount(ofFile: path + "-wal")
        return statistics
    }
}

extension SQLiteItemStore {
    public struct Statistics: Sendable, Hashable {
        public struct Collection: Sendable, Hashable {
            public let id: String
            public let number: CollectionNumber
            public let itemCount: Int
        }

        /// By id.
        public let collections: [Collection]
        public let lastSequence: SequenceNumber
        /// Replaced and removed versions up to this sequence have been purged.
        public let purgedSequence: SequenceNumber
        /// Of the database without its log.
        public let databaseByteCount: Int
        /// The part of the database that is free for new rows.
        public let freeByteCount: Int
        /// Of the write-ahead log.
        public internal(set) var logByteCount = 0
    }
}

extension SQLiteReader {
    fileprivate func statistics() throws -> SQLiteItemStore.Statistics {
        try snapshot {
            func integer(_ sql: String) throws -> Int64 {
                let statement = try Statement(sql, on: connection)
                defer { statement.reset() }
                return try statement.step() ? statement.integer(0) : 0
            }
            let pageByteCount = try Int(integer("PRAGMA page_size"))
            return try SQLiteItemStore.Statistics(
                collections: itemCounts(),
                lastSequence: lastSequence(),
                purgedSequence: integer("SELECT purged FROM state"),
                databaseByteCount: Int(integer("PRAGMA page_count")) * pageByteCount,
                freeByteCount: Int(integer("PRAGMA freelist_count")) * pageByteCount)
        }
    }

    private func itemCounts() throws -> [SQLiteItemStore.Statistics.Collection] {
        let statement = try Statement(
            """
            SELECT id, number, (SELECT count(*) FROM item_key WHERE collection = number) FROM collection ORDER BY id
            """, on: connection)
        var counts: [SQLiteItemStore.Statistics.Collection] = []
        while try statement.step() {
            counts.append(
                .init(id: statement.text(0), number: statement.integer(1), itemCount: Int(statement.integer(2))))
        }
        return counts
    }
}

private func byteCount(ofFile path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
}

/// Makes a new name in a directory outlive a loss of power.
private func synchronizeDirectory(of path: String) -> Bool {
    let directory = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    let descriptor = open(directory, O_RDONLY)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    // Some network file systems refuse to synchronize a directory (EINVAL), and need not be asked.
    return fsync(descriptor) == 0 || errno == EINVAL
}
