import CatalogueSQLite
import TestKit
import Testing

@testable import Catalogue

@Suite("Keys of recent Items") struct RecentKeysTests {
    @Test("are told apart by their bytes and collections")
    func keys() {
        let keys = RecentKeys()
        let ids = ["\u{e9}", "e\u{301}", "e"]
        for (sequence, id) in ids.enumerated() {
            for collection in [Int64(1), 2] {
                keys.insert(Int64(sequence) + 10 * collection, of: id, in: collection, generation: 0)
            }
        }
        #expect(ids.map { keys.find($0, in: 1).sequence } == [10, 11, 12])
        #expect(ids.map { keys.find($0, in: 2).sequence } == [20, 21, 22])
        #expect(keys.find("x", in: 1).sequence == nil)
        #expect(keys.find("e", in: 3).sequence == nil)
    }

    @Test("are forgotten when something is written, also by those who read before and come after")
    func writes() {
        let keys = RecentKeys()
        let before = keys.find("a", in: 1).generation
        keys.insert(7, of: "a", in: 1, generation: before)
        keys.removeAll()
        #expect(keys.find("a", in: 1).sequence == nil)
        keys.insert(7, of: "a", in: 1, generation: before)
        #expect(keys.find("a", in: 1).sequence == nil)
        keys.follow(8)
        let now = keys.find("a", in: 1).generation
        keys.insert(8, of: "a", in: 1, generation: now)
        keys.follow(8)
        #expect(keys.find("a", in: 1).sequence == 8)
        keys.follow(9)
        #expect(keys.find("a", in: 1).sequence == nil)
    }

    @Test("never give a replaced Item, whoever replaces it")
    func replaced() throws {
        let folder = try TemporaryDirectory()
        let catalogue = try CatalogueEngine(home: folder.home)
        let other = try CatalogueEngine(home: folder.home, index: .none)
        try catalogue.putCollection("a")
        var sequences: [Int64] = []
        for round in 0..<6 {
            let writer = round % 2 == 0 ? catalogue : other
            let text = Samples.bytes("i", cloud: Double(round))
            _ = try writer.putItem(text, id: nil, in: "a", .upsert, ifMatch: nil)
            if round % 2 == 1 { try catalogue.catchUp() }
            for _ in 0..<2 { sequences.append(try catalogue.item(id: "i", in: "a").sequence) }
        }
        #expect(Set(sequences).count == 6)
        try catalogue.deleteItem(id: "i", in: "a", ifMatch: nil)
        #expect(catalogueError { try catalogue.item(id: "i", in: "a") }?.code == .noSuchItem)
    }
}
