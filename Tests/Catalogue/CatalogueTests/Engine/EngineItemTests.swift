import CQL2
import CatalogueSQLite
import JSON
import STACAPI
import TestKit
import Testing

@testable import Catalogue

@Suite("Items of a catalogue") struct EngineItemTests {
    let folder: TemporaryDirectory
    let catalogue: CatalogueEngine

    init() throws {
        folder = try TemporaryDirectory()
        catalogue = try folder.catalogue()
    }

    private func put(
        _ json: [UInt8], id: String? = nil, _ mode: WriteMode = .upsert, ifMatch: SequenceNumber? = nil
    ) throws -> (item: EncodedItem, isNew: Bool) {
        try catalogue.putItem(json, id: id, in: "a", mode, ifMatch: ifMatch)
    }

    @Test("are created, replaced and removed, as the mode allows")
    func modes() throws {
        #expect(catalogueError { try put(Samples.bytes("x"), .replace) }?.code == .noSuchItem)
        let first = try put(Samples.bytes("x"), .create)
        #expect(first.isNew)
        let taken = catalogueError { try put(Samples.bytes("x"), .create) }
        #expect(taken?.code == .itemExists && taken?.itemID == "x")
        let second = try put(Samples.bytes("x", cloud: 20), .replace)
        #expect(!second.isNew && second.item.sequence > first.item.sequence)
        #expect(try catalogue.item(id: "x", in: "a") == second.item)
        try catalogue.deleteItem(id: "x", in: "a", ifMatch: nil)
        #expect(catalogueError { try catalogue.item(id: "x", in: "a") }?.code == .noSuchItem)
        #expect(catalogueError { try catalogue.deleteItem(id: "x", in: "a", ifMatch: nil) }?.code == .noSuchItem)
        #expect(catalogueError { try catalogue.item(id: "x", in: "b") }?.code == .noSuchCollection)
        #expect(
            catalogueError { try catalogue.putItem(Samples.bytes("x"), id: nil, in: "b", .upsert, ifMatch: nil) }?.code
                == .noSuchCollection)
    }

    @Test("get no new sequence when nothing changes, not even with another dictionary")
    func unchanged() throws {
        let first = try put(Samples.bytes("x"))
        let spaced = Samples.item("x").replacing(",", with: ",\n  ")
        let again = try put(Array(spaced.utf8), .replace)
        #expect(again.item == first.item && !again.isNew)
        let samples = (0..<200).map { Samples.bytes("other-\($0)", cloud: Double($0)) }
        try catalogue.trainDictionary(for: 1, samples)
        #expect(try catalogue.store.latestDictionary(of: 1) != nil)
        #expect(try put(Samples.bytes("x")).item == first.item)
        #expect(try put(Samples.bytes("x", cloud: 11)).item.sequence > first.item.sequence)
    }

    @Test("are written and removed only as the version that was seen")
    func ifMatch() throws {
        #expect(catalogueError { try put(Samples.bytes("x"), ifMatch: 1) }?.code == .preconditionFailed)
        let first = try put(Samples.bytes("x")).item.sequence
        let stale = first + 1
        #expect(catalogueError { try put(Samples.bytes("x", cloud: 1), ifMatch: stale) }?.code == .preconditionFailed)
        #expect(
            catalogueError { try catalogue.deleteItem(id: "x", in: "a", ifMatch: stale) }?.code == .preconditionFailed)
        let second = try put(Samples.bytes("x", cloud: 1), ifMatch: first).item.sequence
        try catalogue.deleteItem(id: "x", in: "a", ifMatch: second)
        #expect(try catalogue.ids() == [])
    }

    @Test("come out as they went in, but for generated links")
    func roundTrip() throws {
        let text = """
            {"type":"Feature","x:z":{"b":1.0,"a":[1e3,-0.0,12345678901234567890123,0.10]},"id":"ä/ö\\u0001é",\
            "stac_version":"1.0.0","geometry":{"type":"Point","coordinates":[11.50,48.0,2e2]},"bbox":[11.5,48,11.5,48],\
            "links":[{"rel":"self","href":"s"},{"rel":"license","href":"l"},{"rel":"collection","href":"c"},\
            {"rel":"derived_from","href":"d","x":null}],"collection":"a",\
            "properties":{"zeta":1,"datetime":"2024-01-01T12:00:00.000Z","alpha":"\\u00e9\\n","deep":{"x":[{}]}},\
            "assets":{"b":{"href":"b"},"a":{"href":"a","roles":["data"]}}}
            """.replacing("\\u0001", with: "")
        let written = try put(Array(text.utf8)).item
        #expect(written.id == "ä/öé")
        let read = try catalogue.item(id: "ä/öé", in: "a")
        #expect(read == written)
        let expected = text.replacing(#"{"rel":"self","href":"s"},"#, with: "")
            .replacing(#"{"rel":"collection","href":"c"},"#, with: "")
        #expect(String(decoding: read.json, as: UTF8.self) == expected)
        #expect(String(decoding: read.json[..<read.linksOffset], as: UTF8.self).hasSuffix(#""links":["#))
    }

    @Test("get a collection and links where they have none")
    func additions() throws {
        let text = Samples.item("x").replacing(#""links":[],"#, with: #""links":[{"rel":"root","href":"/"}],"#)
        let item = try put(Array(text.utf8)).item
        #expect(try JSONValue(parsing: item.json)["collection"] == "a")
        #expect(try JSONValue(parsing: item.json)["links"] == [])
        #expect(item.json[item.linksOffset] == UInt8(ascii: "]"))
    }

    @Test(
        "are refused with path and reason",
        arguments: [
            (#""2024-01-01T12:00:00Z""#, #""yesterday""#, "properties.datetime: "),
            (#""stac_version":"1.0.0","#, "", "stac_version: "),
            (#"[11.0,48]"#, #"[11.0]"#, "geometry"),
            (#""assets":{}"#, #""assets":[]"#, "assets: "),
        ])
    func invalid(old: String, new: String, path: String) throws {
        let text = Samples.item("x").replacing(old, with: new)
        #expect(text != Samples.item("x"))
        let error = try #require(catalogueError { try put(Array(text.utf8)) })
        #expect(error.code == .invalid && error.message.hasPrefix(path), "\(error.message)")
        #expect(try catalogue.ids() == [])
    }

    @Test("must be JSON, and have the id that they are written under")
    func notJSON() throws {
        #expect(catalogueError { try put(Array("{".utf8)) }?.code == .invalid)
        let error = try #require(catalogueError { try put(Samples.bytes("x"), id: "y") })
        #expect(error.code == .invalid && error.message.hasPrefix("id: "))
    }

    @Test("are all created together or none of them")
    func createItems() throws {
        try catalogue.createItems([], in: "a")
        try catalogue.createItems([Samples.bytes("x"), Samples.bytes("y")], in: "a")
        let last = try catalogue.status().lastSequence

        let taken = catalogueError {
            try catalogue.createItems([Samples.bytes("z"), Samples.bytes("y"), Samples.bytes("x")], in: "a")
        }
        #expect(taken?.code == .itemExists && taken?.itemID == "y")
        #expect(taken?.message.contains(#""y", "x""#) == true)

        let invalid = catalogueError {
            try catalogue.createItems(
                [Samples.bytes("z"), Array(Samples.item("w").replacing("48", with: "98").utf8)], in: "a")
        }
        #expect(invalid?.code == .invalid && invalid?.message.hasPrefix("features[1]: ") == true)

        let twice = catalogueError { try catalogue.createItems([Samples.bytes("z"), Samples.bytes("z")], in: "a") }
        #expect(twice?.code == .invalid && twice?.message.hasPrefix("features[1]: id: ") == true)

        #expect(try catalogue.ids() == ["x", "y"])
        #expect(try catalogue.status().lastSequence == last)
    }

    @Test("are found by the next search")
    func readYourWrites() throws {
        for number in 0..<40 {
            try catalogue.put(Samples.bytes("x", day: number % 28 + 1, cloud: Double(number)))
            try catalogue.put(Samples.bytes("y-\(number)", cloud: Double(number)))
            let cloud = try Expression(text: "eo:cloud_cover = \(number)")
            #expect(try catalogue.ids(SearchRequest(filter: cloud)) == ["x", "y-\(number)"])
            #expect(try catalogue.search(SearchRequest(limit: 1)).matched == number + 2)
            if number % 7 == 0 { try catalogue.compact() }
        }
        try catalogue.deleteItem(id: "x", in: "a", ifMatch: nil)
        #expect(try catalogue.search(SearchRequest(ids: ["x"])).matched == 0)
        #expect(try catalogue.verify() == [])
    }

    @Test("of thousands of parallel writers and searchers are neither lost nor doubled")
    func parallel() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<4 {
                group.addTask { [catalogue] in
                    for number in 0..<60 {
                        try catalogue.put(Samples.bytes("\(writer)-\(number % 40)", cloud: Double(number)))
                        let found = try catalogue.search(SearchRequest(ids: ["\(writer)-\(number % 40)"]))
                        #expect(
                            found.matched == 1 && found.items.count == 1,
                            "\(found.matched) \(found.items.count) \(writer) \(number)")
                    }
                }
            }
            group.addTask { [catalogue] in for _ in 0..<20 { try catalogue.compact() } }
            group.addTask { [catalogue] in
                for _ in 0..<20 { try catalogue.purge(through: catalogue.status().lastSequence) }
            }
            try await group.waitForAll()
        }
        #expect(try catalogue.ids().count == 160)
        #expect(try catalogue.verify() == [])
    }

    @Test("that change between the index and the store leave no gap on a page")
    func purgedUnderSearch() throws {
        try catalogue.createItems((0..<20).map { Samples.bytes("x-\($0)") }, in: "a")
        let other = try CatalogueEngine(home: folder.home, index: .none)
        for number in 0..<20 { try other.put(Samples.bytes("x-\(number)", cloud: 77)) }
        // Of what this index still names, nothing is left in the store.
        try other.purge(through: other.status().lastSequence)
        let page = try catalogue.search(SearchRequest(limit: 20))
        #expect(page.items.count == 20 && page.matched == 20)
        #expect(
            try page.items.allSatisfy { item in
                try JSONValue(parsing: item.json)["properties"]?["eo:cloud_cover"]?.double == 77
            })
    }
}
