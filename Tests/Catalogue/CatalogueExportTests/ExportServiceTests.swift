import Catalogue
import CatalogueSQLite
import DatabaseHosting
import DatabaseTestKit
import Foundation
import InMemoryLogging
import Logging
import SQLDatabase
import ServiceLifecycle
import TestKit
import Testing

@testable import CatalogueExport

@Suite("Exports of a server") struct ExportServiceTests {
    private static let collection = Array(
        """
        {"type": "Collection", "stac_version": "1.0.0", "id": "a", "description": "A sample", "license": "other",
         "extent": {"spatial": {"bbox": [[-180, -90, 180, 90]]}, "temporal": {"interval": [[null, null]]}}, "links": []}
        """.utf8)

    private static let item = Array(
        """
        {"type": "Feature", "stac_version": "1.0.0", "id": "x", "bbox": [11, 48, 11, 48],
         "geometry": {"type": "Point", "coordinates": [11, 48]}, "properties": {"datetime": "2024-01-01T12:00:00Z"},
         "links": [], "assets": {}}
        """.utf8)

    private let handler = InMemoryLogHandler()
    private var logger: Logger { Logger(label: "tests") { [handler] _ in handler } }

    /// Runs a service beside `body`, which gets the directory of the export.
    private func withService(
        items: [[UInt8]], leases: WorkLeases, _ body: (TemporaryDirectory) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { folder in
            let engine = try CatalogueEngine(home: folder.path("home"), index: .required)
            _ = try engine.putCollection(Self.collection, id: "a", .upsert, ifMatch: nil)
            if !items.isEmpty { try engine.createItems(items, in: "a") }
            let export = CatalogueExport(of: engine, to: folder.path("files"))
            let service = ExportService(export: export, interval: .milliseconds(1), leases: leases, logger: logger)
            let group = ServiceGroup(services: [service], logger: logger)
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await group.run() }
                try await body(folder)
                await group.triggerGracefulShutdown()
                try await tasks.waitForAll()
            }
        }
    }

    private func lease(_ database: Database) async throws -> Lease? {
        try await database.read { try $0.leases().first }
    }

    @Test("are made under a lease with the name of the directory", arguments: DatabaseKind.tested)
    func exports(kind: DatabaseKind) async throws {
        try await withDatabase(kind) { database in
            try await database.migrate(LeaseTable.migrations)
            let leases = WorkLeases(in: database, for: .seconds(60), logger: logger)
            try await withService(items: [Self.item], leases: leases) { folder in
                try await waitUntil("Nothing is exported") { try await lease(database)?.token ?? 0 > 2 }
                #expect(try folder.files(in: "files/a").count == 2)
                #expect(try await lease(database)?.name.hasSuffix(folder.path("files")) == true)
            }
        }
        #expect(handler.entries.filter { $0.level >= .warning }.isEmpty)
        #expect(handler.entries.contains { $0.message == "Exported" })
    }

    /// A Collection without Items has no files to write: it is only published.
    @Test("publish nothing when the lease was lost", arguments: DatabaseKind.tested, [[], [item]])
    func losesLease(kind: DatabaseKind, items: [[UInt8]]) async throws {
        try await withDatabase(kind) { database in
            try await database.migrate(LeaseTable.migrations)
            // It is lost before the export has opened the catalogue.
            let leases = WorkLeases(in: database, for: .milliseconds(1), logger: logger)
            try await withService(items: items, leases: leases) { folder in
                try await waitUntil("Nobody tries") { try await lease(database)?.token ?? 0 > 2 }
                #expect(try folder.files(in: "files") == [".lock", ".versions"])
                #expect(try folder.files(in: "files/.versions/a") == ["next"])
                #expect(try folder.files(in: "files/.versions/a/next").allSatisfy { !$0.hasSuffix(".parquet") })
            }
            #expect(try await lease(database)?.doneAt == nil)
        }
        #expect(handler.entries.contains { $0.message == "A lease was lost, and its work is ended" })
        #expect(!handler.entries.contains { $0.message == "Exported" })
    }

    @Test("are made without leases where there is one server only") func alone() async throws {
        try await withService(items: [Self.item], leases: WorkLeases(alone: logger)) { folder in
            try await waitUntil("Nothing is exported") {
                handler.entries.filter { $0.message == "Exported" }.count > 2
            }
            #expect(try folder.files(in: "files/a").count == 2)
            #expect(try folder.files(in: "home").filter { $0.hasSuffix(".sqlite") } == ["catalogue.sqlite"])
        }
    }
}
