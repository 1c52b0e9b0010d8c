public import ArgumentParser
public import Catalogue
import CatalogueSQLite
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
        BackupCommand.self, RestoreCommand.self,
    ]

    private let engine: CatalogueEngine
    private let maintenance: CatalogueMaintenance

    public struct Configuration: Sendable {
        let itemCacheByteCount: Int
        let warmUpByteCount: Int
    }

    /// - `itemCacheByteCount` (int, default 67108864): Size of the cache of Item bodies, in bytes; 0: none.
    /// - `warmUpByteCount` (int, default 2147483648): How much of the search index's files a server reads when it
    ///   starts, in bytes; not more than half of its available memory; 0: nothing.
    public static func configuration(_ settings: Settings) throws -> Configuration {
        Configuration(
            itemCacheByteCount: try settings.int("itemCacheByteCount", in: 0...(1 << 40), default: 64 << 20),
            warmUpByteCount: try settings.int("warmUpByteCount", in: 0...(1 << 40), default: 2 << 30))
    }

    public init(_ context: ModuleContext<Configuration>) throws {
        let engine = try withLogger(context.logger) { _ in
            try CommonOptions.opening(context.home) {
                try CatalogueEngine(
                    home: context.home, index: .permanent, creating: context.homeAccess == .create,
                    isReadOnly: context.homeAccess == .readOnly,
                    cacheByteCount: context.configuration.itemCacheByteCount
                ) {
                    context.logger.warning(
                        "A command holds the index; what it has written is searched, and followed")
                }
            }
        }
        self.engine = engine
        maintenance = CatalogueMaintenance(
            engine: engine, logger: context.logger,
            warmUpByteCount: min(context.configuration.warmUpByteCount, (AvailableMemory.byteCount ?? .max) / 2))
        context.telemetry.add { CatalogueMetrics.families(of: engine) }
    }

    public var services: [any Service] { [maintenance] }
    public var facts: [String] {
        let count = (try? engine.status())?.collections.reduce(0) { $0 + $1.itemCount }
        let items = count.map { "\(ConsoleFormat.grouped($0)) Items" } ?? "Items unknown"
        return ["Catalogue: \(engine.home), \(items)\(engine.isReadOnly ? ", read-only" : "")"]
    }
    public var capabilities: [any Sendable] { [engine] }

    public var readiness: [ReadinessCheck] {
        let engine = engine
        return [
            ReadinessCheck("catalogue") {
                (try? engine.collections()) == nil ? "the store of the catalogue cannot be read" : nil
            },
            ReadinessCheck("index") { engine.searchDelay() },
        ]
    }
}

extension CommonOptions {
    /// Opens the catalogue for a command that ends soon.
    ///
    /// - Parameter creating: Whether one is begun where there is none.
    public func catalogue(index: CatalogueEngine.IndexUse, creating: Bool = false) async throws -> CatalogueEngine {
        let home = try await configuration().home
        return try Self.opening(home) { try CatalogueEngine(home: home, index: index, creating: creating) }
    }

    /// Adds to an error where the catalogue is, and what can be done.
    static func opening<Result>(_ home: String, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as CatalogueError {
            switch error.code {
            case .storeMissing where CatalogueDirectory.names(in: home).contains("index"):
                throw CommandError(error.message)
            case .storeMissing:
                throw CommandError(
                    "There is no catalogue in \(home). Is the path (--home, TERRABYTE_HOME) right? 'terrabyte demo', 'terrabyte collections put', 'terrabyte items load --create-collection' and 'terrabyte serve --create' begin a catalogue."
                )
            case .storeDamaged where !error.message.contains("terrabyte"):
                throw CommandError("\(home): \(error) 'terrabyte restore' makes a catalogue of a backup.")
            default: throw CommandError("\(home): \(error)")
            }
        }
    }
}
