public import Catalogue
import CataloguePostgreSQL
import CatalogueSQLite
import DatabaseHosting
import SQLDatabase
public import ServiceModule

/// Where a catalogue is, for commands and servers.
struct CataloguePlace: Sendable, CustomStringConvertible {
    /// The directory of the index, and of the store unless that is in a database.
    let home: String
    /// The PostgreSQL database of the store, if it is in one.
    let database: DatabaseConfiguration?
    /// See `WorkLeases`.
    let leaseDuration: Duration
    /// Where a new node copies its index from; see `CatalogueModule.configuration(_:)`.
    var indexSource: String?

    init(
        home: String, database: DatabaseConfiguration?, leaseDuration: Duration = WorkLeases.defaultDuration
    ) {
        self.home = home
        self.database = database
        self.leaseDuration = leaseDuration
    }

    init(home: String, _ configuration: CatalogueModule.Configuration) {
        let database = configuration.database
        self.init(home: home, database: database.postgreSQL, leaseDuration: database.leaseDuration)
        indexSource = configuration.indexSource
    }

    /// The database without a password, or the directory.
    var description: String { database.map { "\($0.location)" } ?? home }

    /// - Throws: `CommandError` that says where the catalogue is, and what can be done.
    func open(
        index: CatalogueEngine.IndexUse, creating: Bool, isReadOnly: Bool = false,
        cacheByteCount: Int = CatalogueEngine.defaultCacheByteCount, onWaiting: () -> Void = {}
    ) throws -> CatalogueEngine {
        do {
            if let database {
                guard !isReadOnly || CatalogueDirectory.exists(home) else {
                    throw CommandError(
                        "There is no directory \(home): begin once without --read-only, which makes it and builds the search index there."
                    )
                }
                return try CatalogueEngine(
                    postgreSQL: database, home: home, index: index, copiedFrom: indexSource, creating: creating,
                    isReadOnly: isReadOnly, cacheByteCount: cacheByteCount, onWaiting: onWaiting)
            }
            return try CatalogueEngine(
                home: home, index: index, creating: creating, isReadOnly: isReadOnly, cacheByteCount: cacheByteCount,
                onWaiting: onWaiting)
        } catch let error as CatalogueError {
            throw explained(error)
        }
    }

    private func explained(_ error: CatalogueError) -> CommandError {
        switch error.code {
        case .storeMissing where database == nil && CatalogueDirectory.names(in: home).contains("index"):
            return CommandError(error.message)
        case .storeMissing:
            let option =
                database == nil
                ? "Is the path (--home, TERRABYTE_HOME) right?" : "Is the URL (--database, TERRABYTE_DATABASE) right?"
            return CommandError(
                "There is no catalogue in \(self). \(option) 'terrabyte demo', 'terrabyte collections put', 'terrabyte items load --create-collection' and 'terrabyte serve --create' begin a catalogue."
            )
        case .storeDamaged where database == nil && !error.message.contains("terrabyte"):
            return CommandError("\(self): \(error) 'terrabyte restore' makes a catalogue of a backup.")
        default: return CommandError("\(self): \(error)")
        }
    }
}

extension CommonOptions {
    /// Opens the catalogue for a command that ends soon.
    ///
    /// - Parameter creating: Whether one is begun where there is none.
    public func catalogue(index: CatalogueEngine.IndexUse, creating: Bool = false) async throws -> CatalogueEngine {
        try await cataloguePlace().open(index: index, creating: creating)
    }

    func cataloguePlace() async throws -> CataloguePlace {
        let configuration = try await configuration()
        let settings = configuration.settings.scoped(to: CatalogueModule.name)
        return CataloguePlace(home: configuration.home, try CatalogueModule.configuration(settings))
    }
}
