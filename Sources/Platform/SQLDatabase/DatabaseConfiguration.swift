/// Where a database is, and how it is used.
public struct DatabaseConfiguration: Sendable {
    public var location: DatabaseLocation
    /// Whether a SQLite file is made where there is none.
    public var createsFile = true
    /// Standbys for reads that may lag. PostgreSQL only.
    public var replicas: [PostgreSQLURL] = []
    /// Another way to the same database for notifications, which do not get through a pooler in transaction mode.
    public var listenURL: PostgreSQLURL?
    /// Connections, to each server; with SQLite those that read, beside one that writes.
    public var poolSize = 10
    /// Of a transaction with all its attempts, and the wait for a connection.
    public var timeout = Duration.seconds(30)
    /// How long a server may be away before calls fail.
    public var reconnectTimeout = Duration.seconds(15)
    /// Until an unused connection is closed.
    public var idleTimeout = Duration.seconds(600)
    /// Until a connection is made anew, so that changes of addresses and credentials take effect.
    public var maximumAge = Duration.seconds(3_600)
    /// Whether statements are prepared; must be off behind poolers in transaction mode that do not know of prepared
    /// statements, such as PgBouncer before 1.21.
    public var preparesStatements = true

    public init(_ location: DatabaseLocation) {
        self.location = location
    }
}

/// The place of a database.
public enum DatabaseLocation: Sendable, CustomStringConvertible {
    /// The path of a file.
    case sqlite(path: String)
    case postgreSQL(PostgreSQLURL)

    /// - Parameter text: `sqlite:PATH`, a path, `postgresql://…` or `postgres://…`.
    /// - Throws: `unavailable` for anything else, without a word of the text, in which may be a password.
    public init(_ text: String) throws(DatabaseError) {
        if text.hasPrefix("postgresql://") || text.hasPrefix("postgres://") {
            self = .postgreSQL(try PostgreSQLURL(text))
            return
        }
        let path = text.hasPrefix("sqlite:") ? String(text.dropFirst("sqlite:".count)) : text
        guard !path.isEmpty, !path.contains("\0"), !path.hasPrefix(":"), !path.contains("://"), !path.hasPrefix("//")
        else {
            throw DatabaseError(
                .unavailable,
                "The location of a database is 'sqlite:PATH', the path of a file, or 'postgresql://USER@HOST/DATABASE'."
            )
        }
        self = .sqlite(path: path)
    }

    public var kind: DatabaseKind {
        switch self {
        case .sqlite: .sqlite
        case .postgreSQL: .postgreSQL
        }
    }

    /// Without a password.
    public var description: String {
        switch self {
        case .sqlite(let path): "sqlite:\(path)"
        case .postgreSQL(let url): "\(url)"
        }
    }
}
