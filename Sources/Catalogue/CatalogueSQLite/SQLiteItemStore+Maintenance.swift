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
        // A connection of its own: it fills its cache with pages that no other reader needs.
        do {
            return try catalogueErrors {
                try SQLiteReader(path: path, configuration: configuration).integrityCheck()
            }
        } catch let error as CatalogueError where error.code == .storeDamaged {
            return [error.description]
        }
    }

    public func backup(toDirectory directory: String) throws {
        try backup(to: "\(directory)/\(Self.fileName)")
    }

    /// Copies a snapshot of the store to `path`, replacing an existing file.
    ///
    /// Others read and write meanwhile; the log grows until the end. The copy is on disk when this returns. It has an
    /// identity of its own, since it may diverge: if it replaces this store, followers that have read further must not
    /// take it for this one.
    ///
    /// - Throws: `storeBusy` when there is a store at `path` that is open, or was when its process died.
    public func backup(to path: String) throws {
        // Its log would be taken for that of the copy.
        guard fileByteCount(path + "-wal") == 0 else {
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

    public func byteCount() throws -> Int { fileByteCount(path) + logByteCount }

    /// Length of the write-ahead log.
    var logByteCount: Int { fileByteCount(path + "-wal") }
}

private func fileByteCount(_ path: String) -> Int {
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
