import DatabaseTestKit
import InMemoryLogging
import Logging
import SQLDatabase
import STACAPI
import ServiceLifecycle
import Synchronization
import TestKit
import Testing

@testable import Catalogue
@testable import CataloguePostgreSQL

@Suite("Nodes on one PostgreSQL", .enabled(if: PostgreSQLServer.isInstalled)) struct PostgreSQLNodeTests {
    private func node(
        _ name: String, id: String? = nil, home: String? = nil, applied: SequenceNumber = 7, isReady: Bool = true
    ) -> NodeState {
        NodeState(
            id: id ?? "id-\(name)", name: name, home: home ?? "\(name):/home", services: ["catalogue", "stac"],
            version: "1.2.3", appliedSequence: applied, lag: .milliseconds(1_500), isReady: isReady)
    }

    /// The nodes, as if they had reported themselves just now.
    private func nodes(_ store: PostgreSQLItemStore) throws -> [NodeState] {
        try store.nodes().map { node in
            #expect(node.silence >= .zero && node.silence < .seconds(60))
            return NodeState(
                id: node.id, name: node.name, home: node.home, services: node.services, version: node.version,
                appliedSequence: node.appliedSequence, lag: node.lag, isReady: node.isReady)
        }
    }

    @Test("know each other by their reports, until these are withdrawn")
    func report() async throws {
        try await withPostgreSQL { server, name in
            let (one, other) = (try PostgreSQLItemStore(server.url(name)), try PostgreSQLItemStore(server.url(name)))
            #expect(try one.nodes() == [])
            try one.report(node("b"))
            try other.report(node("a", isReady: false))
            #expect(try nodes(one) == [node("a", isReady: false), node("b")])
            try other.report(node("a", applied: 9))
            #expect(try nodes(one) == [node("a", applied: 9), node("b")])
            try one.withdraw(node: "id-b")
            #expect(try nodes(other) == [node("a", applied: 9)])
            let reading = try PostgreSQLItemStore(server.url(name), mode: .read)
            try reading.report(node("c"))
            #expect(try nodes(reading) == [node("a", applied: 9)])
        }
    }

    @Test("forget those that have ended without a word")
    func forget() async throws {
        try await withPostgreSQL { server, name in
            let store = try PostgreSQLItemStore(server.url(name))
            for name in ["a", "b", "c"] { try store.report(node(name)) }
            // Not with the first one's end, but with the next report of another one.
            try server.execute(
                "UPDATE catalogue_nodes SET seen_at = now() - interval '59 minutes' WHERE name = 'b'", in: name)
            try server.execute(
                "UPDATE catalogue_nodes SET seen_at = now() - interval '61 minutes' WHERE name = 'c'", in: name)
            #expect(try store.nodes().map(\.name) == ["a", "b"])
            try store.report(node("a"))
            let rows = try server.execute("SELECT string_agg(name, ' ' ORDER BY name) FROM catalogue_nodes", in: name)
            #expect(rows == "a b")
            #expect(try store.nodes().map(\.isSilent) == [false, true])
            // A server that was killed, and started again in the same directory.
            try store.report(node("a again", id: "later", home: "a:/home"))
            #expect(try store.nodes().map(\.name) == ["a again", "b"])
        }
    }

    @Test("do not purge what another one still finds, unless that has been away for ten minutes")
    func purge() async throws {
        try await withPostgreSQL { server, name in
            let folder = try TemporaryDirectory()
            func engine(_ home: String) throws -> CatalogueEngine {
                // Without a cache, from which Items that are gone would come.
                try CatalogueEngine(
                    store: PostgreSQLItemStore(server.url(name)), home: folder.path(home), cacheByteCount: 0)
            }
            func report(_ engine: CatalogueEngine, _ name: String) throws {
                try engine.store.report(
                    engine.nodeState(
                        id: name, name: name, host: "host", services: [], version: "", isReady: true))
            }
            func found(_ engine: CatalogueEngine) throws -> [SequenceNumber] {
                try engine.search(SearchRequest()).items.map(\.sequence)
            }
            let writer = try engine("writer")
            try writer.putCollection("a")
            try writer.put(Samples.bytes("x", cloud: 1))
            let reader = try engine("reader")
            let before = try found(reader)
            try report(writer, "writer")
            try report(reader, "reader")
            try writer.put(Samples.bytes("x", cloud: 2))
            try report(writer, "writer")

            #expect(try writer.purgeableSequence() == before[0])
            try writer.purge(through: .max)
            #expect(try found(reader) == before && before.count == 1)
            #expect(try found(writer) != before)

            try server.execute(
                "UPDATE catalogue_nodes SET seen_at = now() - interval '9 minutes' WHERE name = 'reader'", in: name)
            try writer.purge(through: .max)
            #expect(try found(reader) == before)

            try server.execute(
                "UPDATE catalogue_nodes SET seen_at = now() - interval '11 minutes' WHERE name = 'reader'", in: name)
            #expect(try writer.purgeableSequence() == writer.store.lastSequence())
            try writer.purge(through: .max)
            // Its version is gone, for which the search follows now.
            #expect(try found(reader) == found(writer))
            #expect(try reader.verify() == [])
        }
    }

    @Test("report themselves while they serve, and withdraw their reports when they stop")
    func service() async throws {
        try await withPostgreSQL { server, name in
            let folder = try TemporaryDirectory()
            let engine = try CatalogueEngine(store: PostgreSQLItemStore(server.url(name)), home: folder.home)
            let log = try await withReports(of: engine) {
                try await waitUntil("There is no report") { try engine.store.nodes().map(\.id) == ["node"] }
                #expect(try engine.store.nodes().map(\.home) == [engine.home(on: "host")])
                // Also while changes are being followed.
                let gate = Gate()
                async let following: Void = onThread {
                    try engine.following.withLock { _ in
                        gate.pass(.begun)
                        try gate.wait(for: .released)
                    }
                }
                try await waitUntil("Nothing is followed") { gate.hasPassed(.begun) }
                try server.execute("UPDATE catalogue_nodes SET seen_at = now() - interval '1 minute'", in: name)
                try await waitUntil("The report is not renewed") { try engine.store.nodes().map(\.isSilent) == [false] }
                gate.pass(.released)
                try await following
            }
            #expect(try engine.store.nodes() == [])
            #expect(log.entries.filter { $0.level >= .warning }.isEmpty)
        }
    }

    @Test("say once that they have no permission to report themselves")
    func noPermission() async throws {
        try await withPostgreSQL { server, name in
            let folder = try TemporaryDirectory()
            let engine = try CatalogueEngine(store: PostgreSQLItemStore(server.url(name)), home: folder.home)
            try server.execute(
                """
                CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
                    BEGIN RAISE insufficient_privilege; END $$;
                CREATE TRIGGER refuse BEFORE INSERT ON catalogue_nodes EXECUTE FUNCTION refuse();
                """, in: name)
            let log = try await withReports(of: engine) {
                for _ in 0..<3 {
                    engine.readFailure.withLock { $0 = "not read yet" }
                    try await waitUntil("There is no round") { engine.collectionFailure() == nil }
                }
            }
            #expect(try engine.store.nodes() == [])
            #expect(log.entries.filter { $0.level >= .warning }.count == 1)
        }
    }

    @Test("see the server's standbys if they may")
    func standbys() async throws {
        try await withPostgreSQL { server, name in
            let store = try PostgreSQLItemStore(server.url(name))
            #expect(try store.standbys() == [])
            let user = "reader_of_\(name)"
            try server.execute("CREATE ROLE \(user) LOGIN", in: name)
            defer {
                #expect(throws: Never.self) { try server.execute("DROP OWNED BY \(user); DROP ROLE \(user)", in: name) }
            }
            try server.execute(
                "GRANT USAGE ON SCHEMA public TO \(user); GRANT SELECT ON ALL TABLES IN SCHEMA public TO \(user)",
                in: name)
            let url = server.url(name).replacing("terrabyte@", with: "\(user)@")
            let other = try PostgreSQLItemStore(url, mode: .read)
            #expect(try other.standbys() == nil)
            #expect(try other.nodes() == [])
            try server.execute("GRANT pg_monitor TO \(user)", in: name)
            #expect(try other.standbys() == [])
        }
    }

    @Test("of the version before go on writing while a newer one changes the tables")
    func upgrade() async throws {
        try await withPostgreSQL { server, name in
            let url = server.url(name)
            let old = Database(DatabaseConfiguration(try DatabaseLocation(url)), logger: Logger(label: "tests"))
            defer { old.close() }
            try await old.migrate(Migrations("catalogue", [PostgreSQLSchema.migrations.steps[0]]))
            let state = PostgreSQLState(identity: "old").insert
            try await old.write { try $0.execute(state.sql, values: state.values) }
            // What a write of the old version holds while the new one opens the store.
            try await old.write(.readCommitted) { transaction in
                try transaction.rows("SELECT * FROM catalogue_state WHERE id = 1 FOR UPDATE")
                try transaction.execute(
                    """
                    INSERT INTO catalogue_item_versions
                        (sequence, collection, dictionary, links_offset, key_checksum, checksum, id, body)
                    VALUES (1, 1, 0, 0, 0, 0, 'x', '')
                    """)
                let error = #expect(throws: CatalogueError.self) { try PostgreSQLItemStore(url, mode: .read) }
                #expect(error?.code == .storeUnsupported)
                let new = try PostgreSQLItemStore(url)
                try new.report(node("new"))
                #expect(try new.nodes().map(\.name) == ["new"])
            }
            #expect(try PostgreSQLItemStore(url, mode: .read).lastSequence() == 1)
        }
    }

    /// Runs reports beside `body`, then asks them to stop.
    private func withReports(
        of engine: CatalogueEngine, _ body: () async throws -> Void
    ) async throws -> InMemoryLogHandler {
        let handler = InMemoryLogHandler()
        let logger = Logger(label: "test") { _ in handler }
        let reports = NodeReports(engine: engine, logger: logger, pace: .milliseconds(2), id: "node") {
            engine.nodeState(id: "node", name: "node", host: "host", services: [], version: "", isReady: true)
        }
        let services = ServiceGroup(services: [reports], logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await services.run() }
            try await body()
            await services.triggerGracefulShutdown()
            try await group.waitForAll()
        }
        return handler
    }
}
