import CatalogueSQLite
import InMemoryLogging
import Logging
import STACAPI
import SearchIndex
import ServiceLifecycle
import Synchronization
import TestKit
import Testing

@testable import Catalogue

@Suite("The keeper of a catalogue") struct CatalogueKeeperTests {
    let folder: TemporaryDirectory
    private let handler = InMemoryLogHandler()

    init() throws { folder = try TemporaryDirectory() }

    /// Of the turns that a keeper asks for.
    private final class Turns: Sendable {
        let count = Atomic(0)
        let isOurs = Atomic(false)
    }

    /// Runs a keeper beside `body`, then asks it to stop.
    private func withKeeper(
        of catalogue: CatalogueEngine, roundsBeforePurge: Int = 1_000_000,
        turn: @escaping UpkeepTurn = CatalogueMaintenance.everyTurn, _ body: () async throws -> Void
    ) async throws {
        let logger = Logger(label: "test") { [handler] _ in handler }
        let keeper = CatalogueMaintenance(
            engine: catalogue, logger: logger, pace: .milliseconds(2), roundsBeforePurge: roundsBeforePurge,
            warmUpByteCount: 1 << 20, turn: turn)
        let services = ServiceGroup(services: [keeper], logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await services.run() }
            try await body()
            await services.triggerGracefulShutdown()
            try await group.waitForAll()
        }
    }

    @Test("follows what other processes write, and saves it when it stops")
    func follows() async throws {
        do {
            let catalogue = try folder.catalogue()
            let other = try CatalogueEngine(home: folder.home, index: .none)
            try await withKeeper(of: catalogue) {
                for number in 0..<20 {
                    try other.put(Samples.bytes("x", cloud: Double(number)))
                    try other.put(Samples.bytes("y-\(number)"))
                    let last = try other.status().lastSequence
                    try await waitUntil("The index does not follow") { try catalogue.status().indexedSequence >= last }
                    #expect(try catalogue.ids().count == number + 2)
                }
            }
        }
        #expect(handler.entries.filter { $0.level >= .warning }.isEmpty)
        // Nothing was left in memory.
        let store = try SQLiteItemStore(path: folder.path("home/catalogue.sqlite"))
        let index = try ItemIndex(path: folder.path("home/index"), storeID: store.identifier())
        #expect(try index.appliedSequence == store.lastSequence())
    }

    @Test("purges replaced versions, and trains dictionaries")
    func purges() async throws {
        let catalogue = try folder.catalogue()
        try catalogue.createItems((0..<200).map { Samples.bytes("item-\($0)") }, in: "a")
        for number in 0..<100 { try catalogue.put(Samples.bytes("item-\(number)", cloud: 50)) }
        let removed = try catalogue.status().lastSequence
        let before = try catalogue.page()
        try await withKeeper(of: catalogue, roundsBeforePurge: 3) {
            try await waitUntil("Nothing is purged") { try catalogue.store.statistics().purgedSequence >= removed - 1 }
            try await waitUntil("No dictionary") { try catalogue.store.latestDictionary(of: 1) != nil }
        }
        #expect(try catalogue.page() == before)
        #expect(try catalogue.verify() == [])
    }

    @Test("leaves purges and dictionaries to the node whose turn it is") func turns() async throws {
        let catalogue = try folder.catalogue()
        try catalogue.createItems((0..<200).map { Samples.bytes("item-\($0)") }, in: "a")
        for number in 0..<100 { try catalogue.put(Samples.bytes("item-\(number)", cloud: 50)) }
        let removed = try catalogue.status().lastSequence
        func purged() throws -> Int64 { try catalogue.store.statistics().purgedSequence }
        // First it is another node's turn, then this one's until the purge has ended.
        let turns = Turns()
        try await withKeeper(of: catalogue, roundsBeforePurge: 3) { interval, body in
            #expect(interval == .milliseconds(3))
            turns.count.add(1, ordering: .relaxed)
            if turns.isOurs.load(ordering: .relaxed) { await body { true } }
        } _: {
            try await waitUntil("There are no turns") { turns.count.load(ordering: .relaxed) > 5 }
            #expect(try purged() == 0)
            turns.isOurs.store(true, ordering: .relaxed)
            try await waitUntil("Nothing is purged") { try purged() >= removed - 1 }
        }
        #expect(try catalogue.store.latestDictionary(of: 1) == nil)
    }

    @Test("logs a failure without repeating it all the time, and goes on")
    func failure() async throws {
        let catalogue = try folder.catalogue()
        try folder.move("home/index", to: "away")
        try catalogue.createItems((0..<70).map { Samples.bytes("item-\($0)") }, in: "a")
        try await withKeeper(of: catalogue, roundsBeforePurge: 1) {
            try await waitUntil("No failure is logged") {
                handler.entries.contains { $0.message == "Catalogue upkeep failed" }
            }
            let count = handler.entries.count
            let purged = try catalogue.store.statistics().purgedSequence
            try catalogue.put(Samples.bytes("item-1", cloud: 2))
            try await waitUntil("The purge does not go on") { try catalogue.store.statistics().purgedSequence > purged }
            #expect(handler.entries.count <= count + 10)
            try folder.move("away", to: "home/index")
            try await waitUntil("The index is not saved") {
                try folder.files(in: "home/index").contains("manifest.json")
            }
        }
        #expect(try catalogue.ids().count == 70)
    }

    @Test("stops when its task is cancelled")
    func cancellation() async throws {
        let catalogue = try folder.catalogue()
        let keeper = CatalogueMaintenance(engine: catalogue, logger: Logger(label: "test") { [handler] _ in handler })
        let task = Task { try await keeper.run() }
        task.cancel()
        try await task.value
        #expect(try folder.files(in: "home/index").contains("manifest.json"))
    }
}
