import CataloguePostgreSQL
import CatalogueSQLite
import DatabaseTestKit
import Foundation
import JSON
import SQLDatabase
import STACAPI
import Synchronization
import TestKit
import Testing

@testable import Catalogue

@Suite("Collections that move to another id") struct EngineMoveTests {
    /// Runs `body` with a catalogue in either kind of store, with a Collection "ada.x" of so many Items.
    private static func withCatalogue(
        _ kind: DatabaseKind, items: Int = 300, _ body: @escaping @Sendable (CatalogueEngine) throws -> Void
    ) async throws {
        @Sendable func fill(_ catalogue: CatalogueEngine) throws {
            try catalogue.putCollection("ada.x")
            try catalogue.createItems((0..<items).map { Samples.bytes("item-\($0)", day: $0 % 28 + 1) }, in: "ada.x")
            try body(catalogue)
        }
        let folder = try TemporaryDirectory()
        switch kind {
        case .sqlite: try fill(CatalogueEngine(home: folder.home))
        case .postgreSQL:
            try await withPostgreSQL { server, name in
                let configuration = DatabaseConfiguration(try DatabaseLocation(server.url(name)))
                let home = folder.home
                try await onThread {
                    try fill(CatalogueEngine(postgreSQL: configuration, home: home, creating: true))
                }
            }
        }
    }

    @Test("take their Items along, which are found there and nowhere else", arguments: DatabaseKind.tested)
    func move(kind: DatabaseKind) async throws {
        try await Self.withCatalogue(kind) { catalogue in
            let before = try catalogue.search(SearchRequest(collections: ["ada.x"], limit: 1_000)).items
            let moved = try catalogue.moveCollection(id: "ada.x", to: "c1.y", ifMatch: nil)
            #expect(moved.id == "c1.y")
            #expect(try JSONValue(parsing: moved.body)["id"] == "c1.y")
            #expect(try catalogue.collections().map(\.id) == ["c1.y"])
            let after = try catalogue.search(SearchRequest(limit: 1_000))
            #expect(after.matched == 300 && after.items.map(\.id) == before.map(\.id))
            for (item, earlier) in zip(after.items, before) {
                #expect(item.collection == "c1.y")
                let (text, expected) = (try JSONValue(parsing: item.json), try JSONValue(parsing: earlier.json))
                #expect(text["collection"] == "c1.y" && text["properties"] == expected["properties"])
                #expect(try catalogue.item(id: item.id, in: "c1.y").json == item.json)
            }
            #expect(throws: CatalogueError.self) { try catalogue.item(id: "item-1", in: "ada.x") }
            #expect(try catalogue.verify().isEmpty)
        }
    }

    @Test("and stay as they are if the id is taken, or the version is another one", arguments: DatabaseKind.tested)
    func refusals(kind: DatabaseKind) async throws {
        try await Self.withCatalogue(kind, items: 3) { catalogue in
            try catalogue.putCollection("c1.y")
            func code(_ id: String, _ new: String, _ ifMatch: SequenceNumber?) -> CatalogueError.Code? {
                do {
                    _ = try catalogue.moveCollection(id: id, to: new, ifMatch: ifMatch)
                    return nil
                } catch {
                    return (error as? CatalogueError)?.code
                }
            }
            #expect(code("ada.x", "c1.y", nil) == .collectionExists)
            #expect(code("ada.x", "ada.x", nil) == .collectionExists)
            #expect(code("ada.x", "c1.z", 1 << 40) == .preconditionFailed)
            #expect(code("nosuch", "c1.z", nil) == .noSuchCollection)
            #expect(try catalogue.search(SearchRequest(collections: ["ada.x"])).matched == 3)
            #expect(try catalogue.collections().map(\.id) == ["ada.x", "c1.y"])
        }
    }

    @Test("are always there, under one id or the other, for those who search meanwhile")
    func readers() async throws {
        try await Self.withCatalogue(.sqlite, items: 2_000) { catalogue in
            let isDone = Mutex(false)
            let counts = Mutex<Set<Int>>([])
            let reader = Thread {
                while !isDone.withLock({ $0 }) {
                    guard let count = try? catalogue.search(SearchRequest(limit: 1)).matched else { continue }
                    counts.withLock { _ = $0.insert(count) }
                }
            }
            reader.start()
            for round in 0..<6 {
                let ids = round % 2 == 0 ? ("ada.x", "c1.x") : ("c1.x", "ada.x")
                _ = try catalogue.moveCollection(id: ids.0, to: ids.1, ifMatch: nil)
            }
            isDone.withLock { $0 = true }
            #expect(counts.withLock { $0 } == [2_000])
        }
    }

    @Test("count for their owners", arguments: DatabaseKind.tested)
    func usage(kind: DatabaseKind) async throws {
        try await Self.withCatalogue(kind) { catalogue in
            let usage = try catalogue.usage(of: "ada")
            #expect(usage.collections == 1 && usage.items == 300 && usage.bytes > 300 * 50)
            #expect(try catalogue.usage(of: "c1") == OwnerUsage())
            _ = try catalogue.moveCollection(id: "ada.x", to: "c1.y", ifMatch: nil)
            try catalogue.putCollection("ada.z")
            try catalogue.putCollection("adam.z")
            #expect(try catalogue.usage(of: "ada") == OwnerUsage(collections: 1))
            #expect(try catalogue.usage(of: "c1").items == 300)
            // Of others, not even that.
            let view = catalogue.view(Visibility(reading: .owned(by: ["ada"]), writing: .none))
            #expect(try view.usage(of: "c1") == OwnerUsage())
        }
    }
}
