public import HTTPEdge
import Logging
import SQLDatabase
public import ServiceLifecycle
public import ServiceModule
import Telemetry

/// The database of the services: those that store something depend on it, and only then it is opened.
///
///     static let dependencies = ["database"]
///     init(_ context: ModuleContext<Void>) throws {
///         database = try context.capability(Database.self)
///     }
public struct DatabaseModule: ServiceModule {
    public static let name = "database"
    public static let summary = "Stores what services must not forget."
    public static let isOnByDefault = false

    private let database: Database

    /// See `DatabaseSettings`.
    public static func configuration(_ settings: Settings) throws -> DatabaseSettings {
        try DatabaseSettings(settings)
    }

    public init(_ context: ModuleContext<DatabaseSettings>) throws {
        let database = try context.configuration.database(home: context.home, logger: context.logger)
        self.database = database
        context.telemetry.add { DatabaseMetrics.families(of: database.statistics, "services") }
    }

    public var capabilities: [any Sendable] { [database] }

    /// Closes the database after the services that depend on it have ended.
    public var services: [any Service] { [Closing(database: database)] }

    public var readiness: [ReadinessCheck] {
        let database = database
        return [
            ReadinessCheck("database") {
                do {
                    try database.read(timeout: .seconds(2)) { _ = try $0.rows("SELECT 1 AS one") }
                    return nil
                } catch let error as DatabaseError {
                    return error.message
                } catch {
                    return "the database does not respond"
                }
            }
        ]
    }

    private struct Closing: Service {
        let database: Database

        func run() async throws {
            try? await gracefulShutdown()
            database.close()
        }
    }
}
