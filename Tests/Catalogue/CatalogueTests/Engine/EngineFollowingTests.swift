import CatalogueSQLite
import Foundation
import ItemInput
import JSON
import STACAPI
import Synchronization
import TestKit
import Testing

@testable import Catalogue

@Suite("Several processes on one catalogue") struct EngineFollowingTests {
    let folder: TemporaryDirectory
    let owner: CatalogueEngine

    init() throws {
        folder = try TemporaryDirectory()
        owner = try folder.catalogue()
    }

    @Test("have one owner of the index")
    func oneOwner() throws {
        #expect(catalogueError { try CatalogueEngine(home: folder.home) }?.code == .storeBusy)
        let second = try CatalogueEngine(home: folder.home, index: .ifFree)
        #expect(owner.ownsIndex && !second.ownsIndex)
        #expect(catalogueError { try second.search(SearchRequest()) }?.code == .storeBusy)
        #expect(catalogueError { try second.queryables(collection: nil) }?.code == .storeBusy)
        #expect(catalogueError { try second.reindex() }?.code == .storeBusy)
        try second.put(Samples.bytes("x"))
        #expect(try second.item(id: "x", in: "a").id == "x")
        #expect(try second.status().collections == [.init(id: "a", itemCount: 1)])
        #expect(try second.verify() == [])
    }

    @Test("say at once whether searches lag, also while changes are being followed, and never ask the store for it")
    func searchDelay() throws {
        let number = try owner.requireCollection("a").number
        _ = try owner.store.write {
            try $0.insert("unseen", NewBody(frame: [1, 2, 3], dictionary: 0, linksOffset: 0), in: number)
        }
        // A readiness check would wait until the end of a load otherwise.
        owner.following.withLock { _ in #expect(owner.searchDelay() == nil) }
        // As when following has learned of it, and cannot write it.
        let newest = try owner.store.lastSequence()
        owner.lag.withLock { lag in
            lag.ask()
            lag.receive(newest)
        }
        #expect(owner.searchDelay() == nil)
        owner.followingFailure.withLock { $0 = "The disk is full." }
        #expect(owner.searchDelay() == "searches do not see the newest change: The disk is full.")
        try owner.catchUp()
        #expect(owner.searchDelay() == nil)
    }

    @Test("are ready while the store is away for less than the lag that they may have, and then say why they are not")
    func readyLag() throws {
        let now = ContinuousClock.now
        owner.lag.withLock { $0.fail() }
        owner.followingFailure.withLock { $0 = "The catalogue's database cannot be reached." }
        #expect(owner.searchDelay(at: now + .seconds(29)) == nil)
        #expect(owner.searchDelay(atMost: .seconds(10), at: now + .seconds(9)) == nil)
        let reason = "searches may not see what was written in the last 12 seconds"
        #expect(
            owner.searchDelay(atMost: .seconds(10), at: now + .milliseconds(12_100))
                == "\(reason): The catalogue's database cannot be reached.")
        owner.followingFailure.withLock { $0 = nil }
        #expect(owner.searchDelay(atMost: .seconds(10), at: now + .milliseconds(12_100)) == reason)
        #expect(!owner.storeResponds)
        try owner.catchUp()
        #expect(owner.storeResponds)
        #expect(owner.searchDelay(atMost: .seconds(10), at: now + .seconds(9)) == nil)
    }

    @Test("say that Collections cannot be read once they have tried")
    func collectionFailure() throws {
        owner.checkCollections()
        #expect(owner.collectionFailure() == nil)
        try folder.execute("UPDATE collection SET id = 'b'", in: "home/catalogue.sqlite")
        let other = try CatalogueEngine(home: folder.home, index: .none)
        #expect(other.collectionFailure() == nil)
        other.checkCollections()
        #expect(other.collectionFailure() == "the store of the catalogue cannot be read")
    }

    @Test("pass the index on when its owner ends")
    func newOwner() throws {
        let other = try TemporaryDirectory()
        for round in 0..<5 {
            try other.withCatalogue { catalogue in
                if round == 0 { try catalogue.putCollection("a") }
                try catalogue.put(Samples.bytes("\(round)"))
                #expect(try catalogue.ids().count == round + 1)
            }
        }
    }

    @Test("let a server search beside a command that keeps the index, and own the index afterwards")
    func takeOver() throws {
        let other = try TemporaryDirectory()
        let home = other.home
        var command: CatalogueEngine? = try CatalogueEngine(home: home, index: .ifFree)
        try command?.putCollection("a")
        try command?.put(Samples.bytes("written"))
        try command?.compact()
        try command?.put(Samples.bytes("in memory"))
        var isWaiting = false
        let server = try CatalogueEngine(home: home, index: .permanent) { isWaiting = true }
        #expect(isWaiting && !server.ownsIndex)
        #expect(try server.ids() == ["in memory", "written"])
        #expect(catalogueError { try CatalogueEngine(home: home, index: .permanent) }?.code == .storeBusy)
        // It follows the command, and the command it.
        try command?.put(Samples.bytes("later"))
        try server.put(Samples.bytes("by the server"))
        #expect(try server.takeOverIndex() == false)
        #expect(try server.ids() == ["by the server", "in memory", "later", "written"])
        try command?.compact()
        #expect(try server.takeOverIndex() == false)
        #expect(command?.ownsIndex == true)
        command = nil
        #expect(try server.takeOverIndex() && server.ownsIndex)
        #expect(try server.ids() == ["by the server", "in memory", "later", "written"])
        #expect(server.searchDelay() == nil)
        try server.put(Samples.bytes("last"))
        try server.compact()
        #expect(try server.verify() == [])
        #expect(catalogueError { try CatalogueEngine(home: home, index: .permanent) }?.code == .storeBusy)
    }

