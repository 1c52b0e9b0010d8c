import CatalogueSQLite
import JSON
import Synchronization
import TestKit
import Testing

@testable import Catalogue

@Suite("Writes at the same time") struct LostUpdateTests {
    let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    @Test("of one version: exactly one of two hundred wins, in every round")
    func conditionalPuts() async throws {
        let catalogue = try CatalogueEngine(home: folder.home)
        try catalogue.putCollection("a")
        var current = try catalogue.putItem(
            Samples.bytes("i", cloud: 0), id: nil, in: "a", .create, ifMatch: nil
        ).item
        for round in 1...3 {
            let expected = current.sequence
            let outcomes = await withTaskGroup(of: Result<EncodedItem, any Error>.self) { group in
                for writer in 1...200 {
                    group.addTask {
                        Result {
                            try catalogue.putItem(
                                Samples.bytes("i", cloud: Double(writer), extra: ",\"round\":\(round)"), id: "i",
                                in: "a", .replace, ifMatch: expected
                            ).item
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            let winners = outcomes.compactMap { try? $0.get() }
            #expect(winners.count == 1)
            for case .failure(let error) in outcomes {
                #expect((error as? CatalogueError)?.code == .preconditionFailed)
            }
            current = try catalogue.item(id: "i", in: "a")
            #expect(winners == [current])
            #expect(current.sequence > expected)
        }
    }

    @Test("by patches without a condition: none is lost")
    func patches() async throws {
        let catalogue = try CatalogueEngine(home: folder.home)
        try catalogue.putCollection("a")
        _ = try catalogue.putItem(Samples.bytes("i"), id: nil, in: "a", .create, ifMatch: nil)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<40 {
                group.addTask {
                    let patch: JSONObject = ["properties": .object(["p\(writer)": .init(writer)])]
                    _ = try catalogue.patchItem(patch, id: "i", in: "a", ifMatch: nil)
                    _ = try catalogue.patchCollection(
                        ["summaries": .object(["p\(writer)": [1]])], id: "a", ifMatch: nil)
                }
            }
            try await group.waitForAll()
        }
        let item = try JSONValue(parsing: catalogue.item(id: "i", in: "a").json)
        let collection = try JSONValue(parsing: #require(try catalogue.collection(id: "a")).body)
        for writer in 0..<40 {
            #expect(item["properties"]?["p\(writer)"]?.int == writer)
            #expect(collection["summaries"]?["p\(writer)"] == [1])
        }
    }
}
