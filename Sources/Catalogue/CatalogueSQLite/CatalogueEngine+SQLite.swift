public import Catalogue

extension CatalogueEngine {
    /// Opens the catalogue in the directory `home` with a SQLite database as its store.
    ///
    /// - Parameters:
    ///   - creating: Whether directory and database are created if they do not exist.
    ///   - isReadOnly: Whether nothing may be written. A directory without permission to write is opened so, unless the
    ///     catalogue may be created.
    ///   - Others: See `init(store:home:index:copiedFrom:cacheByteCount:isReadOnly:onWaiting:)`.
    /// - Throws: As that; `storeMissing` when there is no catalogue; `storeUnsupported` for a database that is none or was
    ///   written by a newer version.
    public convenience init(
        home: String, index use: IndexUse = .required, creating: Bool = true, isReadOnly: Bool = false,
        cacheByteCount: Int = defaultCacheByteCount, followedInMemory: SequenceNumber? = nil,
        onWaiting: () -> Void = {}
    ) throws {
        let directory =
            creating && !isReadOnly ? try CatalogueDirectory.make(home) : try CatalogueDirectory.existing(home)
        let path = "\(directory)/\(SQLiteItemStore.fileName)"
        if fileByteCount(path) == 0 {
            guard !CatalogueDirectory.exists(directory + "/index/manifest.json") else {
                throw CatalogueError(
                    .storeMissing,
                    "The database of the catalogue in \(home), \(SQLiteItemStore.fileName), is gone, though its search index is there. Restore a backup, or remove the directory to begin anew."
                )
            }
            guard creating, !isReadOnly else {
                throw CatalogueError(.storeMissing, "There is no catalogue in \(home).")
            }
        }
        let isReadOnly =
            isReadOnly
            || !creating && !(CatalogueDirectory.isWritable(directory) && CatalogueDirectory.isWritable(path))
        let store = try SQLiteItemStore(path: path, mode: isReadOnly ? .read : creating ? .create : .write)
        try self.init(
            store: store, home: home, index: use, cacheByteCount: cacheByteCount, isReadOnly: isReadOnly,
            followedInMemory: followedInMemory, onWaiting: onWaiting)
    }

    /// Makes a catalogue of a backup, which is read as a whole and must be sound.
    ///
    /// - Parameters:
    ///   - backup: A directory that `backup` has written.
    ///   - home: An empty directory, or none; it may hold a configuration file.
    /// - Throws: `storeMissing`; `invalid` for a home that is not empty; `storeDamaged`.
    public static func restore(from backup: String, to home: String) throws {
        let source = try CatalogueDirectory.existing(backup) + "/" + SQLiteItemStore.fileName
        guard fileByteCount(source) > 0 else {
            throw CatalogueError(.storeMissing, "There is no backup in \(backup).")
        }
        let names = CatalogueDirectory.names(in: home).filter { $0 != "terrabyte.json" }
        guard names.isEmpty else {
            throw CatalogueError(
                .invalid, "\(home) is not empty (\(names[0])); a backup is restored to an empty or new directory.")
        }
        let store = try SQLiteItemStore(path: source, mode: .read)
        let isNew = !CatalogueDirectory.exists(home)
        let directory = try CatalogueDirectory.make(home)
        do {
            try store.backup(to: "\(directory)/\(SQLiteItemStore.fileName)", isBackup: false)
        } catch {
            if isNew { CatalogueDirectory.removeEmpty(directory) }
            throw error
        }
    }
}
