import Foundation
import Logging
public import SQLDatabase
import TestKit
public import Testing

extension DatabaseKind: CustomTestStringConvertible {
    /// Both databases, for `@Test(arguments: DatabaseKind.tested)`: without PostgreSQL where its server is not installed,
    /// which a test of the database layer reports.
    package static var tested: [DatabaseKind] { PostgreSQLServer.isInstalled ? allCases : [.sqlite] }

    public var testDescription: String { rawValue }
}

/// Runs `body` with a new, empty database, which is gone afterwards.
///
/// - Parameter configure: Changes how it is used.
package func withDatabase<Result>(
    _ kind: DatabaseKind, isolation: isolated (any Actor)? = #isolation,
    configure: (inout DatabaseConfiguration) -> Void = { _ in }, _ body: (Database) async throws -> Result
) async throws -> Result {
    try await withDatabaseLocation(kind) { location in
        var configuration = DatabaseConfiguration(try DatabaseLocation(location))
        configure(&configuration)
        let database = Database(configuration, logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() })
        defer { database.close() }
        return try await body(database)
    }
}

/// As `withDatabase`, with the database's URL or path.
package func withDatabaseLocation<Result>(
    _ kind: DatabaseKind, isolation: isolated (any Actor)? = #isolation, _ body: (String) async throws -> Result
) async throws -> Result {
    switch kind {
    case .sqlite: try await withTemporaryDirectory { try await body("sqlite:" + $0.path("platform.sqlite")) }
    case .postgreSQL: try await withPostgreSQL { server, name in try await body(server.url(name)) }
    }
}

/// Runs `body` with a server and the name of a empty database on it, which is emptied afterwards.
package func withPostgreSQL<Result>(
    isolation: isolated (any Actor)? = #isolation, _ body: (PostgreSQLServer, String) async throws -> Result
) async throws -> Result {
    let server = try PostgreSQLServer.shared()
    let name = try server.makeDatabase()
    let result = await Swift.Result.of { try await body(server, name) }
    try server.takeBack(name)
    return try result.get()
}

extension Result where Failure == any Error {
    fileprivate static func of(
        isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Success
    ) async -> Self {
        do { return .success(try await body()) } catch { return .failure(error) }
    }
}
