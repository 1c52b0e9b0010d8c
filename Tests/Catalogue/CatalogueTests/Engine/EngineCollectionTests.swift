import CatalogueSQLite
import JSON
import STACAPI
import TestKit
import Testing

@testable import Catalogue

@Suite("Collections of a catalogue") struct EngineCollectionTests {
    let folder: TemporaryDirectory
    let catalogue: CatalogueEngine

    init() throws {
        folder = try TemporaryDirectory()
        catalogue = try CatalogueEngine(home: folder.home)
    }

    private func put(
        _ json: [UInt8], id: String? = nil, _ mode: WriteMode = .upsert, ifMatch: SequenceNumber? = nil
    ) throws -> (collection: StoredCollection, isNew: Bool) {
        try catalogue.putCollection(json, id: id, mode, ifMatch: ifMatch)
    }

    @Test("are created, replaced and removed, as the mode allows")
    func modes() throws {
        #expect(catalogueError { try put(Samples.collection("b"), .replace) }?.code == .noSuchCollection)
        let first = try put(Samples.collection("b"), .create)
        #expect(first.isNew && first.collection.id == "b")
        #expect(catalogueError { try put(Samples.collection("b"), .create) }?.code == .collectionExists)
        let second = try put(Samples.collection("b", extra: #""title": "B", "#), .replace)
        #expect(!second.isNew)
        #expect(second.collection.sequence > first.collection.sequence)
        #expect(second.collection.number == first.collection.number)
        #expect(try put(Samples.collection("a")).isNew)
        #expect(try catalogue.collections().map(\.id) == ["a", "b"])
        #expect(try catalogue.collection(id: "b") == second.collection)

        try catalogue.deleteCollection(id: "b", ifMatch: nil)
        #expect(try catalogue.collection(id: "b") == nil)
        #expect(catalogueError { try catalogue.deleteCollection(id: "b", ifMatch: nil) }?.code == .noSuchCollection)
    }

    @Test("get no new sequence when nothing changes")
    func unchanged() throws {
        let first = try put(Samples.collection("a")).collection
        let spaced = String(decoding: Samples.collection("a"), as: UTF8.self).replacing(", ", with: " ,\n ")
        #expect(try put(Array(spaced.utf8)).collection == first)
        #expect(try catalogue.status().lastSequence == first.sequence)
    }

    @Test("are written and removed only as the version that was seen")
    func ifMatch() throws {
        let first = try put(Samples.collection("a")).collection.sequence
        #expect(catalogueError { try put(Samples.collection("b"), ifMatch: 1) }?.code == .preconditionFailed)
        #expect(
            catalogueError { try put(Samples.collection("a", extra: #""title": "A", "#), ifMatch: first + 1) }?.code
                == .preconditionFailed)
        #expect(
            catalogueError { try catalogue.deleteCollection(id: "a", ifMatch: first + 1) }?.code == .preconditionFailed)
        let second = try put(Samples.collection("a", extra: #""title": "A", "#), ifMatch: first).collection.sequence
        try catalogue.deleteCollection(id: "a", ifMatch: second)
        #expect(try catalogue.collections().isEmpty)
    }

    @Test("keep everything but the links that an API generates")
    func content() throws {
        let links = ["self", "root", "parent", "items", "license", "child"].map {
            JSONValue.object(["rel": .string($0), "href": "./x"])
        }
        var document = try #require(
            JSONValue(
                parsing: Samples.collection("a", extra: #""zeta": 1.50, "assets": {}, "summaries": {"gsd": [10.0]}, "#)
            ).object)
        document["links"] = .array(links)
        let stored = try put(JSONValue.object(document).serialized()).collection
        document["links"] = .array(Array(links[4...]))
        #expect(stored.body == JSONValue.object(document).serialized())
        #expect(try catalogue.collection(id: "a")?.body == stored.body)
    }

    @Test(
        "are refused with path and reason",
        arguments: [
            (#"{"type": "Collection", "#, nil as String?),
            (#"{"type": "Collection", "stac_version": "1.0.0"}"#, "id"),
            (#"[]"#, ""),
        ])
    func invalid(json: String, path: String?) throws {
        let error = try #require(catalogueError { try put(Array(json.utf8)) })
        #expect(error.code == .invalid)
        if let path { #expect(error.message.hasPrefix(path), "\(error.message)") }
        #expect(try catalogue.collections().isEmpty)
    }

    @Test("must have the id that they are written under")
    func otherID() throws {
        let error = try #require(catalogueError { try put(Samples.collection("a"), id: "b") })
        #expect(error.code == .invalid && error.message.hasPrefix("id: "))
    }

    @Test("that are made again do not show the Items of their predecessors")
    func recreated() throws {
        try catalogue.putCollection("a")
        try catalogue.createItems((0..<50).map { Samples.bytes("old-\($0)") }, in: "a")
        try catalogue.compact()
        try catalogue.createItems([Samples.bytes("older")], in: "a")
        try catalogue.deleteCollection(id: "a", ifMatch: nil)
        #expect(try catalogue.ids() == [])
        try catalogue.putCollection("a")
        #expect(try catalogue.ids() == [])
        #expect(catalogueError { try catalogue.item(id: "old-1", in: "a") }?.code == .noSuchItem)
        try catalogue.put(Samples.bytes("new"))
        #expect(try catalogue.ids(SearchRequest(collections: ["a"])) == ["new"])
        #expect(try catalogue.verify() == [])
        try catalogue.purge(through: catalogue.status().lastSequence)
        try catalogue.reindex()
        #expect(try catalogue.ids() == ["new"])
        #expect(try catalogue.verify() == [])
    }
}
