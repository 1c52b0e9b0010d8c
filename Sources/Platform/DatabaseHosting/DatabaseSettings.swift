import Logging
public import SQLDatabase
public import ServiceModule

/// The section `database` of the configuration.
public struct DatabaseSettings: Sendable {
    static let fileName = "platform.sqlite"

    /// Its location is overridden by `database(home:logger:)` when none is configured.
    private var configuration = DatabaseConfiguration(.sqlite(path: fileName))
    private let hasLocation: Bool
    /// See `WorkLeases`.
    public let leaseDuration: Duration

    /// - `url` (string, default: the file `platform.sqlite` in the home directory): `sqlite:PATH`, a path, or
    ///   `postgresql://USER:PASSWORD@HOST/DATABASE?sslmode=verify-full`. Shown without its password. Of PostgreSQL, the
    ///   database of the catalogue, too.
    /// - `replicas` (strings, default none): URLs of PostgreSQL's standbys, for reads that may lag.
    /// - `listenURL` (string, default: `url`): Where notifications come from, if `url` is a pooler in transaction mode.
    /// - `poolSize` (int, default 10): Connections of this node to each server.
    /// - `timeoutSeconds` (int, default 30): Limit of a transaction, with the wait for a connection and all attempts.
    /// - `reconnectTimeoutSeconds` (int, default 15): How long the server may be away before calls fail.
    /// - `leaseSeconds` (int, default 60): How long after the death of a node another one does what one node at a time does.
    /// - `preparedStatements` (bool, default true): Must be false behind PgBouncer before 1.21 in transaction mode.
    ///
    /// - Throws: `CommandError` with the key and the fault of its value.
    public init(_ settings: Settings) throws {
        let location = try settings.secret("url", default: nil) { try DatabaseLocation($0) }
        hasLocation = location != nil
        if let location { configuration.location = location }
        configuration.replicas = try settings.secrets("replicas") { try PostgreSQLURL($0) }
        configuration.listenURL = try settings.secret("listenURL", default: nil) { try PostgreSQLURL($0) }
        configuration.poolSize = try settings.int("poolSize", in: 1...1_000, default: configuration.poolSize)
        configuration.timeout = try settings.seconds("timeoutSeconds", in: 1...86_400, default: configuration.timeout)
        configuration.reconnectTimeout = try settings.seconds(
            "reconnectTimeoutSeconds", in: 0...86_400, default: configuration.reconnectTimeout)
        leaseDuration = try settings.seconds(
            "leaseSeconds", in: 1...86_400, default: WorkLeases.defaultDuration)
        configuration.preparesStatements = try settings.bool(
            "preparedStatements", default: configuration.preparesStatements)
        guard configuration.location.kind == .postgreSQL || configuration.replicas.isEmpty else {
            throw CommandError("database.replicas: standbys are of a PostgreSQL database, and database.url names none")
        }
        guard configuration.location.kind == .postgreSQL || configuration.listenURL == nil else {
            throw CommandError("database.listenURL: it is for a PostgreSQL database, and database.url names none")
        }
    }

    /// Of the PostgreSQL database that has everything, also the catalogue; `nil`: SQLite files are used.
    public var postgreSQL: DatabaseConfiguration? {
        configuration.location.kind == .postgreSQL ? configuration : nil
    }

    /// The database, which is opened when it is first used. `close` must be called in the end.
    ///
    /// - Parameter home: The directory of the platform's own files.
    func database(home: String, creates: Bool = true, logger: Logger) throws -> Database {
        var configuration = configuration
        configuration.createsFile = creates
        if !hasLocation { configuration.location = .sqlite(path: "\(home)/\(Self.fileName)") }
        return Database(configuration, logger: logger)
    }
}

extension CommonOptions {
    /// Runs `body` with the database, for a command.
    ///
    /// - Parameter creates: Whether a SQLite file is made where there is none; commands that only read make none.
    public func withDatabase<Result>(creates: Bool, _ body: (Database) async throws -> Result) async throws -> Result {
        let configuration = try await configuration()
        let settings = try DatabaseSettings(configuration.settings.scoped(to: DatabaseModule.name))
        var logger = Logger(label: "terrabyte")
        logger.logLevel = configuration.logLevel
        let database = try settings.database(home: configuration.home, creates: creates, logger: logger)
        defer { database.close() }
        return try await body(database)
    }
}
