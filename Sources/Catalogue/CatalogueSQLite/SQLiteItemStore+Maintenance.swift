import Catalogue
import GRDB

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension SQLiteItemStore {
    /// Checks the integrity of the database and of our data in it; reads all of it.
    ///
    /// Works on one snapshot of the store: others read and write meanwhile, but the log grows until the end.
    ///
    /// - Returns: The first hundred faults, as sentences; empty if there are none.
    public func integrityCheck() throws -> [String] {
        try Self.check(path, access: readers.access, configuration) { try $0.integrityCheck() }
    }

    public func structureCheck() throws -> [String] {
        try Self.check(path, access: readers.access, configuration) { try $0.structureCheck() }
    }

    /// On a connection of its own: it fills its cache with pages that no other reader needs.
    private static func check(
        _ path: String, access: SQLiteReader.Access, _ configuration: Configuration,
        _ body: (SQLiteReader) throws -> [String]
    ) throws -> [String] {
        do {
            return try catalogueErrors {
                try body(SQLiteReader(path: path, access: access, configuration: configuration))
            }
        } catch let error as CatalogueError where error.code == .storeDamaged {
            return [error.description]
        }
    }

    public func backup(toDirectory directory: String) throws {
        let target = "\(directory)/\(Self.fileName)"
        if fileByteCount(target) > 0 {
            let own = try readers.withReader { try $0.state() }
            let other = try? catalogueErrors {
                try SQLiteReader(path: target, access: .readOnly, configuration: configuration).state()
            }
            guard let other, other.isBackup, other.origin == own.origin else {
                throw CatalogueError(
                    .invalid,
                    "There is another catalogue in \(directory); a backup goes into an empty directory, or replaces an earlier backup of the same catalogue."
                )
            }
        }
        try backup(to: target)
    }

    /// Copies a snapshot of the store to `path`, replacing an existing file.
    ///
    /// Others read and write meanwhile; the log grows until the end. The copy is on disk when this returns. It has an
    /// identity of its own, since it may diverge: if it replaces this store, followers that have read further must not
    /// take it for this one.
    ///
    /// - Parameter isBackup: Whether the copy is marked as a backup, until something is written to it.
    /// - Throws: `storeBusy` when there is a store at `path` that is open, or was when its process died;
    ///   `storeDamaged` for a copy that is not sound: nothing is replaced then.
    public func backup(to path: String, isBackup: Bool = true) throws {
        // Its log would be taken for that of the copy.
        guard fileByteCount(path + "-wal") == 0 else {
            throw CatalogueError(.storeBusy, "The catalogue that the backup would replace is in use.")
        }
        let partial = path + ".partial"
        func removePartial() { for suffix in ["", "-wal", "-shm", "-journal"] { unlink(partial + suffix) } }
        removePartial()
        do {
            try catalogueErrors {
                var options = GRDB.Configuration()
                options.foreignKeysEnabled = false
                options.busyMode = .timeout(Double(configuration.patienceSeconds))
                let target = try DatabaseQueue(path: partial, configuration: options)
                // All pages in one step: with several, each write between them makes SQLite start again.
                let source = try SQLiteReader(path: self.path, access: readers.access, configuration: configuration)
                try target.writeWithoutTransaction { db in
                    try source.copy(to: db.sqliteConnection!)
                    var state = try StoreState.load(on: db.sqliteConnection!)
                    state.identity = StoreIdentity.random()
                    state.isBackup = isBackup
                    try state.save(on: db.sqliteConnection!)
                }
                try target.close()
            }
            // A copy of damage would take the place of a sound backup, and be trusted.
            let faults = try Self.check(partial, access: .readOnly, configuration) { try $0.integrityCheck() }
            guard faults.isEmpty else {
                throw CatalogueError(
                    .storeDamaged, "The catalogue is damaged, and has not been copied: \(faults.joined(separator: " "))"
                )
            }
        } catch {
            removePartial()
            throw error
        }
        guard rename(partial, path) == 0, synchronizeDirectory(of: path) else {
            let reason = String(cString: strerror(errno))
            removePartial()
            throw CatalogueError(.storeFailed, "The backup cannot be given its name: \(reason).")
        }
    }

    public func byteCount() throws -> Int { fileByteCount(path) + logByteCount }

    /// Length of the write-ahead log.
    var logByteCount: Int { fileByteCount(path + "-wal") }
}

/// 0 for a file that is not there.
func fileByteCount(_ path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
}

/// Makes a new name in a directory durable.
private func synchronizeDirectory(of path: String) -> Bool {
    let directory = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    let descriptor = open(directory, O_RDONLY)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    // Some network file systems reject syncing a directory (EINVAL), and do not need it.
    return fsync(descriptor) == 0 || errno == EINVAL
}
