import CQL2
import CatalogueSQLite
import Foundation
import InMemoryLogging
import Logging
import STACAPI
import TestKit
import Testing

@testable import Catalogue

/// What is damaged is named and counted, and nothing else suffers.
@Suite("A damaged catalogue") struct DamagedCatalogueTests {
    let folder: TemporaryDirectory
    private let before: SearchPage

    init() throws {
        folder = try TemporaryDirectory()
        before = try folder.withCatalogue { catalogue in
            try catalogue.putCollection("a")
            try catalogue.putCollection("b")
            try catalogue.createItems(Samples.items(0..<100).map { Array($0.utf8) }, in: "a")
            try catalogue.createItems(Samples.items(0..<10).map { Array($0.utf8) }, in: "b")
            try catalogue.compact()
            return try catalogue.page()
        }
    }

    private func damageItem(_ id: String) throws {
        try folder.execute(
            """
            UPDATE item SET body = substr(body, 1, 40) || x'00' || substr(body, 42)
            WHERE sequence = (SELECT sequence FROM item_key WHERE id = '\(id)' AND collection = 1)
            """, in: "home/catalogue.sqlite")
    }

    // MARK: Items

    @Test("serves a page without the damaged Item, and names it")
    func page() throws {
        try damageItem("item-7")
        let handler = InMemoryLogHandler()
        let logger = Logger(label: "test") { _ in handler }
        let catalogue = try withLogger(logger) { _ in try CatalogueEngine(home: folder.home) }
        for _ in 0..<2 {
            let page = try catalogue.page()
            #expect(page.damaged == [ItemName(collection: "a", id: "item-7")])
            #expect(page.matched == 110 && page.items.count == 109)
            #expect(page.items == before.items.filter { $0.id != "item-7" || $0.collection != "a" })
        }
        // Pages follow one another as if it were there.
        var (request, ids) = (SearchRequest(collections: ["a"], limit: 9), [String]())
        while true {
            let page = try catalogue.search(request)
            #expect(page.matched == 100)
            ids += page.items.map(\.id) + page.damaged.map(\.id)
            guard let next = page.next else { break }
            request.cursor = next
        }
        #expect(ids.count == 100 && Set(ids).count == 100)
        let error = #expect(throws: CatalogueError.self) { try catalogue.item(id: "item-7", in: "a") }
        #expect(error?.code == .storeDamaged && error?.message.contains("item-7") == true)
        #expect(try catalogue.status().damagedRowCount == 1)
        let logged = handler.entries.filter { $0.message == "An Item is damaged" }
        #expect(logged.count == 1 && logged[0].metadata["stac.item"] == "item-7")
        #expect(try catalogue.verify() == [#"The Item "item-7" of the Collection "a" is damaged."#])
    }

