import DatabaseTestKit
import SQLDatabase
import TestKit
import Testing

@Suite("Statements without a transaction, in one go, and of a snapshot") struct StatementTests {
    private static let numbers = "CREATE TABLE numbers (name TEXT PRIMARY KEY, number BIGINT)"

    @Test("A statement alone reads the newest state", arguments: DatabaseKind.tested)
    func readsAlone(kind: DatabaseKind) async throws {
        try await withDatabase(kind) { database in
            let query = "SELECT number FROM numbers WHERE name = ?"
            try database.write { try $0.execute(Self.numbers) }
            #expect(try database.rows(query, values: [.text("a")]).isEmpty)
            try database.write { try $0.execute("INSERT INTO numbers VALUES ('a', 1)") }
            #expect(try database.rows(query, values: [.text("a")]).map(\.values) == [[.integer(1)]])
            let error = #expect(throws: DatabaseError.self) { try database.rows("SELECT missing FROM numbers") }
            #expect(error?.kind == .invalidStatement)
            // The connection is as good as before.
            for _ in 0..<20 { #expect(try database.rows(query, values: [.text("a")]).count == 1) }
            #expect(database.statistics.pools.map(\.busyCount).reduce(0, +) == 0)
        }
    }

    @Test(
        "A snapshot stays as it was until it ends, and fails for good when a statement has",
        arguments: DatabaseKind.tested)
    func pins(kind: DatabaseKind) async throws {
        try await withDatabase(kind) { database in
            try database.write { transaction in
                try transaction.execute(Self.numbers)
                try transaction.execute("INSERT INTO numbers VALUES ('a', 1)")
            }
            let query = "SELECT name, number FROM numbers ORDER BY name"
            let snapshot = try database.snapshot()
            try database.write { try $0.execute("UPDATE numbers SET number = 2") }
            try database.write { try $0.execute("INSERT INTO numbers VALUES ('b', 3)") }
            #expect(try snapshot.rows(query).map(\.values) == [[.text("a"), .integer(1)]])
            var names: [String] = []
            try snapshot.forEachRow(query) { try names.append($0["name"]) }
            #expect(names == ["a"])
            #expect(try database.rows(query).count == 2)
            #expect(throws: DatabaseError.self) { try snapshot.rows("SELECT missing FROM numbers") }
            #expect(throws: DatabaseError.self) { try snapshot.rows(query) }
            #expect(try database.snapshot().rows(query).count == 2)
        }
    }

    @Test("Statements in one go are all run, or none is", arguments: DatabaseKind.tested)
    func runsInOneGo(kind: DatabaseKind) async throws {
        try await withDatabase(kind) { database in
            try database.write { try $0.execute(Self.numbers) }
            let insert = "INSERT INTO numbers VALUES (?, ?)"
            for round in 0..<3 {
                let count = try database.write { transaction in
                    try transaction.execute([
                        (insert, [.text("a\(round)"), .integer(1)]), (insert, [.text("b\(round)"), .null]),
                        ("UPDATE numbers SET number = ? WHERE number IS NULL", [.integer(2)]),
                        ("DELETE FROM numbers WHERE number = ?", [.integer(1)]),
                    ])
                }
                #expect(count == 4)
            }
            let error = #expect(throws: DatabaseError.self) {
                try database.write { transaction in
                    try transaction.execute([
                        (insert, [.text("c"), .integer(1)]), (insert, [.text("b0"), .integer(1)]),
                        (insert, [.text("d"), .integer(1)]),
                    ])
                }
            }
            #expect(error?.kind == .uniqueViolation)
            let misfit = #expect(throws: DatabaseError.self) {
                try database.write { try $0.execute([(insert, [.text("e")]), (insert, [.text("f"), .null])]) }
            }
            #expect(misfit?.kind == .invalidStatement)
            #expect(try database.write { try $0.execute([]) } == 0)
            #expect(
                try database.rows("SELECT name FROM numbers ORDER BY name").map(\.values)
                    == [[.text("b0")], [.text("b1")], [.text("b2")]])
        }
    }

    @Test("A closure that must not be run twice is not")
    func isNotRepeated() async throws {
        try await withPostgreSQL { server, name in
            let database = Database(
                DatabaseConfiguration(try DatabaseLocation(server.url(name))), logger: .silent)
            defer { database.close() }
            for isRepeatable in [true, false] {
                var runs = 0
                let result = Result {
                    try database.write { transaction in
                        if !isRepeatable { transaction.preventRepetition() }
                        runs += 1
                        if runs == 1 { try server.cutConnections(to: name) }
                        _ = try transaction.rows("SELECT 1 AS one")
                    }
                }
                if isRepeatable {
                    #expect(runs == 2)
                    try result.get()
                } else {
                    #expect(runs == 1)
                    let error = #expect(throws: DatabaseError.self) { try result.get() }
                    #expect(error?.kind == .connectionLost)
                }
            }
        }
    }

    @Test("Tables are brought up to date without a task, too", arguments: DatabaseKind.tested)
    func migrates(kind: DatabaseKind) async throws {
        try await withDatabase(kind) { database in
            let migrations = Migrations("numbers", [.init("numbers", Self.numbers)])
            let counts = try Self.stepCounts(of: migrations, in: database)
            #expect(counts == [1, 1, 0, 0])
            let newer = Migrations("numbers", [])
            let error = #expect(throws: DatabaseError.self) { try database.pendingStepCount(of: newer) }
            #expect(error?.kind == .schemaMismatch)
        }
    }

    /// Pending steps, those that are applied now and once more, and pending ones then.
    private static func stepCounts(of migrations: Migrations, in database: Database) throws -> [Int] {
        [
            try database.pendingStepCount(of: migrations), try database.migrate(migrations),
            try database.migrate(migrations), try database.pendingStepCount(of: migrations),
        ]
    }
}
