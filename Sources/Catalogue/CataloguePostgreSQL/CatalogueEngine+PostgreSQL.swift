public import Catalogue
public import SQLDatabase

extension CatalogueEngine {
    /// Opens the catalogue in a PostgreSQL database; its index is in the directory `home`, which is made if it does not
    /// exist.
    ///
    /// - Parameters:
    ///   - creating: Whether a catalogue is begun if the database has none.
    ///   - isReadOnly: Whether nothing may be written, neither to the database nor to the directory.
    ///   - Others: See `init(store:home:index:copiedFrom:cacheByteCount:isReadOnly:onWaiting:)`.
    /// - Throws: As that; `storeMissing` when there is no catalogue; `storeUnsupported` for one of a newer version;
    ///   `storeBusy` when the database cannot be reached.
    public convenience init(
        postgreSQL configuration: DatabaseConfiguration, home: String, index use: IndexUse = .required,
        copiedFrom source: String? = nil, creating: Bool = true, isReadOnly: Bool = false,
        cacheByteCount: Int = defaultCacheByteCount, followedInMemory: SequenceNumber? = nil,
        onWaiting: () -> Void = {}
    ) throws {
        let store = try PostgreSQLItemStore(configuration, mode: isReadOnly ? .read : creating ? .create : .write)
        try self.init(
            store: store, home: home, index: use, copiedFrom: source, cacheByteCount: cacheByteCount,
            isReadOnly: isReadOnly, followedInMemory: followedInMemory, onWaiting: onWaiting)
    }
}