    @Test("says that a filter cannot be decided, and that an aggregation cannot be made")
    func filter() throws {
        try folder.withCatalogue { catalogue in
            try catalogue.put(Samples.bytes("item-7", extra: #","keywords":["y"]"#))
            try catalogue.compact()
        }
        try damageItem("item-7")
        try folder.withCatalogue { catalogue in
            let request = SearchRequest(
                filter: try CQL2.Expression(text: "a_contains(keywords, ('x')) OR collection = 'b'"))
            let page = try catalogue.search(request)
            #expect(page.damaged == [ItemName(collection: "a", id: "item-7")] && page.matched == 10)
            let error = #expect(throws: CatalogueError.self) {
                try catalogue.aggregate(request, [.count], SearchBudget())
            }
            #expect(error?.code == .storeDamaged)
        }
    }

    @Test("is mended by writing the Item again")
    func mending() throws {
        try damageItem("item-7")
        try folder.withCatalogue { catalogue in
            try catalogue.put(Samples.bytes("item-7"))
            #expect(try catalogue.item(id: "item-7", in: "a").id == "item-7")
            #expect(try catalogue.verify() == [])
            #expect(try catalogue.page().damaged.isEmpty)
        }
    }

    @Test("is rebuilt without the Item, which reindex and status report")
    func reindex() throws {
        try damageItem("item-7")
        try folder.withCatalogue(index: .rebuilt) { catalogue in
            let faults = try catalogue.reindex()
            #expect(faults == [#"Collection "a": 1 Item is not in the index: "item-7"."#])
            #expect(try catalogue.page().matched == 109)
            #expect(try catalogue.status().missingItemCount == 1)
        }
    }

    @Test("is not copied, and leaves an earlier backup as it is")
    func backup() throws {
        try folder.withCatalogue { try $0.backup(to: folder.path("copy")) }
        let copy = try Data(contentsOf: URL(fileURLWithPath: folder.path("copy/catalogue.sqlite")))
        try damageItem("item-7")
        try folder.withCatalogue { catalogue in
            for target in ["copy", "new"] {
                let error = #expect(throws: CatalogueError.self) { try catalogue.backup(to: folder.path(target)) }
                #expect(error?.code == .storeDamaged && error?.message.contains("item-7") == true)
            }
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path("copy/catalogue.sqlite"))) == copy)
        #expect(!FileManager.default.fileExists(atPath: folder.path("new")))
    }

    /// Stored by an earlier version, which wrote no checksums.
    @Test("reports where links cannot be added to an Item", arguments: [-1, 1_000_000])
    func linksOffset(offset: Int) throws {
        try folder.execute(
            "UPDATE item SET links_offset = \(offset), checksum = NULL WHERE sequence = 5", in: "home/catalogue.sqlite")
        try folder.withCatalogue { catalogue in
            let page = try catalogue.page()
            #expect(page.damaged.count == 1 && page.items.count == 109)
        }
    }

    @Test("reports the Items that are gone from its table")
    func lostRows() throws {
        try folder.execute("DELETE FROM item WHERE sequence = 5", in: "home/catalogue.sqlite")
        try folder.execute("DELETE FROM item_key WHERE id = 'item-9' AND collection = 1", in: "home/catalogue.sqlite")
        try folder.withCatalogue { catalogue in
            let page = try catalogue.page()
            #expect(page.damaged.count == 1 && page.items.count == 109)
            // The index still knows it.
            #expect(throws: CatalogueError.self) { try catalogue.item(id: "item-9", in: "a") }
            #expect(catalogueError { try catalogue.item(id: "item-9", in: "a") }?.code == .storeDamaged)
            #expect(catalogueError { try catalogue.item(id: "none", in: "a") }?.code == .noSuchItem)
            #expect(try catalogue.verify().count >= 2)
        }
    }

    @Test("lists the Collections that are sound, and serves the Items of the others")
    func collection() throws {
        try folder.execute(
            "UPDATE collection_change SET body = x'7b7d' WHERE id = 'a'", in: "home/catalogue.sqlite")
        try folder.withCatalogue { catalogue in
            let page = try catalogue.searchCollections(SearchRequest(limit: 10))
            #expect(page.collections.map(\.id) == ["b"] && page.damaged == ["a"])
            let stored = try #require(try catalogue.collection(id: "a"))
            #expect(catalogueError { try catalogue.described(stored) }?.code == .storeDamaged)
            #expect(try catalogue.page() == before)
            try catalogue.putCollection("a")
            #expect(try catalogue.searchCollections(SearchRequest(limit: 10)).damaged.isEmpty)
        }
    }

    // MARK: Index

    private func damageIndex() throws {
        let files = try folder.files(in: "home/index").filter { $0.hasSuffix(".tbseg") }
        let sizes = try files.map { name in
            (name, try Data(contentsOf: URL(fileURLWithPath: folder.path("home/index/" + name))))
        }
        var (name, content) = try #require(sizes.max { $0.1.count < $1.1.count })
        content[content.count / 3] ^= 4
        try content.write(to: URL(fileURLWithPath: folder.path("home/index/" + name)))
    }

    @Test("has no wrong search results: none until the damaged part of the index is rebuilt, then the right ones")
    func index() throws {
        try damageIndex()
        try folder.withCatalogue(index: .permanent) { catalogue in
            // Whichever search uses the damaged part first finds the damage, or this.
            #expect(try catalogue.verify().count == 1)
            #expect(catalogueError { try catalogue.page() }?.code == .indexDamaged)
            #expect(catalogueError { try catalogue.queryables(collection: "a") }?.code == .indexDamaged)
            let aggregation = { _ = try catalogue.aggregate(SearchRequest(), [.count], SearchBudget()) }
            #expect(catalogueError(aggregation)?.code == .indexDamaged)
            // Other Collections are searched meanwhile.
            #expect(try catalogue.search(SearchRequest(collections: ["b"])).matched == 10)
            #expect(catalogue.needsRepair)
            try catalogue.put(Samples.bytes("item-3", cloud: 77))
            try catalogue.deleteItem(id: "item-4", in: "a", ifMatch: nil)
            try catalogue.repairIndex()
            #expect(!catalogue.needsRepair)
            #expect(try catalogue.page().matched == 109)
            #expect(try catalogue.status().damagedFileCount == 1)
            #expect(try catalogue.verify() == [])
        }
        #expect(try folder.withCatalogue { try $0.page().matched } == 109)
    }

    @Test("of an earlier version opens, and gets checksums on demand")
    func earlierVersion() throws {
        for table in ["item", "item_key", "removal"] {
            try folder.execute("UPDATE \(table) SET checksum = NULL", in: "home/catalogue.sqlite")
        }
        for (table, columns) in [
            ("state", ["unchecked", "is_backup", "collections", "origin", "checksum"]),
            ("collection", ["items", "digest", "checksum"]), ("collection_change", ["checksum"]),
            ("dictionary", ["checksum"]), ("item", ["checksum"]), ("item_key", ["checksum"]), ("removal", ["checksum"]),
        ] {
            for column in columns {
                try folder.execute("ALTER TABLE \(table) DROP COLUMN \(column)", in: "home/catalogue.sqlite")
            }
        }
        try folder.execute(
            "DELETE FROM grdb_migrations WHERE identifier LIKE '2%'", in: "home/catalogue.sqlite")
        try folder.withCatalogue { catalogue in
            #expect(try catalogue.page() == before)
            try catalogue.put(Samples.bytes("new"))
            try catalogue.put(Samples.bytes("item-3", cloud: 3))
            let report = try catalogue.verification()
            #expect(report.faults == [] && report.uncheckedCount == 110)
            try catalogue.addChecksums()
            let checked = try catalogue.verification()
            #expect(checked.faults == [] && checked.uncheckedCount == 0)
            #expect(try catalogue.store.itemCounts() == [1: 101, 2: 10])
            try catalogue.deleteItem(id: "item-5", in: "a", ifMatch: nil)
            #expect(try catalogue.store.itemCounts() == [1: 100, 2: 10])
        }
        try damageItem("item-7")
        let faults = try folder.withCatalogue { try $0.verify() }
        #expect(faults == [#"The Item "item-7" of the Collection "a" is damaged."#])
    }

    // MARK: Reading only

    @Test("is read without writing anything")
    func readOnly() throws {
        func content() throws -> [String: Data?] {
            let names = try folder.files(in: "home") + folder.files(in: "home/index").map { "index/" + $0 }
            return Dictionary(
                uniqueKeysWithValues: names.map { name in
                    (name, FileManager.default.contents(atPath: folder.path("home/" + name)))
                })
        }
        for name in ["catalogue.sqlite-wal", "catalogue.sqlite-shm", "index.lock"] {
            try? FileManager.default.removeItem(atPath: folder.path("home/" + name))
        }
        let files = try content()
        for use in [CatalogueEngine.IndexUse.permanent, .reading, .ifFree, .none] {
            let catalogue = try CatalogueEngine(home: folder.home, index: use, creating: false, isReadOnly: true)
            if use != .none { #expect(try catalogue.page() == before) }
            #expect(try catalogue.item(id: "item-1", in: "a").id == "item-1")
            #expect(try catalogue.verify() == [])
            try catalogue.backup(to: folder.path("copy-\(use)"))
            #expect(catalogueError { try catalogue.put(Samples.bytes("x")) }?.code == .notWritable)
        }
        #expect(try content() == files)
        #expect(
            catalogueError { try CatalogueEngine(home: folder.home, index: .required, isReadOnly: true) }?.code
                == .notWritable)
    }

    @Test("looks beside an owner of the index, and changes nothing")
    func reading() throws {
        try folder.withCatalogue(index: .permanent) { owner in
            try owner.put(Samples.bytes("in memory"))
            let reader = try CatalogueEngine(home: folder.home, index: .reading, creating: false)
            #expect(try reader.verification() == VerificationReport())
            #expect(try reader.status().collections.map(\.itemCount) == [101, 10])
            #expect(try reader.status().lastSequence == reader.status().indexedSequence)
        }
        try damageIndex()
        try folder.withCatalogue(index: .permanent) { _ in
            let report = try CatalogueEngine(home: folder.home, index: .reading, creating: false).verification()
            #expect(report.faults.count == 1 && report.concernsIndexOnly)
        }
    }
}
