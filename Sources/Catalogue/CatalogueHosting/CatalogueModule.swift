public import ArgumentParser
import Catalogue
import CataloguePostgreSQL
import DatabaseHosting
import Foundation
public import HTTPEdge
import Logging
import ProcessMemory
public import ServiceLifecycle
public import ServiceModule
import Telemetry

/// The catalogue as a service: services that need it start it, and it owns the index while a server runs.
public struct CatalogueModule: ServiceModule {
    public static let name = "catalogue"
    public static let summary = "Stores Collections and Items, with their index."
    public static let isOnByDefault = false
    public static let commands: [any ParsableCommand.Type] = [
        CollectionsCommand.self, ItemsCommand.self, StatusCommand.self, VerifyCommand.self, ReindexCommand.self,
        BackupCommand.self, RestoreCommand.self, CopyCommand.self,
    ]

    private let engine: CatalogueEngine
    private let maintenance: CatalogueMaintenance
    private let reports: NodeReports
    private let readyLag: Duration
    private let place: CataloguePlace
    private let leases: WorkLeases

    public struct Configuration: Sendable {
        let itemCacheByteCount: Int
        let warmUpByteCount: Int
        let indexSource: String?
        let readyLag: Duration
        let nodeName: String?
        let database: DatabaseSettings
    }

    /// - `itemCacheByteCount` (int, default 67108864): Size of the cache of Item bodies, in bytes; 0: none.
    /// - `warmUpByteCount` (int, default 2147483648): How much of the search index's files a server reads when it
    ///   starts, in bytes; not more than half of its available memory; 0: nothing.
    /// - `indexSource` (string, default none): The home of another node of the same PostgreSQL database, or a copy of its
    ///   index: copied when there is no index in this one's, instead of reading all Items.
    /// - `readyLagSeconds` (int, default 30): A node is ready while its searches see all that was stored so long ago.
    /// - `nodeName` (string, default: host name and port): What this node is called beside others on PostgreSQL.
    public static func configuration(_ settings: Settings) throws -> Configuration {
        Configuration(
            itemCacheByteCount: try settings.int("itemCacheByteCount", in: 0...(1 << 40), default: 64 << 20),
            warmUpByteCount: try settings.int("warmUpByteCount", in: 0...(1 << 40), default: 2 << 30),
            indexSource: try settings.string("indexSource"),
            readyLag: try settings.seconds(
                "readyLagSeconds", in: 1...86_400, default: CatalogueEngine.defaultReadyLag),
            nodeName: try settings.string("nodeName"),
            database: try DatabaseSettings(settings.other(DatabaseModule.name)))
    }

    public init(_ context: ModuleContext<Configuration>) throws {
        let place = CataloguePlace(home: context.home, context.configuration)
        let engine = try withLogger(context.logger) { _ in
            try place.open(
                index: .permanent, creating: context.homeAccess == .create,
                isReadOnly: context.homeAccess == .readOnly,
                cacheByteCount: context.configuration.itemCacheByteCount
            ) {
                context.logger.warning(
                    "A command holds the index; what it has written is searched, and followed")
            }
        }
        self.engine = engine
        self.place = place
        leases = try place.leases(isReadOnly: engine.isReadOnly, logger: context.logger)
        readyLag = context.configuration.readyLag
        // From now on, `reports` does so.
        engine.checkCollections()
        maintenance = CatalogueMaintenance(
            engine: engine, logger: context.logger,
            warmUpByteCount: min(context.configuration.warmUpByteCount, (AvailableMemory.byteCount ?? .max) / 2),
            turn: leases.upkeepTurn(logger: context.logger))
        let (server, name, id) = (context.server, context.configuration.nodeName, UUID().uuidString.lowercased())
        reports = NodeReports(engine: engine, logger: context.logger, id: id) {
            server.port.map { port in
                engine.nodeState(
                    id: id, name: name ?? "\(HostName.current):\(port)", host: HostName.current,
                    services: server.serviceNames, version: Platform.version, isReady: server.isReady)
            }
        }
        context.telemetry.add { CatalogueMetrics.families(of: engine) }
        guard let store = engine.store as? PostgreSQLItemStore else { return }
        context.telemetry.add { PostgreSQLMetrics.families(of: store, responds: engine.storeResponds) }
    }

    public var services: [any Service] { [maintenance, reports] }
    public var facts: [String] {
        let count = (try? engine.status())?.collections.reduce(0) { $0 + $1.itemCount }
        let items = count.map { ConsoleFormat.count($0, "Item") } ?? "Items unknown"
        let index = place.database == nil ? "" : ", index in \(engine.home)"
        return ["Catalogue: \(place), \(items)\(engine.isReadOnly ? ", read-only" : "")\(index)"]
    }
    public var capabilities: [any Sendable] { [engine, leases] }

    public var readiness: [ReadinessCheck] {
        let (engine, readyLag) = (engine, readyLag)
        return [
            ReadinessCheck("catalogue") { engine.collectionFailure() },
            ReadinessCheck("index") { engine.searchDelay(atMost: readyLag) },
        ]
    }
}