    @Test("let a server read what a long load has written to the index, instead of following it in memory")
    func reload() async throws {
        let other = try TemporaryDirectory()
        let loader = try CatalogueEngine(home: other.home, index: .ifFree)
        try loader.putCollection("a")
        try loader.put(Samples.bytes("first"))
        try loader.compact()
        let server = try CatalogueEngine(home: other.home, index: .permanent, followedInMemory: 100)
        try loader.createItems(Samples.items(0..<200).map { Array($0.utf8) }, in: "a")
        try server.catchUp()
        #expect(try server.ids() == ["first"])
        #expect(server.searchDelay() != nil)
        try loader.compact()
        #expect(try server.takeOverIndex() == false)
        try server.catchUp()
        #expect(try server.ids().count == 201 && server.searchDelay() == nil)
    }

    @Test("see each other's writes", arguments: [CatalogueEngine.IndexUse.none, .ifFree])
    func foreignWrites(use: CatalogueEngine.IndexUse) throws {
        let other = try CatalogueEngine(home: folder.home, index: use)
        try other.put(Samples.bytes("theirs"))
        #expect(try owner.ids() == [])
        #expect(try owner.item(id: "theirs", in: "a").id == "theirs")
        try owner.catchUp()
        #expect(try owner.ids() == ["theirs"])
        try other.putCollection("b")
        try other.put(Samples.bytes("x"), in: "b")
        try owner.put(Samples.bytes("ours"))
        #expect(try owner.ids() == ["ours", "theirs", "x"])
        try other.deleteCollection(id: "b", ifMatch: nil)
        try other.deleteItem(id: "ours", in: "a", ifMatch: nil)
        try owner.catchUp()
        #expect(try owner.ids() == ["theirs"])
        #expect(try owner.verify() == [])
    }

    @Test("find Items of which several versions came at once")
    func versionsTogether() throws {
        let other = try CatalogueEngine(home: folder.home, index: .none)
        for round in 0..<3 {
            for number in 0..<70 { try other.put(Samples.bytes("x-\(number)", cloud: Double(round))) }
        }
        try owner.catchUp()
        for number in 0..<70 { #expect(try owner.ids(SearchRequest(ids: ["x-\(number)"])) == ["x-\(number)"]) }
        #expect(try owner.ids(SearchRequest(ids: ["x-", "x-07", "y", ""])) == [])
    }

    @Test("load and write at the same time", arguments: [CatalogueEngine.IndexUse.none, .ifFree])
    func foreignLoad(use: CatalogueEngine.IndexUse) async throws {
        let other = try CatalogueEngine(home: folder.home, index: use)
        let path = try folder.write(lines: Samples.items(0..<9000), to: "a.ndjson")
        var written = 0
        _ = try await other.load(
            ItemInput(paths: [path]), into: "a",
            onProgress: { [owner] _ in
                #expect(throws: Never.self) { try owner.put(Samples.bytes("ours-\(written)")) }
                written += 1
            })
        try owner.catchUp()
        #expect(written > 1)
        #expect(try owner.ids().count == 9000 + written)
        #expect(try owner.verify() == [])
    }

    @Test("write while the owner loads")
    func loadWithForeignWrites() async throws {
        let other = try CatalogueEngine(home: folder.home, index: .none)
        let path = try folder.write(lines: Samples.items(0..<9000), to: "a.ndjson")
        var written = 0
        let report = try await owner.loadInSmallPieces(
            path,
            onProgress: { _ in
                // Between two transactions of the load, so that it cannot hand its own to the index any more.
                #expect(throws: Never.self) { try other.put(Samples.bytes("theirs-\(written)")) }
                written += 1
            })
        #expect(report.created == 9000)
        #expect(try owner.search(SearchRequest(limit: 0)).matched == 9000 + written)
        #expect(try owner.verify() == [])
    }

    @Test("do not disturb a load that others follow")
    func loadWithFollower() async throws {
        let path = try folder.write(lines: Samples.items(0..<9000), to: "a.ndjson")
        let report = try await owner.loadInSmallPieces(
            path,
            // As a keeper in the same process does.
            onProgress: { [owner] _ in #expect(throws: Never.self) { try owner.catchUp() } })
        #expect(report.created == 9000)
        #expect(try owner.search(SearchRequest(limit: 0)).matched == 9000)
        #expect(try owner.verify() == [])
    }

    @Test("remove the Collection that is being loaded")
    func removedUnderLoad() async throws {
        let other = try CatalogueEngine(home: folder.home, index: .none)
        let path = try folder.write(lines: Samples.items(0..<9000), to: "a.ndjson")
        func remove() {
            #expect(throws: Never.self) {
                try other.deleteCollection(id: "a", ifMatch: nil)
                try other.putCollection("a")
            }
        }
        let error = await #expect(throws: CatalogueError.self) {
            _ = try await owner.load(ItemInput(paths: [path]), into: "a", onProgress: { _ in remove() })
        }
        #expect(error?.code == .noSuchCollection)
        #expect(try owner.ids() == [])
        #expect(try owner.verify() == [])
    }
}
