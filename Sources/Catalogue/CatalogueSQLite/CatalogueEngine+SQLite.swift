public import Catalogue

extension CatalogueEngine {
    /// Opens the catalogue in the directory `home` with a SQLite database as its store; both are created if they do not
    /// exist.
    ///
    /// - Parameters: See `init(store:home:index:cacheByteCount:onWaiting:)`.
    /// - Throws: As that, and `storeUnsupported` for a database that is no catalogue or was written by a newer version.
    public convenience init(
        home: String, index use: IndexUse = .required, cacheByteCount: Int = defaultCacheByteCount,
        onWaiting: () -> Void = {}
    ) throws {
        let directory = try CatalogueDirectory.make(home)
        let store = try SQLiteItemStore(path: "\(directory)/\(SQLiteItemStore.fileName)")
        try self.init(store: store, home: home, index: use, cacheByteCount: cacheByteCount, onWaiting: onWaiting)
    }
}
