import CatalogueSQLite
import DatabaseTestKit
import SQLDatabase
import TestKit
import Testing

@testable import Catalogue
@testable import CataloguePostgreSQL

@Suite("Copying a catalogue", .enabled(if: PostgreSQLServer.isInstalled)) struct CatalogueCopyTests {
    let folder: TemporaryDirectory

    init() throws {
        folder = try TemporaryDirectory()
        try folder.withCatalogue(index: .none) { catalogue in
            for id in ["a", "empty", "ü"] { try catalogue.putCollection(id) }
            try catalogue.createItems(Samples.items(0..<300).map { Array($0.utf8) }, in: "a")
            try catalogue.createItems(Samples.items(0..<9).map { Array($0.utf8) }, in: "ü")
            for number in 0..<20 { try catalogue.put(Samples.bytes("item-\(number)", cloud: 99)) }
            for number in 30..<40 { try catalogue.deleteItem(id: "item-\(number)", in: "a", ifMatch: nil) }
        }
    }

    private var source: CatalogueEngine { get throws { try CatalogueEngine(home: folder.home, index: .none) } }

    private func target(_ server: PostgreSQLServer, _ name: String) throws -> CatalogueEngine {
        let location = try DatabaseLocation(server.url(name))
        return try CatalogueEngine(
            postgreSQL: DatabaseConfiguration(location), home: folder.path("node"), index: .none)
    }

    /// The texts of all Collections and Items.
    private func content(_ catalogue: CatalogueEngine) throws -> [String: String] {
        var content: [String: String] = [:]
        for collection in try catalogue.collections() {
            content[collection.id] = String(decoding: collection.body, as: UTF8.self)
            var ids: [String] = []
            try catalogue.store.forEachItem(in: collection.number) { id, _ in ids.append(id) }
            for id in ids {
                let item = try catalogue.item(id: id, in: collection.id)
                content["\(collection.id)/\(id)"] = String(decoding: item.json, as: UTF8.self)
            }
        }
        return content
    }

    @Test("to PostgreSQL and back keeps everything, and the second time writes nothing")
    func roundTrip() async throws {
        try await withPostgreSQL { server, name in
            let (source, middle) = (try source, try target(server, name))
            let copy = CatalogueCopy(from: source, to: middle)
            #expect(try !copy.targetHasItems())
            let report = try copy.run()
            #expect(report.created == 299 && report.read == 299 && report.faults == [])
            #expect(try copy.targetHasItems())
            let back = try CatalogueEngine(home: folder.path("back"), index: .none)
            #expect(try CatalogueCopy(from: middle, to: back).run().created == 299)
            let content = try content(source)
            #expect(content.count == 302)
            #expect(try self.content(middle) == content)
            #expect(try self.content(back) == content)
            #expect(try middle.store.integrityCheck() == [] && back.store.integrityCheck() == [])

            let again = try copy.run()
            #expect(again.unchanged == 299 && again.created + again.replaced == 0 && again.faults == [])
            // What has changed since is brought; what is gone since is told.
            try source.put(Samples.bytes("item-50", cloud: 1))
            try source.deleteItem(id: "item-51", in: "a", ifMatch: nil)
            let later = try copy.run()
            #expect(later.replaced == 1 && later.unchanged == 297)
            #expect(later.faults == ["The target has 1 more Items of \"a\" than the source."])
        }
    }

    @Test("goes on where it was interrupted")
    func interrupted() async throws {
        try await withPostgreSQL { server, name in
            let (source, target) = (try source, try target(server, name))
            var copy = CatalogueCopy(from: source, to: target)
            copy.itemsAtOnce = 50
            var last = CatalogueCopy.Report()
            #expect(throws: CancellationError.self) {
                try copy.run { report in
                    last = report
                    if report.created == 150 { throw CancellationError() }
                }
            }
            #expect(last.created == 150)
            let rest = try copy.run()
            #expect(rest.unchanged == 150 && rest.created == 149)
            #expect(try content(target) == content(source))
        }
    }

    @Test("names what is damaged, and leaves it out")
    func damage() async throws {
        try folder.execute(
            """
            UPDATE item SET body = substr(body, 1, 40) || x'00' || substr(body, 42)
            WHERE sequence = (SELECT sequence FROM item_key WHERE id = 'item-7' AND collection = 1)
            """, in: "home/catalogue.sqlite")
        try await withPostgreSQL { server, name in
            let report = try CatalogueCopy(from: source, to: target(server, name)).run()
            #expect(report.created == 298)
            #expect(report.faults == ["The Item \"item-7\" of \"a\" is damaged and was left out."])
        }
    }

    @Test("refuses other catalogues, and a catalogue's own")
    func refused() throws {
        let other = try CatalogueEngine(home: folder.path("other"), index: .none)
        try other.putCollection("b")
        let error = catalogueError { try CatalogueCopy(from: source, to: other).run() }
        #expect(error?.message.contains("Collection \"b\", which the source does not have") == true)
        #expect(try other.collections().map(\.id) == ["b"])
        #expect(catalogueError { try CatalogueCopy(from: source, to: source).run() }?.code == .invalid)
    }
}
