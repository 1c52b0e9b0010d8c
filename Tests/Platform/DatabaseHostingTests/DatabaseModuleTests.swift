import DatabaseTestKit
import Foundation
import HTTPEdge
import Logging
import SQLDatabase
import ServiceLifecycle
import Synchronization
import TestKit
import Testing

@testable import DatabaseHosting
@testable import ServiceModule

/// A service that counts how often it was started.
private struct CountingModule: ServiceModule {
    static let name = "counting"
    static let summary = "Counts."
    static let dependencies = ["database"]

    let database: Database

    init(_ context: ModuleContext<Void>) throws {
        database = try context.capability(Database.self)
    }

    var services: [any Service] { [Counting(database: database)] }
    var capabilities: [any Sendable] { [database] }

    private struct Counting: Service {
        let database: Database

        func run() async throws {
            try await database.migrate(
                Migrations("counting", [.init("create", "CREATE TABLE counting_starts (at TIMESTAMPTZ NOT NULL)")]))
            try await database.write { try $0.execute("INSERT INTO counting_starts VALUES (?)", $0.currentTime()) }
        }
    }
}

/// A service that stores nothing.
private struct ForgetfulModule: ServiceModule {
    static let name = "forgetful"
    static let summary = "Forgets."
    init(_ context: ModuleContext<Void>) {}
}

@Suite("The database as a service") struct DatabaseModuleTests {
    private static let modules = [
        ModuleRegistration(DatabaseModule.self), ModuleRegistration(CountingModule.self),
        ModuleRegistration(ForgetfulModule.self),
    ]

    private func settings(_ variables: [String: String]) -> Settings {
        Settings([.environment(variables, ignoring: [])])
    }

    private func composition(_ services: [String], home: String, _ variables: [String: String]) throws
        -> ModuleComposition
    {
        var edge = EdgeConfiguration()
        edge.port = 0
        let logger = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
        let server = EdgeServer(configuration: edge, operatorToken: nil, logger: logger)
        return try ModuleComposition(
            Self.modules, services, edge: server, home: home, access: .create, settings: settings(variables))
    }

    @Test("is opened for a service that depends on it, on both databases", arguments: DatabaseKind.tested)
    func opens(kind: DatabaseKind) async throws {
        try await withDatabaseLocation(kind) { location in
            try await withTemporaryDirectory { home in
                let composition = try composition(["counting"], home: home.path, ["TERRABYTE_DATABASE_URL": location])
                let server = Task { try await composition.run { _ in } }
                try await waitUntil("The server is not ready") {
                    composition.readiness.allSatisfy { $0.missing() == nil }
                }
                let database = Database(
                    DatabaseConfiguration(try DatabaseLocation(location)), logger: .init(label: "tests"))
                defer { database.close() }
                try await waitUntil("Nothing was counted") {
                    let count: Int? = try? await database.read { try $0.value("SELECT count(*) FROM counting_starts") }
                    return count == 1
                }
                server.cancel()
                _ = await server.result
                #expect(try home.files() == [])
            }
        }
    }

    @Test("is a file in the home directory by default, which only is made for a service that needs it")
    func embedded() async throws {
        try await withTemporaryDirectory { home in
            for (service, expected) in [("forgetful", false), ("counting", true)] {
                let composition = try composition([service], home: home.path, [:])
                let server = Task { try await composition.run { _ in } }
                try await waitUntil("The server is not ready") {
                    composition.readiness.allSatisfy { $0.missing() == nil }
                }
                server.cancel()
                _ = await server.result
                #expect(try home.files().contains("platform.sqlite") == expected)
            }
        }
    }

    @Test("shows its URLs without their passwords") func hidesPasswords() throws {
        let settings = settings([
            "TERRABYTE_DATABASE_URL": "postgresql://ada:s3cret@db/terrabyte",
            "TERRABYTE_DATABASE_REPLICAS":
                "postgresql://ada:s3cret@one/terrabyte,postgresql://ada:s3cret@two/terrabyte",
            "TERRABYTE_DATABASE_LISTEN_URL": "postgresql://ada:s3cret@direct/terrabyte",
        ])
        _ = try DatabaseModule.configuration(settings.scoped(to: "database"))
        let shown = Dictionary(uniqueKeysWithValues: settings.effective.map { ($0.key, $0.value) })
        #expect(shown["database.url"] == "postgresql://ada@db/terrabyte")
        #expect(shown["database.replicas"] == "postgresql://ada@one/terrabyte, postgresql://ada@two/terrabyte")
        #expect(shown["database.listenURL"] == "postgresql://ada@direct/terrabyte")
        try settings.rejectUnknownNames()
    }

    @Test(
        "refuses wrong values with the key, and without a password",
        arguments: [
            (["URL": "postgresql://ada:s3%cret@db"], "database.url: The URL of the database is not valid"),
            (["URL": "mysql://ada:s3cret@db"], "database.url: The location of a database is"),
            (["URL": "postgresql://db/a", "REPLICAS": "s3cret://x"], "database.replicas: The URL"),
            (["REPLICAS": "postgresql://ada:s3cret@db/a"], "database.replicas: standbys"),
            (["LISTEN_URL": "postgresql://ada:s3cret@db/a"], "database.listenURL: it is for"),
            (["POOL_SIZE": "0"], "database.poolSize: 0 is not in 1...1000"),
            (["LEASE_SECONDS": "0"], "database.leaseSeconds: 0 is not in 1...86400"),
            (["PREPARED_STATEMENTS": "perhaps"], "database.preparedStatements: must be true or false"),
        ])
    func refuses(variables: [String: String], words: String) throws {
        let settings = settings(
            Dictionary(uniqueKeysWithValues: variables.map { ("TERRABYTE_DATABASE_\($0.key)", $0.value) }))
        let error = try #require(throws: CommandError.self) {
            try DatabaseModule.configuration(settings.scoped(to: "database"))
        }
        #expect("\(error)".hasPrefix(words), "\(error)")
        #expect(!"\(error)".contains("s3"))
    }

    @Test("is not ready when it cannot be reached, and says so without a password") func unreachable() throws {
        try withTemporaryDirectory { home in
            let url = "postgresql://ada:s3cret@/terrabyte?host=\(home.path)"
            let composition = try composition(["database"], home: home.path, ["TERRABYTE_DATABASE_URL": url])
            let reason = try #require(composition.readiness.first { $0.name == "database" }?.missing())
            #expect(reason.contains("cannot be reached"))
            #expect(!reason.contains("s3cret"))
        }
    }
}
